/** Keeps the heap of node small: the probe has some 10 MB of objects, and node would let garbage grow to over 100 MB before it collects it. */
import { setFlagsFromString } from 'node:v8';

/** Where node is started for the probe alone: in the unit, and in the first line of its file. */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2', '--max-old-space-size=96'];

/**
 * What node still takes once it runs, which the sizes of `NODE_FLAGS` are not: for whoever starts the probe without them. Space for new
 * objects does not grow, and collecting is preferred to speed.
 */
const RUNNING_FLAGS = ['--semi-space-growth-factor=1', '--optimize-for-size'] as const;

/** Call it first: what has grown does not shrink. It is of the process, and so only for a process that is the probe. */
export function keepHeapSmall(): void {
  for (const flag of RUNNING_FLAGS) setFlagsFromString(flag);
}
