/** What an archive has of live samples. */
import { describe, expect, it } from 'vitest';
import { archiveWith } from '../../../core/recordings/archive.ts';
import { planFor } from '../../../core/recordings/retention.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aProcess } from '../../fixtures/recordings.ts';

const partOf = (name: string, kept: readonly { time: number; data?: number; stack?: number; resident?: number }[]) => ({
  name,
  live: [{ host: 'web-1', process: aProcess(), kept }],
});

const onlyHours = (archive: ReturnType<typeof archiveWith>) => archive.hours.map(({ kept }) => kept);

describe('an archive', () => {
  it('has the least and the greatest of an hour, and the sum of data and stack of each sample', () => {
    const part = partOf('a', [
      { time: NOON, data: 10, stack: 1 },
      { time: NOON + MINUTE, data: 2, stack: 8, resident: 5 },
      { time: NOON + HOUR, data: 3 },
    ]);

    expect(onlyHours(archiveWith(undefined, [part]))).toEqual([
      [
        {
          hour: NOON,
          samples: 2,
          data: { min: 2, max: 10 },
          stack: { min: 1, max: 8 },
          used: { min: 10, max: 11 },
          resident: { min: 5, max: 5 },
        },
        { hour: NOON + HOUR, samples: 1, data: { min: 3, max: 3 } },
      ],
    ]);
  });

  it('joins data and stack that came in different parts, and counts what came twice once', () => {
    const parts = [
      partOf('a', [{ time: NOON, data: 10 }]),
      partOf('b', [{ time: NOON, stack: 2 }]),
      partOf('c', [{ time: NOON, data: 10 }]),
    ];

    expect(onlyHours(archiveWith(undefined, parts))).toMatchObject([[{ samples: 1, used: { min: 12, max: 12 } }]]);
  });

  it('takes what came late and keeps what it had, and no part twice', () => {
    const first = archiveWith(undefined, [partOf('a', [{ time: NOON, data: 10 }])]);
    const late = partOf('b', [
      { time: NOON + MINUTE, data: 4 },
      { time: NOON - HOUR, data: 1 },
    ]);

    const second = archiveWith(first, [partOf('a', [{ time: NOON, data: 10 }]), late]);

    expect(second.parts).toEqual(['a', 'b']);
    expect(onlyHours(second)).toEqual([
      [
        { hour: NOON - HOUR, samples: 1, data: { min: 1, max: 1 } },
        { hour: NOON, samples: 2, data: { min: 4, max: 10 } },
      ],
    ]);
    expect(archiveWith(second, [late])).toEqual(second);
  });
});

describe('the plan for a host', () => {
  const days = (...names: string[]) => names.map((day) => ({ day, parts: 1 }));

  it('archives a day when the newest sample is a day past its end', () => {
    const host = { host: 'web-1', liveDays: days('2026-11-17', '2026-11-18', '2026-11-19'), archivedDays: [] };
    const end = Date.UTC(2026, 10, 20);

    expect(planFor(host, end - 1).archive).toEqual(['2026-11-17']);
    expect(planFor(host, end).archive).toEqual(['2026-11-17', '2026-11-18']);
  });

  it('purges a day a month after its end, but never the newest, and none with live samples', () => {
    const host = {
      host: 'web-1',
      liveDays: days('2026-10-02'),
      archivedDays: ['2026-10-01', '2026-10-02', '2026-10-03'],
    };

    expect(planFor(host, Date.UTC(2026, 10, 2) - 1).purge).toEqual([]);
    expect(planFor(host, Date.UTC(2026, 10, 2)).purge).toEqual(['2026-10-01']);
    expect(planFor(host, Date.UTC(2027, 10, 2)).purge).toEqual(['2026-10-01']);
  });

  it('merges many parts of a day that is neither archived nor about to be', () => {
    const many = (day: string) => ({ day, parts: 25 });
    const liveDays = [many('2026-11-10'), many('2026-11-19'), { day: '2026-11-20', parts: 24 }];

    expect(planFor({ host: 'web-1', liveDays, archivedDays: [] }, NOON).merge).toEqual(['2026-11-19']);
    expect(planFor({ host: 'web-1', liveDays, archivedDays: ['2026-11-19'] }, NOON).merge).toEqual([]);
  });
});
