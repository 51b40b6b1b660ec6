import { describe, expect, it } from 'vitest';
import { dayError, refreshBaseline, refreshDue } from '../../../core/baselines/validate.ts';
import type { Baseline } from '../../../core/model/baseline.ts';
import type { Series } from '../../../core/model/series.ts';
import { HOUR_MS, NOW, seriesOf } from '../detector/shapes.ts';

const DAY_MS = 24 * HOUR_MS;

function readOf(shape: (day: number) => number): Series {
  return seriesOf((hour) => shape(hour / 24), { hours: 42 * 24, minutes: 60, noise: 0.2 });
}

const daily = (day: number) => 40 + 5 * Math.sin(2 * Math.PI * day);
const turned = (day: number) => 40 - 5 * Math.sin(2 * Math.PI * day);

function baselineOf(shape: (day: number) => number): Baseline {
  const { baseline } = refreshBaseline({ reads: [readOf(shape)], previous: null });
  if (baseline === null) throw new Error('nothing was learned');
  return baseline;
}

describe('refreshBaseline', () => {
  it('takes a first baseline that foretells the newest days better than their level before', () => {
    const { outcome, reason, validation } = refreshBaseline({ reads: [readOf(daily)], previous: null });

    expect([outcome, reason]).toEqual(['replaced', 'first']);
    expect(validation?.error).toBeLessThan((validation?.withoutBaseline ?? 0) / 2);
  });

  it('replaces one that foretells them worse', () => {
    const refresh = refreshBaseline({ reads: [readOf(daily)], previous: baselineOf(turned) });

    expect([refresh.outcome, refresh.reason]).toEqual(['replaced', 'better']);
  });

  it('replaces one that does as well, because it knows newer days', () => {
    const refresh = refreshBaseline({ reads: [readOf(daily)], previous: baselineOf(daily) });

    expect([refresh.outcome, refresh.reason]).toEqual(['replaced', 'as_good']);
  });

  it('keeps the one before where the new one foretells the newest days worse', () => {
    const previous = baselineOf(turned);
    const changed = readOf((day) => (day < 35 ? daily(day) : turned(day)));
    const refresh = refreshBaseline({ reads: [changed], previous });

    expect([refresh.outcome, refresh.reason]).toEqual(['kept', 'worse_than_previous']);
    expect(refresh.baseline).toBe(previous);
  });

  it('uses none where the level before foretells them better', () => {
    const changed = readOf((day) => (day < 35 ? daily(day) : 40));

    expect(refreshBaseline({ reads: [changed], previous: null })).toMatchObject({
      baseline: null,
      outcome: 'none',
      reason: 'worse_than_none',
    });
  });

  it('keeps the one before where the newest days cannot be compared', () => {
    const previous = baselineOf(daily);
    const excluded = [{ start: NOW - 7 * DAY_MS, end: NOW, use: 'incident' as const }];

    expect(refreshBaseline({ reads: [readOf(daily)], excluded, previous })).toMatchObject({
      outcome: 'kept',
      reason: 'untested',
    });
  });

  it('keeps the one before where nothing can be learned', () => {
    const previous = baselineOf(daily);
    const leak = readOf((day) => 20 + day * 1.5);

    expect(refreshBaseline({ reads: [leak], previous })).toMatchObject({ outcome: 'kept', reason: 'unlearned' });
  });
});

describe('refreshDue', () => {
  const previous = baselineOf(daily);
  const error = previous.validation?.error ?? 0;
  const due = (days: number, errors: readonly (number | null)[]) => {
    return refreshDue({ previous, errors, now: previous.learnedAt + days * DAY_MS });
  };

  it('is due where there is none', () => {
    expect(refreshDue({ previous: null, errors: [], now: NOW })).toBe('none_yet');
  });

  it('is due after seven days', () => {
    expect(due(7, [])).toBe('age');
    expect(due(6.9, [])).toBeNull();
  });

  it('is due after seven errors that are far above the expected one', () => {
    expect(due(3, Array(7).fill(2 * error + 1))).toBe('worse');
    expect(due(3, Array(6).fill(2 * error + 1))).toBeNull();
    expect(due(3, Array(7).fill(error))).toBeNull();
  });
});

describe('dayError', () => {
  it('is the mean error over the newest day', () => {
    const previous = baselineOf(daily);

    expect(dayError(previous, { reads: [readOf(daily)] })).toBeLessThan(2);
    expect(dayError(previous, { reads: [readOf(turned)] })).toBeGreaterThan(3);
  });

  it('is null where the day has no samples', () => {
    const read = readOf(daily);
    const gone = { ...read, times: read.times.subarray(0, -20), values: read.values.subarray(0, -20) };

    expect(dayError(baselineOf(daily), { reads: [gone] })).toBeNull();
  });
});
