import { describe, expect, it } from 'vitest';
import { modelOf, scoreOf } from '../../../core/detector/boosted-trees.ts';
import { type Calibration, logOddsOf, sigmoid } from '../../../core/detector/confidence.ts';
import { FEATURES, featureChecks } from '../../../core/detector/features.ts';

const UNKNOWN = new Float64Array(FEATURES.length).fill(Number.NaN);
const at = (name: string) => FEATURES.findIndex((feature) => feature.name === name);

describe('scoreOf', () => {
  const model = modelOf(0.5, [
    [
      [
        ['rise_3h', 1, false],
        ['change_point_rise', 2, true],
        ['fall_back', 0.3, false],
      ],
      [0.1, 0.2, 0.4, 0.8],
    ],
  ]);
  const score = (rise: number, changePoint: number, fall: number) =>
    scoreOf(
      model,
      UNKNOWN.with(at('rise_3h'), rise).with(at('change_point_rise'), changePoint).with(at('fall_back'), fall),
    );

  it('asks the question that the answer before leads to', () => {
    expect(score(0, 0, 9)).toBeCloseTo(0.6);
    expect(score(0, 3, 9)).toBeCloseTo(0.7);
    expect(score(2, 9, 0)).toBeCloseTo(0.9);
    expect(score(2, 9, 1)).toBeCloseTo(1.3);
  });

  it('answers no at the value itself', () => {
    expect(score(1, 2, 0)).toBeCloseTo(0.6);
  });

  it('answers for a feature that is not known as the table states', () => {
    expect(scoreOf(model, UNKNOWN)).toBeCloseTo(0.7);
  });

  it('goes as deep as a tree has questions', () => {
    const rises = [4, 2, 6, 1, 3, 5, 7].map((above) => ['rise_3h', above, false] as const);
    const deep = modelOf(0, [[rises, [0, 1, 2, 3, 4, 5, 6, 7]]]);

    const counted = Array.from({ length: 8 }, (_, rise) => scoreOf(deep, UNKNOWN.with(at('rise_3h'), rise + 0.5)));

    expect(counted).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('logOddsOf', () => {
  const calibration: Calibration = { scores: [-1, 1], logOdds: [-2, 2], prior: 0.5 };

  it('reads between the knots, and keeps to them outside', () => {
    expect([0, 0.5, 50, -50].map((score) => logOddsOf(score, calibration, 0.5))).toEqual([0, 1, 2, -2]);
  });

  it('multiplies the odds by those of the prior', () => {
    expect(sigmoid(logOddsOf(0, calibration, 0.2))).toBeCloseTo(0.2);
  });
});

describe('featureChecks', () => {
  const limits = FEATURES.map(() => 1);
  const check = (name: string, value: number) =>
    featureChecks(UNKNOWN.with(at(name), value), limits).find((one) => one.name === name);

  it('passes a feature that speaks for a leak from its limit on', () => {
    expect(check('change_point_rise', 1)).toMatchObject({ value: 1, comparison: 'at_least', passed: true });
    expect(check('change_point_rise', 0.9)).toMatchObject({ passed: false });
  });

  it('passes a feature that speaks against one up to its limit', () => {
    expect(check('fall_back', 1)).toMatchObject({ comparison: 'at_most', passed: true });
    expect(check('fall_back', 1.1)).toMatchObject({ passed: false });
  });

  it('passes an unknown feature, with null as its value', () => {
    for (const one of featureChecks(UNKNOWN, limits)) expect(one).toMatchObject({ value: null, passed: true });
  });
});
