import { describe, expect, it } from 'vitest';
import { INSPECTED_METRICS, LEAK_METRIC, METRICS } from '../../../core/model/metrics.ts';

describe('the catalogue of metrics', () => {
  it('names each metric once', () => {
    const names = METRICS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });

  it('inspects the memory of hosts for leaks, and nothing else yet', () => {
    expect(METRICS.filter(({ finding }) => finding === 'leak').map(({ name }) => name)).toEqual([LEAK_METRIC]);
    expect(INSPECTED_METRICS).toEqual(['system.memory.utilization']);
  });
});
