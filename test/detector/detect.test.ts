import { describe, expect, it } from 'vitest';
import { detect } from '../../detector/detect.ts';
import type { Series } from '../../model/series.ts';
import type { Evidence, Verdict } from '../../model/verdict.ts';
import { HEALTHY, HOUR_MS, LEAKING, NOW, seriesOf, withSamples } from './shapes.ts';

const policy = { threshold: 0.7 };
const judge = (series: Series) => detect(series, policy);

function evidenceOf(verdict: Verdict): Evidence {
  if (verdict.state === 'insufficient_data') throw new Error(`no evidence: ${verdict.reason}`);
  return verdict.evidence;
}

describe('detect on healthy shapes', () => {
  it.each(Object.entries(HEALTHY))('calls %s steady', (_, shape) => {
    expect(judge(seriesOf(shape))).toMatchObject({ state: 'steady', evidence: { onset: null, pattern: null } });
  });
});

describe('detect on leaking shapes', () => {
  it.each(Object.entries(LEAKING))('finds and confirms %s', (_, shape) => {
    expect(judge(seriesOf(shape))).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('finds the same leak in five-minute averages and in bytes', () => {
    const leak = (h: number) => 30 + 0.5 * h;
    const fine = seriesOf(leak, { minutes: 5 });
    const bytes = { ...fine, unit: 'By' as const, limit: 2 ** 34, values: fine.values.map((value) => value * 2 ** 34) };

    const [inFractions, inBytes] = [judge(fine), judge(bytes)];

    expect(inFractions.state).toBe('leaking');
    expect(evidenceOf(inBytes).confidence).toBeCloseTo(evidenceOf(inFractions).confidence, 9);
    expect(evidenceOf(inBytes).growthPerHour.estimate).toBeCloseTo(
      evidenceOf(inFractions).growthPerHour.estimate * 2 ** 34,
      -3,
    );
  });

  it('states growth, onset and exhaustion with intervals that hold the truth', () => {
    const series = seriesOf((h) => 30 + Math.max(0, h - 60));

    const { growthPerHour, onset, exhaustion, level } = evidenceOf(judge(series));

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
  it('splits at the restart and judges what came after it', () => {
    const verdict = judge(seriesOf((h) => (h < 50 ? 80 : 30 + 0.6 * (h - 50))));

    const { restarts, judged } = evidenceOf(verdict);
    expect(verdict.state).toBe('leaking');
    expect(restarts).toEqual([NOW - 50 * HOUR_MS]);
    expect(judged).toEqual({ start: NOW - 50 * HOUR_MS, end: NOW });
  });

  it('cannot judge a host that restarted four hours ago', () => {
    const verdict = judge(seriesOf((h) => (h < 96 ? 60 : 30 + 2 * (h - 96))));

    expect(verdict).toMatchObject({ state: 'insufficient_data', reason: 'too_short' });
  });
});

describe('detect on what cannot be judged', () => {
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
  ])('says so for %s', (_, change, reason) => {
    expect(judge({ ...flat, ...change })).toMatchObject({ state: 'insufficient_data', reason });
  });

  it('says that exhaustion is unknown for bytes without a limit', () => {
    const leak = seriesOf((h) => 30 + 0.5 * h);
    const bytes: Series = { ...leak, unit: 'By', values: leak.values.map((value) => value * 2 ** 30) };

    const verdict = judge(bytes);

    expect(verdict.state).toBe('leaking');
    expect(evidenceOf(verdict).exhaustion).toEqual({
      kind: 'cannot_say',
      reason: 'the capacity of the host is not known',
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

    const { cleaned, ...rest } = evidenceOf(judge(dirty));

    expect(cleaned).toEqual({ notFinite: 2, outOfRange: 2, outsideWindow: 1, duplicate: 1 });
    expect({ ...rest, cleaned: undefined }).toEqual({ ...evidenceOf(judge(leak)), cleaned: undefined });
  });
});
