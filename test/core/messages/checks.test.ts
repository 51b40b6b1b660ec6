import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../../core/detector/features.ts';
import { YOUNG_FEATURES } from '../../../core/detector/young-features.ts';
import { CHECK_DESCRIPTIONS, comparisonText } from '../../../core/messages/checks.ts';
import { CHECK_NAMES } from '../../../core/model/verdict.ts';

describe('checks', () => {
  it('are named in the order of the features that they compare', () => {
    expect(CHECK_NAMES).toEqual(['history', 'coverage', ...[...FEATURES, ...YOUNG_FEATURES].map(({ name }) => name)]);
  });

  it('have one description each', () => {
    expect(new Set(Object.values(CHECK_DESCRIPTIONS)).size).toBe(CHECK_NAMES.length);
  });
});

describe('comparisonText', () => {
  it('writes the value and the limit, a share without a unit', () => {
    expect(comparisonText({ value: 12.3, comparison: 'at_least', limit: 1.5, unit: '%' })).toBe(
      '12.3 %, limit ≥ 1.5 %',
    );
    expect(comparisonText({ value: null, comparison: 'at_most', limit: -2, unit: '1' })).toBe('not known (limit ≤ −2)');
  });
});
