/** What a deep read changes in what is kept: learned once a week, kept in between, and rolled back where the one before did better. */
import { describe, expect, it } from 'vitest';
import { advanceRecord } from '../../../core/baselines/advance-record.ts';
import { baselineFacts } from '../../../core/messages/baseline.ts';
import { type HostBaseline, hostBaselineSchema } from '../../../core/model/host-baseline.ts';
import { encoded } from '../../../core/model/notation.ts';
import type { Series } from '../../../core/model/series.ts';
import { aSeries, HOUR, NOON } from '../../fixtures/builders.ts';
import { aBaseline, aHostBaseline } from '../../fixtures/host-baselines.ts';

const DAY = 24 * HOUR;
const KEY = { group: 'web', host: 'i-1' };

/** Days of hours whose level follows the day. */
function aRead(end: number, days = 60, swing = 0.05): Series {
  const hours = days * 24;
  const times = Float64Array.from({ length: hours }, (_, hour) => end - (hours - hour) * HOUR);
  const values = times.map((time) => 0.4 + swing * Math.sin((2 * Math.PI * (time % DAY)) / DAY));
  return { ...aSeries([0]), times, values, periodMs: HOUR, window: { start: end - hours * HOUR, end } };
}

function advance(before: HostBaseline | undefined, read: Series): HostBaseline {
  return advanceRecord({ key: KEY, reads: [read], excluded: [], before, at: read.window.end, weeks: null });
}

const text = (record: HostBaseline) =>
  baselineFacts(record)
    .map(([name, fact]) => `${name}: ${fact}`)
    .join('\n');

describe('what is kept of a host', () => {
  it('is learned by its first deep read, and has at most some KB', () => {
    const record = advance(undefined, aRead(NOON));

    expect(record).toMatchObject({
      ...KEY,
      readAt: NOON,
      previous: null,
      refreshes: [{ at: NOON, due: 'none_yet', outcome: 'replaced' }],
    });
    expect(record.baseline?.season).toHaveLength(168);
    expect(JSON.stringify(encoded(hostBaselineSchema, record)).length).toBeLessThan(3000);
  });

  it('keeps its baseline for a week, and each day how well it did', () => {
    let record = advance(undefined, aRead(NOON));
    for (let day = 1; day < 7; day++) record = advance(record, aRead(NOON + day * DAY));

    expect(record.baseline?.learnedAt).toBe(NOON);
    expect(record.errors).toHaveLength(6);
    expect(record.refreshes).toHaveLength(1);
  });

  it('is learned anew after a week, and keeps the one before', () => {
    const first = advance(undefined, aRead(NOON));

    const record = advance(first, aRead(NOON + 7 * DAY));

    expect(record.baseline?.learnedAt).toBe(NOON + 7 * DAY);
    expect(record.previous).toEqual(first.baseline);
    expect(record.refreshes.at(-1)).toMatchObject({ due: 'age', outcome: 'replaced', reason: 'as_good' });
    expect(record.errors).toEqual([]);
  });

  it('is rolled back where the present baseline does worse, and the one before it better', () => {
    const good = advance(undefined, aRead(NOON)).baseline;
    const bad = aBaseline({
      learnedAt: NOON + DAY,
      season: Array.from({ length: 168 }, (_, hour) => (hour % 24 < 12 ? -900 : 900)),
      validation: { hours: 168, error: 0.1, withoutBaseline: 3, previous: null },
    });
    const errors = [9, 9, 9, 9, 9, 9, 9];

    const record = advance(aHostBaseline({ baseline: bad, previous: good, errors }), aRead(NOON + 2 * DAY));

    expect(record.refreshes.at(-1)?.due).toBe('worse');
    expect(['replaced', 'rolled_back']).toContain(record.refreshes.at(-1)?.outcome);
    expect(record.baseline).not.toEqual(bad);
    expect(record.previous).toEqual(bad);
  });

  it('learns nothing where incidents and labels cannot be read, however old its baseline is', () => {
    const before = aHostBaseline({ ...KEY, errors: [0.1], readAt: NOON - DAY });
    const reads = [aRead(NOON + 20 * DAY)];
    const at = NOON + 20 * DAY;

    expect(advanceRecord({ key: KEY, reads, excluded: null, before, at, weeks: null })).toEqual({
      ...before,
      readAt: at,
      weeks: null,
    });
    expect(advanceRecord({ key: KEY, reads, excluded: null, before: undefined, at, weeks: null })).toMatchObject({
      baseline: null,
      refreshes: [],
    });
  });

  it('is the same after a run that is repeated', () => {
    const first = advance(undefined, aRead(NOON));
    const next = advance(first, aRead(NOON + DAY));

    expect(advance(next, aRead(NOON + DAY))).toBe(next);
  });

  it('states once that a young host has nothing to learn from yet', () => {
    let record = advance(undefined, aRead(NOON, 3));
    for (let day = 1; day < 4; day++) record = advance(record, aRead(NOON + day * DAY, 3 + day));

    expect(record).toMatchObject({ baseline: null, errors: [] });
    expect(record.refreshes).toMatchObject([
      { at: NOON + 3 * DAY, due: 'none_yet', outcome: 'none', reason: 'unlearned' },
    ]);
    expect(record.segments.length).toBeGreaterThan(0);
  });
});

describe('the explanation of a baseline', () => {
  it('states what was learned, from what, how it was tested, and when it is learned next', () => {
    const explained = text(advance(undefined, aRead(NOON)));

    expect(explained).toContain('level: 40 %');
    expect(explained).toMatch(/season: of the week: \+\d\.?\d* points at \w+day \d\d:00 UTC/);
    expect(explained).toContain('tested: the newest');
    expect(explained).toMatch(/segments: .*: learned from/);
    expect(explained).toContain('kept to test what was learned');
    expect(explained).toContain('refreshed: from 2026-11-27 12:00 UTC on, or sooner where it does worse');
    expect(explained).toContain('because there was none: a new one is used, it is the first one');
  });

  it('states why there is none', () => {
    const explained = text(advance(undefined, aRead(NOON, 3)));

    expect(explained).toContain('baseline: none: too little of what was read can be learned from');
    expect(explained).toContain('refreshed: with each deep read, once a day');
  });
});
