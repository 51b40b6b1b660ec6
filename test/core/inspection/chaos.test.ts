/** Functions that may be killed at any call. test/acceptance/local has a region of 50,000 hosts. */
import { describeChaos } from './chaos-region.ts';

/** Functions are killed so often that one alone comes to the end of its time, and is killed before it sends its continuation. */
const SMALL = { seed: 3, pageMs: 60, requestMs: 70, never: ['queue.send after'] };

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
  { region: 'of six shards whose hosts change', ...SMALL, sizes: [6_000, 5_500, 6_040], least: 5_500, shards: 6 },
]);
