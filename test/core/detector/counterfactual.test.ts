import { describe, expect, it } from 'vitest';
import { counterfactualOf } from '../../../core/detector/counterfactual.ts';
import { detect } from '../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import type { WeeksOutlook } from '../../../core/model/weeks-outlook.ts';
import { HEALTHY, HOUR_MS, LEAKING, seriesOf } from './shapes.ts';

const policy = DEFAULT_POLICY;

/** The series with a straight line added to its last hours. */
function withGrowth(series: Series, perHour: number, hours: number): Series {
  const from = series.window.end - hours * HOUR_MS;
  const values = series.values.map((value, index) => {
    const since = ((series.times[index] ?? from) - from) / HOUR_MS;
    return since > 0 ? Math.max(0, value + perHour * since) : value;
  });
  return { ...series, values };
}

const stateOf = (series: Series) => detect(series, policy).state;

describe('counterfactualOf', () => {
  it.each(Object.entries({ ...LEAKING, ...HEALTHY }))(
    'turns the verdict on %s at the growth that it names',
    (_, shape) => {
      const series = seriesOf(shape);
      const state = stateOf(series);

      const turn = counterfactualOf(series, policy);

      if (turn === null) return;
      const { hours, growthPerHour, turnsAt } = turn;
      expect(stateOf(withGrowth(series, turnsAt - growthPerHour, hours))).not.toBe(state);
      expect(stateOf(withGrowth(series, 0.9 * (turnsAt - growthPerHour), hours))).toBe(state);
    },
  );

  it('finds less growth for a leak and more growth for a steady host', () => {
    const leak = counterfactualOf(
      seriesOf((h) => 30 + Math.max(0, h - 80) * 0.6),
      policy,
    );
    const flat = counterfactualOf(
      seriesOf(() => 50),
      policy,
    );

    expect(leak?.turnsAt).toBeLessThan(0.006);
    expect(leak?.turnsAt).toBeGreaterThan(-0.006);
    expect(flat?.turnsAt).toBeGreaterThan(0.0001);
    expect(flat?.turnsAt).toBeLessThan(0.01);
  });

  it('changes the growth since the change point of a leak, and of the last day of a steady host', () => {
    const leak = counterfactualOf(
      seriesOf((h) => 30 + Math.max(0, h - 60) * 0.6),
      policy,
    );

    expect(leak?.hours).toBeGreaterThan(35);
    expect(leak?.hours).toBeLessThan(45);
    expect(
      counterfactualOf(
        seriesOf(() => 50),
        policy,
      )?.hours,
    ).toBe(24);
  });

  it('is in the unit of the series', () => {
    const fractions = seriesOf((h) => 30 + Math.max(0, h - 60) * 0.6);
    const bytes = {
      ...fractions,
      unit: 'By' as const,
      limit: 2 ** 34,
      values: fractions.values.map((v) => v * 2 ** 34),
    };

    const turn = counterfactualOf(fractions, policy);

    expect(counterfactualOf(bytes, policy)?.turnsAt).toBeCloseTo((turn?.turnsAt ?? Number.NaN) * 2 ** 34, -5);
  });

  it('adds growth to a host without a known limit beyond the highest that it has held', () => {
    const flat = seriesOf(() => 50);
    const unlimited = { ...flat, unit: 'By' as const, values: flat.values.map((value) => value * 2 ** 34) };

    expect(counterfactualOf(unlimited, policy)?.turnsAt).toBeGreaterThan(0);
  });

  it('is null for a host that is full, or that cannot be evaluated', () => {
    const flat = seriesOf(() => 50);

    expect(
      counterfactualOf(
        seriesOf(() => 100, { noise: 0 }),
        policy,
      ),
    ).toBeNull();
    expect(counterfactualOf({ ...flat, times: new Float64Array(), values: new Float64Array() }, policy)).toBeNull();
    expect(counterfactualOf({ ...flat, values: new Float64Array(3) }, policy)).toBeNull();
  });

  it('leaves what else is known of the host as it is', () => {
    const noisy = seriesOf((h) => 30 + Math.max(0, h - 80) * 0.6);
    const alone = detect(noisy, policy);
    const known = { weeks: weeksThatGrow(noisy) };
    const flat = seriesOf(() => 50);
    const withWeeks = detect(flat, policy, { weeks: weeksThatGrow(flat) });

    const turn = counterfactualOf(noisy, policy, known);

    expect(alone.state).toBe('leaking');
    // A host that weeks make a leak is one however little its own window grows.
    expect(turn?.turnsAt ?? -1).toBeLessThan(counterfactualOf(noisy, policy)?.turnsAt ?? 0);
    expect(withWeeks.state).toBe('leaking');
    expect(counterfactualOf(flat, policy, { weeks: weeksThatGrow(flat) }, withWeeks)?.turnsAt ?? 0).toBeLessThanOrEqual(
      0,
    );
  });

  it('is null for a verdict that rests on more than it knows', () => {
    const flat = seriesOf(() => 50);
    const explained = detect(flat, policy, { weeks: weeksThatGrow(flat) });

    expect(counterfactualOf(flat, policy, {}, explained)).toBeNull();
    expect(counterfactualOf(flat, policy, {}, detect(flat, policy))).toEqual(counterfactualOf(flat, policy));
  });
});

/** Growth of weeks that the host has held. */
function weeksThatGrow({ window }: Series): WeeksOutlook {
  return {
    window: { start: window.end - 40 * 24 * HOUR_MS, end: window.end },
    coverage: 1,
    capacity: 1,
    confidence: 1 - 1e-8,
    prior: policy.prior,
    reason: 'grows',
    growthPerHour: { low: 0.04, estimate: 0.05, high: 0.06 },
    hours: 600,
    since: window.end - 600 * HOUR_MS,
    from: 10,
    level: 40,
    restarts: 0,
    exhaustion: { kind: 'expected', earliest: window.end + HOUR_MS, likely: window.end + 90 * HOUR_MS, latest: null },
  };
}
