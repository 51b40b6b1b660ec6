import { describe, expect, it } from 'vitest';
import { modelOf, scoreOf } from '../../../core/detector/boosted-trees.ts';
import { detect, LEARNED } from '../../../core/detector/detect.ts';
import { FEATURES } from '../../../core/detector/features.ts';
import { scoreWeightsOf, weightsOf } from '../../../core/detector/score-weights.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { HEALTHY, LEAKING, seriesOf } from './shapes.ts';

const UNKNOWN = new Float64Array(FEATURES.length).fill(Number.NaN);
const at = (name: string) => FEATURES.findIndex((feature) => feature.name === name);

describe('weightsOf', () => {
  it('shares what two features do together equally between them', () => {
    const both = modelOf(1, [
      [
        [
          ['rise_3h', 1, false],
          ['fall_back', 2, false],
          ['fall_back', 2, false],
        ],
        [0, 0, 0, 8],
      ],
    ]);

    const { reference, weights } = weightsOf(both, UNKNOWN.with(at('rise_3h'), 5).with(at('fall_back'), 5));

    // Nothing known: 1 + 8 / 4. One known: 1 + 8 / 2. Both known: 1 + 8.
    expect(reference).toBe(3);
    expect(weights[at('rise_3h')]).toBeCloseTo(3);
    expect(weights[at('fall_back')]).toBeCloseTo(3);
  });

  it('gives no weight to a feature that no tree asks about', () => {
    const one = modelOf(0, [[[['rise_3h', 1, false]], [-1, 1]]]);

    const { weights } = weightsOf(one, UNKNOWN.with(at('rise_3h'), 0));

    expect(weights[at('rise_3h')]).toBe(-1);
    expect(weights.filter((weight) => weight !== 0)).toHaveLength(1);
  });

  it('counts a feature that the series has no value of, as the table answers for it', () => {
    const one = modelOf(0, [[[['rise_3h', 1, true]], [-1, 1]]]);

    expect(weightsOf(one, UNKNOWN).weights[at('rise_3h')]).toBe(1);
  });

  it('adds up to the score, whatever the features', () => {
    const features = Float64Array.from(FEATURES, (_, index) => Math.sin(index) * 5);

    const { reference, weights } = weightsOf(LEARNED.model, features);

    const sum = weights.reduce((total, weight) => total + weight, reference);
    expect(sum).toBeCloseTo(scoreOf(LEARNED.model, features), 9);
  });
});

describe('scoreWeightsOf', () => {
  it.each(Object.entries({ ...LEAKING, ...HEALTHY }))('adds up to the score of %s, the strongest first', (_, shape) => {
    const weights = scoreWeightsOf(seriesOf(shape));

    const sizes = weights?.weights.map(({ weight }) => Math.abs(weight)) ?? [];
    const sum = weights?.weights.reduce((total, { weight }) => total + weight, weights.reference);
    expect(sum).toBeCloseTo(weights?.value ?? Number.NaN, 9);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes).toHaveLength(FEATURES.length);
  });

  it('raises the score of a leak and lowers that of a flat host by its strongest features', () => {
    const strongest = (shape: (hour: number) => number) => scoreWeightsOf(seriesOf(shape))?.weights.slice(0, 5) ?? [];

    expect(strongest((h) => 30 + 0.4 * h).every(({ weight }) => weight > 0)).toBe(true);
    expect(strongest(() => 50).every(({ weight }) => weight < 0)).toBe(true);
  });

  it('is null where no sample can be evaluated', () => {
    const empty = { ...seriesOf(() => 50), times: new Float64Array(), values: new Float64Array() };

    expect(detect(empty, DEFAULT_POLICY).state).toBe('insufficient_data');
    expect(scoreWeightsOf(empty)).toBeNull();
  });
});
