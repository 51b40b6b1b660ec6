import { describe, expect, it } from 'vitest';
import { type CleanedSamples, clean } from '../../../core/detector/clean.ts';
import { confirmedFrom, detect, LEARNED } from '../../../core/detector/detect.ts';
import { evaluationOf } from '../../../core/detector/evaluate.ts';
import { gridOf } from '../../../core/detector/floors.ts';
import { confidenceAt } from '../../../core/detector/learned.ts';
import { lastSegment } from '../../../core/detector/segment.ts';
import { DEFAULT_POLICY, LEAST_PRIOR, THRESHOLDS } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import type { Evidence, Verdict } from '../../../core/model/verdict.ts';
import { HEALTHY, HOUR_MS, LEAKING, NOW, seriesOf, withSamples } from './shapes.ts';

const policy = { threshold: 0.7 };
const evaluate = (series: Series) => detect(series, policy);

function evidenceOf(verdict: Verdict): Evidence {
  if (verdict.state === 'insufficient_data') throw new Error(`no evidence: ${verdict.reason}`);
  return verdict.evidence;
}

function cleaned(series: Series): CleanedSamples {
  const samples = clean(series);
  if (samples === undefined) throw new Error('not a series');
  return samples;
}

describe('detect on healthy shapes', () => {
  it.each(Object.entries(HEALTHY))('calls %s steady', (_, shape) => {
    expect(evaluate(seriesOf(shape))).toMatchObject({ state: 'steady', evidence: { onset: null, pattern: null } });
  });
});

