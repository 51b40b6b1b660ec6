/** From the dimension sets of processes, and of their counts, to what is requested. */
import { describe, expect, it } from 'vitest';
import { LINUX_PROCESSES } from '../../../adapters/cloudwatch/metrics.ts';
import { processesOf } from '../../../adapters/cloudwatch/processes.ts';

function set(named: Readonly<Record<string, string>>) {
  return Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
}

const JAVA = set({ InstanceId: 'i-1', exe: '.*', process_name: 'java' });

describe('the looks at processes', () => {
  it('are counted under every way to find processes', () => {
    const ways = ['native', 'pgrep'].map((pid_finder) => set({ InstanceId: 'i-1', exe: '.*', pid_finder }));

    const [java] = processesOf([JAVA], ways, LINUX_PROCESSES, []);

    expect(java?.looks.map(({ dimensions }) => dimensions)).toEqual(ways);
  });

  it('are not counted again under roll-ups', () => {
    const complete = set({ InstanceId: 'i-1', InstanceType: 'm7g.large', exe: '.*', pid_finder: 'native' });
    const rollUp = set({ InstanceId: 'i-1', exe: '.*', pid_finder: 'native' });

    const [java] = processesOf([JAVA], [rollUp, complete], LINUX_PROCESSES, []);

    expect(java?.looks).toEqual([{ metric: LINUX_PROCESSES.looks, dimensions: complete }]);
  });

  it('are not those of another selector', () => {
    const other = set({ InstanceId: 'i-1', exe: 'node', pid_finder: 'native' });

    const [java] = processesOf([JAVA], [other], LINUX_PROCESSES, []);

    expect(java?.looks).toEqual([]);
  });
});

describe('processes', () => {
  it('that a narrower section finds once more are left out beside one that finds all', () => {
    const again = set({ InstanceId: 'i-1', exe: 'java', process_name: 'java' });

    const found = processesOf([again, JAVA], [], LINUX_PROCESSES, []);

    expect(found.map(({ memory }) => memory.dimensions)).toEqual([JAVA]);
    expect(found[0]?.consumer.name).toBe('java');
  });
});
