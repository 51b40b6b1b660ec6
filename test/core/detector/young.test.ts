import { describe, expect, it } from 'vitest';
import { detect, LEARNED } from '../../../core/detector/detect.ts';
import { FEATURES } from '../../../core/detector/features.ts';
import type { Learned, LearnedModel } from '../../../core/detector/learned.ts';
import { scoreWeightsOf } from '../../../core/detector/score-weights.ts';
import { isYoung, youngShare } from '../../../core/detector/young.ts';
import { YOUNG_FEATURES } from '../../../core/detector/young-features.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import { seriesOf } from './shapes.ts';

const POLICY = { threshold: DEFAULT_POLICY.threshold };
const evidenceOf = (series: Series, learned: Learned = LEARNED) => {
  const verdict = detect(series, { ...POLICY, prior: 0.5 }, { learned });
  if (verdict.state === 'insufficient_data') throw new Error(verdict.reason);
  return verdict.evidence;
};
/** A table that scores everything 0, and reads it as these log-odds. */
const always = (logOdds: number, features: number): LearnedModel => ({
  model: { base: 0, trees: [] },
  calibrations: [{ hours: 12, scores: [0], logOdds: [logOdds], prior: 0.5 }],
  limits: Array.from({ length: features }, () => 0),
});

describe('the share of the young table', () => {
  it('is everything at twelve hours, nothing at nine and from eighteen on, and changes by a third with an hour at the most', () => {
    const shares = Array.from({ length: 22 }, (_, index) => youngShare(9 + index));

    expect([9, 12, 15, 18, 100].map(youngShare)).toEqual([0, 1, 0.5, 0, 0]);
    for (const [index, share] of shares.slice(1).entries()) {
      expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThanOrEqual(1 / 3 + 1e-9);
    }
    expect([9, 11, 15, 16].map(isYoung)).toEqual([false, true, true, false]);
  });

  it('mixes the confidences of the two tables as log-odds', () => {
    const learned = { ...always(2, FEATURES.length), young: always(-2, YOUNG_FEATURES.length) };
    const logOdds = [9, 10.5, 12, 15, 18, 30].map((hours) => {
      const { confidence } = evidenceOf(
        seriesOf(() => 40, { hours }),
        learned,
      );
      return Math.log(confidence / (1 - confidence));
    });

    for (const [index, expected] of [2, -2 / 3, -2, 0, 2, 2].entries()) expect(logOdds[index]).toBeCloseTo(expected, 6);
  });

  it('leaves a host of eighteen hours and more to the table of all, to the digit', () => {
    const { young: _, ...grown } = LEARNED;
    const leak = seriesOf((hour) => 40 + 0.4 * hour, { hours: 18 });

    expect(evidenceOf(leak)).toEqual(evidenceOf(leak, grown));
  });
});

describe('a host of twelve hours', () => {
  const stateOf = (shape: (hour: number) => number) => detect(seriesOf(shape, { hours: 12 }), POLICY).state;

  it('leaks where it grows steadily', () => {
    expect([0.5, 1, 3].map((rate) => stateOf((hour) => 40 + rate * hour))).toEqual(['leaking', 'leaking', 'leaking']);
  });

  it('is steady where it stands still, stepped up, filled and stands, or moves up and down', () => {
    const shapes = [
      () => 40,
      (hour: number) => (hour < 6 ? 40 : 50),
      (hour: number) => 40 + 12 * (1 - Math.exp(-hour / 1.5)),
      (hour: number) => 40 + 5 * Math.sin(hour),
      (hour: number) => 50 - hour,
    ];

    expect(shapes.map(stateOf)).toEqual(shapes.map(() => 'steady'));
  });

  it('is suspected at most', () => {
    const verdict = detect(
      seriesOf((hour) => 40 + 2 * hour, { hours: 12 }),
      POLICY,
    );

    expect(verdict).toMatchObject({ state: 'leaking', grade: 'suspected' });
  });

  it('is explained by the features of the young: each has a check and a weight, and the weights add up', () => {
    const series = seriesOf((hour) => 40 + hour, { hours: 12 });
    const names = YOUNG_FEATURES.map(({ name }) => name);

    const scored = scoreWeightsOf(series);

    expect(evidenceOf(series).checks.map(({ name }) => name)).toEqual(['history', 'coverage', ...names]);
    expect(scored?.weights.map(({ name }) => name).sort()).toEqual(names.toSorted());
    const sum = scored?.weights.reduce((total, { weight }) => total + weight, scored.reference);
    expect(sum).toBeCloseTo(scored?.value ?? Number.NaN, 9);
  });
});

describe('the table of young hosts', () => {
  it('is calibrated at twelve and eighteen hours, and has a limit for each feature', () => {
    expect(LEARNED.young?.calibrations.map(({ hours }) => hours)).toEqual([12, 18]);
    expect(LEARNED.young?.limits).toHaveLength(YOUNG_FEATURES.length);
    expect(LEARNED.young?.limits.every(Number.isFinite)).toBe(true);
  });
});
