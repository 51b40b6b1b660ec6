/** Functions that may be killed at any call. test/acceptance/local has larger regions. */
import { describeChaos } from './chaos-region.ts';

/** Functions are killed so often that one alone comes to the end of its time, and is killed before it sends its continuation. */
const SMALL = { seed: 3, pageMs: 60, requestMs: 70, never: ['queue.send after'] };

describeChaos([
  { region: 'of six shards whose hosts change', ...SMALL, sizes: [6_000, 5_500, 6_040], least: 5_500, shards: 6 },
]);