describe('detect on leaking shapes', () => {
  it.each(Object.entries(LEAKING))('finds and confirms %s', (_, shape) => {
    expect(evaluate(seriesOf(shape))).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('finds the same leak in five-minute averages and in bytes', () => {
    const leak = (h: number) => 30 + 0.5 * h;
    const fine = seriesOf(leak, { minutes: 5 });
    const bytes = { ...fine, unit: 'By' as const, limit: 2 ** 34, values: fine.values.map((value) => value * 2 ** 34) };

    const [inFractions, inBytes] = [evaluate(fine), evaluate(bytes)];

    expect(inFractions.state).toBe('leaking');
    expect(evidenceOf(inBytes).confidence).toBeCloseTo(evidenceOf(inFractions).confidence, 9);
    expect(evidenceOf(inBytes).growthPerHour.estimate).toBeCloseTo(
      evidenceOf(inFractions).growthPerHour.estimate * 2 ** 34,
      -3,
    );
  });

  it('states growth, onset and exhaustion with intervals that hold the truth', () => {
    const series = seriesOf((h) => 30 + Math.max(0, h - 60));

    const { growthPerHour, onset, exhaustion, level } = evidenceOf(evaluate(series));

    expect(level).toBeCloseTo(0.7, 1);
    expect(growthPerHour.estimate).toBeCloseTo(0.01, 3);
    expect(growthPerHour.low).toBeLessThanOrEqual(growthPerHour.estimate);
    expect(growthPerHour.high).toBeGreaterThanOrEqual(growthPerHour.estimate);
    const truth = NOW - 40 * HOUR_MS;
    expect(onset?.start).toBeLessThanOrEqual(truth);
    expect(onset?.end).toBeGreaterThanOrEqual(truth);
    if (exhaustion.kind !== 'expected') throw new Error(exhaustion.reason);
    expect(exhaustion.earliest).toBeLessThanOrEqual(exhaustion.likely);
    expect((exhaustion.likely - NOW) / HOUR_MS).toBeCloseTo(30, -1);
  });
});

describe('detect on restarts', () => {
  it('splits at the restart and evaluates what came after it', () => {
    const verdict = evaluate(seriesOf((h) => (h < 50 ? 80 : 30 + 0.6 * (h - 50))));

    const { restarts, evaluated } = evidenceOf(verdict);
    expect(verdict.state).toBe('leaking');
    expect(restarts).toEqual([NOW - 50 * HOUR_MS]);
    expect(evaluated).toEqual({ start: NOW - 50 * HOUR_MS, end: NOW });
  });

  it.each([4, 8, 16, 30])('calls a host steady that warms up %i h after a restart', (hours) => {
    const warm = 1 - Math.exp(-hours / (hours / 3));
    const verdict = evaluate(
      seriesOf((h) => (h < 100 - hours ? 60 : 30 + (30 * (1 - Math.exp((100 - hours - h) / (hours / 3)))) / warm)),
    );

    expect(verdict.state).toBe('steady');
    expect(evidenceOf(verdict).restarts).toEqual([NOW - hours * HOUR_MS]);
  });
});

describe('detect on gaps', () => {
  const withGap = (hours: number) => {
    const { times, values } = seriesOf((h) => (h < 40 ? 95 : 20 + 0.8 * (h - 40)));
    const back = NOW - 60 * HOUR_MS + hours * HOUR_MS;
    const kept = [...times.keys()].filter((index) => {
      const time = times[index] ?? 0;
      return time < NOW - 60 * HOUR_MS || time >= back;
    });
    const pick = (from: Float64Array) => Float64Array.from(kept, (index) => from[index] ?? Number.NaN);
    return withSamples(pick(times), pick(values));
  };

  it('evaluates what came back after thirteen hours without samples by itself: it may be another machine', () => {
    const verdict = evaluate(withGap(13));

    expect(verdict.state).toBe('leaking');
    expect(evidenceOf(verdict).evaluated).toEqual({ start: NOW - 47 * HOUR_MS, end: NOW });
  });

  it('takes what came back after eleven hours for the same host', () => {
    expect(evidenceOf(evaluate(withGap(11))).evaluated.start).toBe(NOW - 100 * HOUR_MS);
  });
});

describe('detect on time', () => {
  const end = (series: Series) => series.window.end;

  /** The series as it was so many hours ago. */
  function hoursAgo(series: Series, hours: number): Series {
    const window = { ...series.window, end: end(series) - hours * HOUR_MS };
    const count = series.times.filter((time) => time < window.end).length;
    return { ...series, window, times: series.times.slice(0, count), values: series.values.slice(0, count) };
  }

  it.each([1, 2, 3, 4, 5])('finds a leak in a host that looks like one and did for three hours (seed %i)', (seed) => {
    const series = seriesOf((h) => 30 + Math.max(0, h - 70), { seed });
    const scoreOf = (one: Series) => {
      const grid = gridOf(cleaned(one), end(one));
      return evaluationOf(grid, lastSegment(grid).start, LEARNED.model).now.score;
    };
    const ages = Array.from({ length: 40 }, (_, index) => 39 - index);

    const looksLikeOne = (hours: number) =>
      confidenceAt(LEARNED, 100 - hours, scoreOf(hoursAgo(series, hours)), DEFAULT_POLICY.prior) >= policy.threshold;
    const first = ages.find(looksLikeOne) ?? Number.NaN;
    const settled = ages.find((hours) => [0, 1, 2, 3].every((before) => looksLikeOne(hours + before))) ?? Number.NaN;
    const isSaid = ages.find((hours) => evaluate(hoursAgo(series, hours)).state === 'leaking') ?? Number.NaN;

    expect(settled).toBeGreaterThan(0);
    expect(isSaid).toBeLessThanOrEqual(first);
    expect(isSaid).toBeGreaterThanOrEqual(settled);
  });

  it('never clears a leak of a percentage point an hour once it is reported', () => {
    const series = seriesOf((h) => 30 + Math.max(0, h - 50), { noise: 0.1 });

    const states = Array.from({ length: 49 }, (_, index) => evaluate(hoursAgo(series, 48 - index)).state);

    expect(states.slice(states.indexOf('leaking'))).not.toContain('steady');
  });
});

describe('detect at its edges', () => {
  const flat = seriesOf(() => 50);
  const without = (drop: (hour: number) => boolean) => {
    const kept = [...flat.times.keys()].filter(
      (index) => !drop(((flat.times[index] ?? 0) - flat.window.start) / HOUR_MS),
    );
    const pick = (from: Float64Array) => Float64Array.from(kept, (index) => from[index] ?? Number.NaN);
    return withSamples(pick(flat.times), pick(flat.values));
  };

  it.each([
    [8.75, 'insufficient_data'],
    [9, 'steady'],
  ])('finds in %f hours of history: %s', (hours, state) => {
    expect(evaluate(seriesOf(() => 50, { hours })).state).toBe(state);
  });

  it.each([
    [3, 'steady'],
    [3.5, 'insufficient_data'],
  ])('finds in samples that ended %f hours ago: %s', (ago, state) => {
    expect(evaluate(without((hour) => hour >= 100 - ago)).state).toBe(state);
  });

  it.each([
    [2, 'steady'],
    [3, 'insufficient_data'],
  ])('finds in a last day with a sample every %i hours: %s', (every, state) => {
    expect(evaluate(without((hour) => hour > 76 && Math.floor(hour) % every !== 0)).state).toBe(state);
  });

  it('takes up to five percent over the limit for full, and more for nonsense', () => {
    const over = (value: number) => ({ ...flat, values: flat.values.with(399, value) });

    expect(evidenceOf(evaluate(over(1.04))).cleaned.outOfRange).toBe(0);
    expect(evidenceOf(evaluate(over(1.06))).cleaned.outOfRange).toBe(1);
    expect(evidenceOf(evaluate(seriesOf(() => 104, { noise: 0 }))).level).toBe(1);
  });

  it.each([1, 2, 3])('no longer finds a leak two hours after its memory was released (seed %i)', (seed) => {
    const released = seriesOf((h) => (h < 98 ? 20 + 0.6 * h : 20), { seed });
    const stillHeld = seriesOf((h) => 20 + 0.6 * h, { seed });

    expect(evaluate(stillHeld).state).toBe('leaking');
    expect(evaluate(released).state).toBe('steady');
  });

  it('evaluates a leak that began long before a restart by all of it where that is more like a leak', () => {
    const verdict = evaluate(seriesOf((h) => (h < 80 ? 20 + 0.6 * h : 40 + 0.02 * (h - 80))));

    expect(evidenceOf(verdict).evaluated.end).toBe(NOW);
    expect(verdict.state).toBe('steady');
  });
});

describe('detect on the evidence of a leak', () => {
  it('measures its growth since it began, and not over the last day alone', () => {
    // 30 h at 1 %/h, then 24 h at half of it.
    const { growthPerHour } = evidenceOf(
      evaluate(seriesOf((h) => 20 + Math.max(0, Math.min(h - 46, 30)) + 0.5 * Math.max(0, h - 76), { noise: 0.1 })),
    );

    expect(growthPerHour.estimate).toBeGreaterThan(0.006);
    expect(growthPerHour.estimate).toBeLessThan(0.009);
  });

  it('expects the same end of memory at the crest of a season and in its trough', () => {
    const usedUpIn = (phase: number) => {
      const season = (h: number) => 6 * Math.cos((2 * Math.PI * (h - phase)) / 24);
      const { exhaustion } = evidenceOf(
        evaluate(seriesOf((h) => 30 + 0.5 * Math.max(0, h - 50) + season(h), { noise: 0.1 })),
      );
      return exhaustion.kind === 'expected' ? (exhaustion.likely - NOW) / HOUR_MS : Number.NaN;
    };

    // Twelve percentage points lie between them, which are a day of growth.
    expect(Math.abs(usedUpIn(100) - usedUpIn(88))).toBeLessThan(12);
  });
});

describe('detect on seasons', () => {
  it.each([20, 22, 23, 24, 25, 26, 28])('calls two deployments %i h apart steady', (apart) => {
    const states = [1, 2, 3].flatMap((seed) =>
      [2, 6, 10, 14, 18, 22, 26].map((ago) => {
        const steps = (h: number) => 40 + (h > 100 - ago - apart ? 4 : 0) + (h > 100 - ago ? 4 : 0);
        return evaluate(seriesOf(steps, { seed, noise: 0.2 })).state;
      }),
    );

    expect(new Set(states)).toEqual(new Set(['steady']));
  });

  it.each([3, 6])('finds a leak beside a nightly job of %i percentage points', (height) => {
    const states = [30, 40, 50, 60, 70, 80, 90].map((age) => {
      const job = (h: number) => ((h + age) % 24 < 4 ? height : 0);
      return evaluate(seriesOf((h) => 20 + 0.4 * Math.max(0, h - 100 + age) + job(h), { noise: 0.2 })).state;
    });

    expect(new Set(states)).toEqual(new Set(['leaking']));
  });
});

describe('detect on grades', () => {
  const leak = seriesOf((h) => 30 + Math.max(0, h - 90) * 2);

  it('is leaking from the confidence on that the threshold requires', () => {
    const { confidence } = evidenceOf(evaluate(leak));

    expect(detect(leak, { threshold: confidence - 0.001 })).toMatchObject({ state: 'leaking' });
    expect(detect(leak, { threshold: confidence + 0.001 })).toMatchObject({ state: 'steady' });
  });

  it('confirms at four times the odds of the threshold, and at 95 % whatever the threshold', () => {
    expect(confirmedFrom(0.5)).toBeCloseTo(4 / 5, 9);
    expect(confirmedFrom(0.7)).toBeCloseTo(28 / 31, 9);
    expect([0.9, 0.95].map(confirmedFrom)).toEqual([0.95, 0.95]);
  });

  it.each([1, 2, 3])('confirms a leak when it has been that sure over five hours (seed %i)', (seed) => {
    const hourly = Array.from({ length: 40 }, (_, age) => {
      return evaluate(seriesOf((h) => 30 + Math.max(0, h - 100 + age), { seed }));
    });
    const sureAt = hourly.findIndex((verdict) => evidenceOf(verdict).confidence >= confirmedFrom(policy.threshold));
    const confirmedAt = hourly.findIndex((verdict) => verdict.state === 'leaking' && verdict.grade === 'confirmed');

    expect(sureAt).toBeGreaterThan(0);
    expect(confirmedAt).toBeGreaterThanOrEqual(sureAt);
    expect(confirmedAt).toBeLessThanOrEqual(sureAt + 5);
  });

  it('can page at the least prior and the greatest threshold that a policy may have', () => {
    const plain = seriesOf((h) => 20 + Math.max(0, h - 30), { noise: 0.05 });

    const verdict = detect(plain, { threshold: THRESHOLDS.greatest, prior: LEAST_PRIOR });

    expect(verdict).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('confirms nothing with less than a day of history', () => {
    const young = (hours: number) => evaluate(seriesOf((h) => 30 + 2 * h, { hours }));

    expect(young(23)).toMatchObject({ state: 'leaking', grade: 'suspected' });
    expect(young(24)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('is surer of the same host in a fleet where leaks are common', () => {
    const confidenceAt = (prior: number) => evidenceOf(detect(leak, { ...policy, prior })).confidence;

    const [rare, common] = [confidenceAt(0.01), confidenceAt(0.1)];

    // The odds of a leak grow as those of the prior do.
    expect(common / (1 - common)).toBeCloseTo(((rare / (1 - rare)) * (0.1 / 0.9)) / (0.01 / 0.99), 6);
  });
});

describe('detect on patterns', () => {
  const patternOf = (shape: (hour: number) => number, noise = 0.05) =>
    evidenceOf(evaluate(seriesOf(shape, { noise }))).pattern?.name;
  const byDay = (h: number) => 20 + 0.6 * (h - ((24 * 0.9) / (2 * Math.PI)) * Math.sin((2 * Math.PI * h) / 24));

  it.each([
    ['linear', (h: number) => 30 + 0.5 * h],
    ['exponential', (h: number) => 30 + 40 * Math.expm1(h / 25) * Math.exp(-4)],
    ['staircase', (h: number) => 30 + 2.5 * Math.floor(h / 5)],
    ['sawtooth', (h: number) => 30 + 0.4 * h + 12 * ((h / 3.1) % 1)],
    ['creep', (h: number) => 30 + 40 * Math.sqrt(h / 100)],
    ['load_proportional', byDay],
  ] as const)('names %s growth', (name, shape) => {
    expect(patternOf(shape)).toBe(name);
  });

  it('names growth beside a daily season linear', () => {
    expect(patternOf((h) => 20 + 0.6 * h + 4 * Math.sin((2 * Math.PI * h) / 24))).toBe('linear');
  });
});

describe('detect on series that cannot be evaluated', () => {
  const flat = seriesOf(() => 50);

  it.each([
    ['no samples', { times: new Float64Array(), values: new Float64Array() }, 'no_samples'],
    ['arrays of different length', { values: new Float64Array(3) }, 'malformed'],
    ['a window that ends before it starts', { window: { start: NOW, end: NOW - 1 } }, 'malformed'],
    ['a limit of zero', { unit: 'By' as const, limit: 0 }, 'malformed'],
    ['five hours of history', seriesOf(() => 50, { hours: 5 }), 'too_short'],
    [
      'samples that ended ten hours ago',
      { times: flat.times.slice(0, 360), values: flat.values.slice(0, 360) },
      'stale',
    ],
    ['samples every six hours', seriesOf(() => 50, { minutes: 360 }), 'too_many_gaps'],
  ])('finds insufficient data in %s', (_, change, reason) => {
    expect(evaluate({ ...flat, ...change })).toMatchObject({ state: 'insufficient_data', reason });
  });

  it('states that exhaustion is unknown for bytes without a limit', () => {
    const leak = seriesOf((h) => 30 + 0.5 * h);
    const bytes: Series = { ...leak, unit: 'By', values: leak.values.map((value) => value * 2 ** 30) };

    const verdict = evaluate(bytes);

    expect(verdict.state).toBe('leaking');
    expect(evidenceOf(verdict).exhaustion).toEqual({
      kind: 'cannot_say',
      reason: 'capacity_unknown',
    });
  });
});

describe('detect cleans', () => {
  it('counts what it drops, by rule, and reaches the same verdict', () => {
    const leak = seriesOf((h) => 30 + 0.5 * h);
    const [first = 0, second = 0] = leak.times;
    const dirty = withSamples(
      Float64Array.of(...leak.times.toReversed(), first, second + 1, second + 2, second + 3, NOW, Number.NaN),
      Float64Array.of(...leak.values.toReversed(), 0.99, Number.NaN, -0.1, 1.2, 0.5, 0.5),
    );

    const { cleaned, ...rest } = evidenceOf(evaluate(dirty));

    expect(cleaned).toEqual({ notFinite: 2, outOfRange: 2, outsideWindow: 1, duplicate: 1 });
    expect({ ...rest, cleaned: undefined }).toEqual({ ...evidenceOf(evaluate(leak)), cleaned: undefined });
  });
});
