/** A process, those that it started, and those that they started. */
import type { ProcessSample } from './process-sample.ts';

export interface ProcessTree {
  /**
   * Those of a sweep that belong to the tree, the root first, then by pid. Call it with every sweep in order: a process whose parent has
   * ended belongs to it where an earlier sweep has seen it there. One that was started and lost its parent between two sweeps does not.
   */
  membersOf(sweep: readonly ProcessSample[]): readonly ProcessSample[];
}

/**
 * @param root Its pid.
 * @param startedAt When the root started, where that is known: epoch milliseconds. Otherwise whatever has the pid in the first sweep that
 *   has it is the root, and a later process of the same pid is not.
 */
export function createProcessTree(root: number, startedAt?: number): ProcessTree {
  let rootStart = startedAt;
  // Start by pid, of those that the last sweep had: what has ended is forgotten, so that it does not grow.
  let members = new Map<number, number>();
  return {
    membersOf(sweep) {
      rootStart ??= sweep.find(({ pid }) => pid === root)?.startedAt;
      const found = sweep.filter(
        (process) =>
          members.get(process.pid) === process.startedAt || (process.pid === root && process.startedAt === rootStart),
      );
      const all = withChildren(found, sweep);
      members = new Map(all.map((process) => [process.pid, process.startedAt]));
      return all.toSorted((a, b) => Number(b.pid === root) - Number(a.pid === root) || a.pid - b.pid);
    },
  };
}

/** Breadth first, each once. */
export function withChildren(roots: readonly ProcessSample[], sweep: readonly ProcessSample[]): ProcessSample[] {
  const byParent = Map.groupBy(sweep, ({ ppid }) => ppid);
  const all = new Set(roots);
  for (const parent of all) {
    for (const child of byParent.get(parent.pid) ?? []) {
      // Older than its parent: Windows keeps the parent's pid, which another process may have by now.
      if (child.startedAt >= parent.startedAt) all.add(child);
    }
  }
  return [...all];
}
