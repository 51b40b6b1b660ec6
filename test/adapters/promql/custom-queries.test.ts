/** Expressions of an owner's own: which are taken, and when hosts are looked for with them. */
import { describe, expect, it } from 'vitest';
import { customQueryIssue, looksOf } from '../../../adapters/promql/custom-queries.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

describe('an expression of a config', () => {
  it.each([
    'app_memory_bytes',
    '$statistic_over_time(app_memory_bytes[$period])',
    'max by (instance) ($statistic_over_time(app_memory_bytes[$period] offset 1m))',
    'app_total_bytes - app_free_bytes > 0',
    '2 * app_memory_bytes @ end()',
    'rate(rate(app_pages_total[5m])[10m:1m])',
    'quantile_over_time(0.9, app_memory_bytes[$period])',
    'label_replace(app_memory_bytes, "host", "$1", "instance", "(.*):.*")',
    'vector(1)',
  ])('is taken: %s', (used) => {
    expect(customQueryIssue({ used, limit: used })).toBeUndefined();
  });

  it.each([
    ['', 'is empty'],
    ['max by (', 'is no PromQL near'],
    ['foo[5m]', 'is a range of samples, and must be an instant vector'],
    ['(foo[5m] offset 1m)', 'is a range of samples'],
    ['foo[5m:1m]', 'is a range of samples'],
    ['rate(foo)', 'needs a range of samples in rate(foo)'],
    ['max(avg_over_time(foo))', 'needs a range of samples in avg_over_time(foo)'],
    ['max(foo[5m])', 'has a range of samples, foo[5m], where one value is needed'],
    ['foo[5m] / 2', 'has a range of samples'],
    ['"text"', 'is a text'],
    ['1 + 2', 'is a single number'],
    ['scalar(foo)', 'is a single number'],
  ])('is refused: %s', (expression, part) => {
    expect(customQueryIssue({ used: expression })).toEqual({ field: 'used', message: expect.stringContaining(part) });
    expect(customQueryIssue({ used: 'foo', limit: expression })?.field).toBe('limit');
  });
});

describe('the moments at which hosts are looked for', () => {
  it.each([6, 10.5, 99, 100, 101, 167])('end with the window, and begin with it: %d h', (hours) => {
    const of = { start: NOON - hours * HOUR, end: NOON };

    const { window, everyMs } = looksOf(of);

    expect((window.end - window.start) % everyMs).toBe(0);
    expect(window.end).toBe(NOON);
    const [first, count] = [window.start + everyMs, (window.end - window.start) / everyMs];
    expect(first).toBeGreaterThan(of.start);
    expect(first).toBeLessThanOrEqual(of.start + everyMs);
    expect(count).toBeLessThanOrEqual(8);
  });
});
