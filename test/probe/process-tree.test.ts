import { describe, expect, it } from 'vitest';
import type { ProcessSample } from '../../probe/process-sample.ts';
import { createProcessTree } from '../../probe/process-tree.ts';

const running = (pid: number, ppid: number, startedAt = pid * 1000): ProcessSample => ({
  pid,
  ppid,
  name: `p${pid}`,
  startedAt,
  resident: 1,
});
const pidsOf = (processes: readonly ProcessSample[]) => processes.map(({ pid }) => pid);

describe('the tree of a process', () => {
  it('has the process first, its children and theirs, and nobody else', () => {
    const tree = createProcessTree(20);
    const sweep = [running(1, 0), running(30, 20), running(25, 20), running(40, 30), running(20, 1), running(50, 1)];
    expect(pidsOf(tree.membersOf(sweep))).toEqual([20, 25, 30, 40]);
  });

  it('keeps a child whose parent has ended, and what the child starts later', () => {
    const tree = createProcessTree(20);
    tree.membersOf([running(20, 1), running(30, 20)]);
    expect(pidsOf(tree.membersOf([running(30, 1), running(40, 30)]))).toEqual([30, 40]);
  });

  it('does not take another process of the same pid for the one that it had', () => {
    const tree = createProcessTree(20);
    tree.membersOf([running(20, 1), running(30, 20)]);
    const later = [running(20, 1, 900_000), running(30, 1, 900_000)];
    expect(tree.membersOf(later)).toEqual([]);
  });

  it('takes the first process of the pid, where no start is given', () => {
    const tree = createProcessTree(20);
    expect(tree.membersOf([running(1, 0)])).toEqual([]);
    expect(pidsOf(tree.membersOf([running(20, 1, 5)]))).toEqual([20]);
  });

  it('takes only the process that started when it is stated to have', () => {
    const tree = createProcessTree(20, 7);
    expect(tree.membersOf([running(20, 1, 5)])).toEqual([]);
  });

  it('leaves out a process that is older than the one whose child it seems', () => {
    const tree = createProcessTree(20);
    expect(pidsOf(tree.membersOf([running(20, 1, 5000), running(30, 20, 4000)]))).toEqual([20]);
  });

  it('ends where processes name each other as parents', () => {
    const tree = createProcessTree(20);
    expect(pidsOf(tree.membersOf([running(20, 30, 5), running(30, 20, 5)]))).toEqual([20, 30]);
  });

  it('forgets what has ended', () => {
    const tree = createProcessTree(20);
    tree.membersOf([running(20, 1), running(30, 20)]);
    tree.membersOf([running(20, 1)]);
    expect(pidsOf(tree.membersOf([running(20, 1), running(30, 1)]))).toEqual([20]);
  });
});
