/** Which samples get into which recordings. */
import { describe, expect, it } from 'vitest';
import { PROCESS_DATA, PROCESS_STACK, PROCESS_SWAP } from '../../../core/model/sample.ts';
import { MEMORY_USAGE, PROCESS_MEMORY } from '../../../core/model/series.ts';
import { matchBatch } from '../../../core/recordings/match.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aBatch, aProcess, aRecording, aSeries } from '../../fixtures/recordings.ts';

const namesOf = (matched: ReturnType<typeof matchBatch>) =>
  matched.flatMap(({ live }) => live.map(({ host, process }) => `${host} ${process.name} ${process.pid}`));

describe('matching a batch', () => {
  it('joins data, stack, resident and swap of one moment into one sample', () => {
    const batch = aBatch([
      aSeries(PROCESS_DATA, [
        [NOON, 10],
        [NOON + MINUTE, 11],
      ]),
      aSeries(PROCESS_STACK, [[NOON + MINUTE, 2]]),
      aSeries(PROCESS_MEMORY, [[NOON, 30]]),
      aSeries(PROCESS_SWAP, [[NOON + MINUTE, 0]]),
    ]);

    expect(matchBatch(batch, [aRecording()])).toEqual([
      {
        of: { tenant: 'acme', id: 'r-aaaaaaaaaaaaaaaa' },
        day: '2026-11-20',
        live: [
          {
            host: 'web-1',
            process: aProcess(),
            kept: [
              { time: NOON, data: 10, resident: 30 },
              { time: NOON + MINUTE, data: 11, stack: 2, swap: 0 },
            ],
          },
        ],
      },
    ]);
  });

  it('keeps what people call a host, which may have a hash for its id', () => {
    const batch = aBatch([aSeries(PROCESS_MEMORY, [[NOON, 1]])], { hosts: [{ id: 'web-1', name: 'shop' }] });

    expect(matchBatch(batch, [aRecording()])).toMatchObject([{ live: [{ host: 'web-1', hostName: 'shop' }] }]);
  });

  it('keeps processes apart that had one pid after another, and days', () => {
    const [before, after] = [aProcess(), aProcess({ startedAt: NOON + HOUR })];
    const batch = aBatch([
      aSeries(PROCESS_MEMORY, [[NOON, 1]], { process: before }),
      aSeries(PROCESS_MEMORY, [[NOON + 13 * HOUR, 2]], { process: after }),
    ]);

    const matched = matchBatch(batch, [aRecording()]);

    expect(matched.map(({ day, live }) => [day, live.map(({ process }) => process)])).toEqual([
      ['2026-11-20', [before]],
      ['2026-11-21', [after]],
    ]);
  });

  it('takes hosts and processes that a rule names, in each recording that wants them', () => {
    const series = [
      aSeries(PROCESS_MEMORY, [[NOON, 1]]),
      aSeries(PROCESS_MEMORY, [[NOON, 1]], { process: aProcess({ name: 'sshd', pid: 7 }) }),
      aSeries(PROCESS_MEMORY, [[NOON, 1]], { host: 'db-1' }),
      { host: 'web-1', metric: MEMORY_USAGE, times: [NOON], values: [1] },
    ];
    const named = { ...aBatch(series), hosts: [{ id: 'web-1' }, { id: 'db-1', labels: { role: 'database' } }] };
    const both = aRecording(
      { id: 'r-bbbbbbbbbbbbbbbb' },
      { hosts: [{ labels: { role: 'data*' } }, { id: 'web-1' }], processes: [{ pid: 7 }, { name: 'ja?a', pid: 100 }] },
    );

    expect(namesOf(matchBatch(named, [aRecording()]))).toEqual(['web-1 java 100']);
    expect(namesOf(matchBatch(named, [both]))).toEqual(['db-1 java 100', 'web-1 java 100', 'web-1 sshd 7']);
    expect(matchBatch(named, [aRecording(), both]).map(({ of }) => of.id)).toEqual([aRecording().id, both.id]);
  });

  it('takes a tree of thousands of processes that are stated to have one pid', () => {
    const processes = Array.from({ length: 5000 }, (_, at) =>
      aProcess({ name: `p-${at}`, pid: 1, parentPid: 1, startedAt: NOON - at }),
    );
    const batch = aBatch(processes.map((process) => aSeries(PROCESS_MEMORY, [[NOON, 1]], { process })));
    const rule = { name: 'p-4999', tree: true };

    expect(namesOf(matchBatch(batch, [aRecording({}, { processes: [rule] })]))).toHaveLength(5000);
  });

  it('takes the tree of a process, and not the children that a pid had before', () => {
    const processes = [
      aProcess({ name: 'make', pid: 1, startedAt: NOON }),
      aProcess({ name: 'cc', pid: 2, parentPid: 1, startedAt: NOON }),
      aProcess({ name: 'ld', pid: 3, parentPid: 2, startedAt: NOON }),
      aProcess({ name: 'older', pid: 4, parentPid: 1, startedAt: NOON - HOUR }),
      aProcess({ name: 'loop', pid: 5, parentPid: 5 }),
    ];
    const batch = aBatch(processes.map((process) => aSeries(PROCESS_MEMORY, [[NOON, 1]], { process })));

    const tree = matchBatch(batch, [aRecording({}, { processes: [{ name: 'make', tree: true }] })]);
    const alone = matchBatch(batch, [aRecording({}, { processes: [{ name: 'make' }] })]);

    expect(namesOf(tree)).toEqual(['web-1 cc 2', 'web-1 ld 3', 'web-1 make 1']);
    expect(namesOf(alone)).toEqual(['web-1 make 1']);
  });

  it('keeps what was sampled while the recording ran, however late it comes', () => {
    const times = [-1, 0, 29, 30, 59, 60].map((minutes) => [NOON + minutes * MINUTE, minutes + 1] as const);
    const batch = aBatch([aSeries(PROCESS_MEMORY, times)], { receivedAt: NOON + 100 * HOUR });
    const minutesOf = (matched: ReturnType<typeof matchBatch>) =>
      matched.flatMap(({ live }) => live.flatMap(({ kept }) => kept.map(({ time }) => (time - NOON) / MINUTE)));

    expect(minutesOf(matchBatch(batch, [aRecording({}, { to: NOON + HOUR })]))).toEqual([0, 29, 30, 59]);
    expect(minutesOf(matchBatch(batch, [aRecording({ stoppedAt: NOON + HOUR / 2 })]))).toEqual([0, 29]);
  });

  it('gives nothing to recordings of other tenants and accounts, and to deleted ones', () => {
    const batch = aBatch([aSeries(PROCESS_MEMORY, [[NOON, 1]])]);
    const others = [
      aRecording({ tenant: 'bolt' }),
      aRecording({}, { account: 'other' }),
      aRecording({ deletedAt: NOON }),
    ];

    expect(matchBatch(batch, others)).toEqual([]);
  });
});
