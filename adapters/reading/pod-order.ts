/** The pods of one host whose samples are read. Pure, and shared by all sources of containers. */
import type { PodContainer } from './workloads.ts';

/** Of a workload that is rolled out more often within one window the oldest pods are left out. */
const MOST_PODS = 32;

/** A label of a host: how many of its pods are not read because there are newer ones. */
const OLDER_PODS = 'plimsoll.pods_left_out';

/**
 * The newest first: of two that are live the one that was not there an hour before, then those that have gone, the last one first.
 *
 * @param lastSeen Epoch milliseconds; where nobody knows, 0.
 */
export function newestFirst<Container extends PodContainer>(
  containers: readonly Container[],
  lastSeen: (container: Container) => number = () => 0,
): Container[] {
  return containers.toSorted(
    (a, b) =>
      ageOrder(a) - ageOrder(b) || order(lastSeen(b), lastSeen(a)) || (a.pod < b.pod ? -1 : Number(a.pod > b.pod)),
  );
}

/** Times may be infinite, of which there is no difference. */
function order(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

function ageOrder({ presence }: PodContainer): number {
  if (presence?.atEnd === true) return presence.hourBefore ? 1 : 0;
  return presence?.hourBefore === true ? 2 : 3;
}

/** @param keys Of the pods, the newest first, with repetitions. */
export function podsRead(keys: readonly string[]): {
  readonly pods: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
} {
  const all = [...new Set(keys)];
  const leftOut = all.length - MOST_PODS;
  return { pods: all.slice(0, MOST_PODS), labels: leftOut > 0 ? { [OLDER_PODS]: String(leftOut) } : {} };
}
