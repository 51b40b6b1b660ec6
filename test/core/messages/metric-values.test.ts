import { describe, expect, it } from 'vitest';
import { ANOMALY_WORDS, formatMetric } from '../../../core/messages/metric-values.ts';
import { ANOMALY_TYPES } from '../../../core/model/anomaly.ts';

describe('formatMetric', () => {
  it.each([
    [0.713, '1', '71.3 %'],
    [3.5 * 1024 ** 3, 'By', '3.50 GiB'],
    [1, '{error}', '1 error'],
    [340, '{error}', '340 errors'],
    [2.345, '{thread}', '2.35 threads'],
    [12.4, 'ms', '12.4 ms'],
    [123_400, 'ms', '123 k ms'],
    [-3, '', '−3'],
  ])('writes %d of %s as %s', (value, unit, text) => {
    expect(formatMetric(value, unit)).toBe(text);
  });
});

describe('what anomalies are called', () => {
  it('has a word for each type', () => {
    expect(ANOMALY_TYPES.map((type) => ANOMALY_WORDS[type]).every((word) => word.length > 2)).toBe(true);
  });
});
