/** A large region, inspected by functions that may be killed at any call: more lanes and shards than `npm test` has time for. */
import { describeChaos } from '../../core/inspection/chaos-region.ts';

describeChaos([
  {
    region: 'of 50,000 hosts',
    seed: 7,
    pageMs: 25,
    requestMs: 50,
    never: [],
    sizes: [50_000],
    least: 50_000,
    shards: 50,
  },
]);
