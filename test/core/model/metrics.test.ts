import { describe, expect, it } from 'vitest';
import { INSPECTED_METRICS, LEAK_METRIC, METRICS, metricWords } from '../../../core/model/metrics.ts';

describe('the catalogue of metrics', () => {
  it('names each metric once', () => {
    const names = METRICS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });

  it('inspects the memory of hosts for leaks, and nothing else yet', () => {
    expect(METRICS.filter(({ finding }) => finding === 'leak').map(({ name }) => name)).toEqual([LEAK_METRIC]);
    expect(INSPECTED_METRICS).toEqual(['system.memory.utilization']);
  });

  it('has a label for each metric that an email has room for, and a noun that an event type can hold', () => {
    for (const { name } of METRICS) {
      expect(metricWords(name)).toMatchObject({
        label: expect.stringMatching(/^\w{1,9}$/),
        eventNoun: expect.stringMatching(/^[a-z]+$/),
      });
    }
  });

  it('does not take a metric that it does not know for memory', () => {
    expect(metricWords('system.filesystem.utilization')).toEqual({ eventNoun: 'metric', label: 'Metric' });
  });
});
