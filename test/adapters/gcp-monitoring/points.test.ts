import { describe, expect, it } from 'vitest';
import { endOf, numberOf } from '../../../adapters/gcp-monitoring/points.ts';

describe('a point of Cloud Monitoring', () => {
  it('has no time and no value where those are empty, and not zero', () => {
    expect(endOf({ interval: { endTime: { seconds: '' } } })).toBeUndefined();
    expect(numberOf({ value: { int64Value: '' } })).toBeUndefined();
  });
});
