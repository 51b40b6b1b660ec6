/** Large regions, inspected by functions that may be killed at any call: more lanes and shards than `npm test` has time for. */
import { describeChaos } from '../../core/inspection/chaos-region.ts';

describeChaos([
  {
    // One shard more than one lane takes.
    region: 'of two lanes',
    seed: 7,
    pageMs: 25,
    requestMs: 50,
    never: [],
    sizes: [11_000],
    least: 11_000,
    shards: 11,
  },
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
