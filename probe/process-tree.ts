/** Processes that are followed from sweep to sweep: by pid, by name, and with those that they start. */
import { matchesGlob } from './glob.ts';
import type { ProcessSample } from './process-sample.ts';

/** Which processes, by all of the fields that are given. As recordings have it (`ProcessRule` in core/model/recording.ts). */
export interface FollowedRule {
  /** `*` stands for any text and `?` for one character. */
  readonly name?: string;
  readonly pid?: number;
  /** Whether what they start, and what that starts, belongs to them. */
  readonly tree?: boolean;
}

export interface ProcessTree {
  /**
   * Those of a sweep that belong to the tree, the root first, then by pid. Call it with every sweep in order: a process whose parent has
   * ended belongs to it where an earlier sweep has seen it there. One that was started and lost its parent between two sweeps does not.
   */
  membersOf(sweep: readonly ProcessSample[]): readonly ProcessSample[];
}

/**
 * A process, those that it started, and those that they started.
 *
 * @param root Its pid.
 * @param startedAt When the root started, where that is known: epoch milliseconds. Otherwise whatever has the pid in the first sweep that
 *   has it is the root, and a later process of the same pid is not.
 */
export function createProcessTree(root: number, startedAt?: number): ProcessTree {
  const { membersOf } = followProcesses({ pid: root, tree: true }, startedAt);
  return {
    membersOf: (sweep) =>
      membersOf(sweep).toSorted((a, b) => Number(b.pid === root) - Number(a.pid === root) || a.pid - b.pid),
  };
}

/**
 * What a rule selects. A rule of a pid means the process that has it first: not a later one of the same pid.
 *
 * @param startedAt Of the process of the rule's pid, where that is known.
 */
export function followProcesses(rule: FollowedRule, startedAt?: number): ProcessTree {
  let rootStart = startedAt;
  // Start by pid, of those that the last sweep had: what has ended is forgotten, so that it does not grow.
  let members = new Map<number, number>();
  const isRoot = ({ pid, name, startedAt: start }: ProcessSample) =>
    (rule.pid === undefined || (pid === rule.pid && start === rootStart)) &&
    (rule.name === undefined || matchesGlob(rule.name, name));
  return {
    membersOf(sweep) {
      if (rule.pid !== undefined) rootStart ??= sweep.find(({ pid }) => pid === rule.pid)?.startedAt;
      const roots = sweep.filter((process) => isRoot(process) || members.get(process.pid) === process.startedAt);
      if (rule.tree !== true) return roots.filter(isRoot);
      const all = withChildren(roots, sweep);
      members = new Map(all.map((process) => [process.pid, process.startedAt]));
      return all;
    },
  };
}

/** Breadth first, each once. */
function withChildren(roots: readonly ProcessSample[], sweep: readonly ProcessSample[]): ProcessSample[] {
  const byParent = new Map<number, ProcessSample[]>();
  for (const process of sweep) {
    const children = byParent.get(process.ppid);
    if (children === undefined) byParent.set(process.ppid, [process]);
    else children.push(process);
  }
  const all = new Set(roots);
  for (const parent of all) {
    for (const child of byParent.get(parent.pid) ?? []) {
      // Older than its parent: Windows keeps the parent's pid, which another process may have by now.
      if (child.startedAt >= parent.startedAt) all.add(child);
    }
  }
  return [...all];
}
