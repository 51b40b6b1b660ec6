/** Points and expressions, whatever is in them. */
import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customQueryIssue } from '../../../adapters/promql/custom-queries.ts';
import { duration, isOneOf, selector } from '../../../adapters/promql/expressions.ts';
import { parseNumber, samplesOf } from '../../../adapters/promql/points.ts';
import { syntaxIssue } from '../../../adapters/promql/syntax.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const SPAN = { window: { start: NOON - HOUR, end: NOON }, periodMs: 900_000 };

/** A period is evaluated at its end. */
const at = (period: number, value: unknown) => [(SPAN.window.start + (period + 1) * SPAN.periodMs) / 1000, value];

describe('a point', () => {
  it('is of the period at whose end it was evaluated', () => {
    expect(samplesOf([at(0, '0.25'), at(3, '1e-1')], SPAN, '1')).toEqual({
      kind: 'samples',
      times: Float64Array.of(SPAN.window.start, SPAN.window.start + 3 * SPAN.periodMs),
      values: Float64Array.of(0.25, 0.1),
    });
  });

  it.each([
    ['NaN', [at(0, 'NaN')]],
    ['infinite', [at(0, '+Inf')]],
    ['a number and no text', [at(0, 0.5)]],
    ['no number', [at(0, '0x1F')]],
    ['empty', [at(0, '')]],
    ['without a value', [[1]]],
    ['no pair', ['0.5']],
    ['more than all memory', [at(0, '1.2')]],
    ['less than nothing', [at(0, '-0.2')]],
    ['between periods', [[NOON / 1000 - 1, '0.5']]],
    ['of another day', [at(0, '0.5'), at(960, '0.5')]],
    ['of no time that there is', [[1e300, '0.5']]],
    ['one of far too many', Array.from({ length: 9 }, (_, index) => at(index % 4, '0.5'))],
    ['a second value for its period', [at(1, '0.5'), at(1, '0.6')]],
  ])('that is %s makes the series malformed', (_, points) => {
    expect(samplesOf(points, SPAN, '1')).toMatchObject({ kind: 'failed', failure: { reason: 'malformed' } });
  });

  it('of no value is a gap, and one a little below nothing is nothing: guests balloon', () => {
    const span = { window: { start: NOON - 10 * HOUR, end: NOON }, periodMs: 900_000 };
    const text = (period: number) => ['NaN', '-0.001', '+Inf'][period] ?? '0.5';
    const points = Array.from({ length: 40 }, (_, period) => [
      (span.window.start + (period + 1) * span.periodMs) / 1000,
      text(period),
    ]);

    expect(samplesOf(points, span, '1')).toMatchObject({ kind: 'samples', times: { length: 38 }, values: { 0: 0 } });
  });

  it('never makes a series throw, be out of order or leave the window', () => {
    const anyPoint = fc.oneof(
      fc.anything(),
      fc
        .tuple(fc.integer({ min: -3, max: 8 }), fc.constantFrom('0', '0.5', '1.04', 'NaN', 'x'))
        .map(([p, v]) => at(p, v)),
    );
    fc.assert(
      fc.property(fc.array(anyPoint, { maxLength: 8 }), (points) => {
        const samples = samplesOf(points, SPAN, '1');
        if (samples.kind === 'failed') return;
        const times = [...samples.times];
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(times.every((time) => time >= SPAN.window.start && time < SPAN.window.end)).toBe(true);
        expect([...samples.values].every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });

  it('has a number as Go writes it', () => {
    expect(['1', '-2.5', '1e+06', '+Inf', '-Inf', 'NaN', 'Infinity', '1_0', ' 1'].map(parseNumber)).toEqual([
      1,
      -2.5,
      1e6,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an expression', () => {
  it('stays one selector whatever texts are in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }),
        fc.string(),
        (texts, name) => {
          const text = selector('up', [isOneOf('instance', texts), isOneOf(`l${name}`, texts)]);

          expect(syntaxIssue(text)).toBeUndefined();
          expect(parser.parse(text).topNode.firstChild?.name).toBe('VectorSelector');
        },
      ),
    );
  });

  it('writes a period in the largest unit that holds it exactly', () => {
    expect([3_600_000, 900_000, 90_000, 1_500].map(duration)).toEqual(['1h', '15m', '90s', '1500ms']);
  });

  it('of a config may be checked before the config is kept', () => {
    const used = '$statistic_over_time(app_memory_bytes[$period])';
    const noPromql = (field: string) => ({ field, message: expect.stringMatching(/^is no PromQL/) });

    expect(customQueryIssue({ used, limit: 'app_limit_bytes' })).toBeUndefined();
    expect(customQueryIssue({ used: 'app_memory_bytes[$period' })).toEqual(noPromql('used'));
    expect(customQueryIssue({ used, limit: ')' })).toEqual(noPromql('limit'));
  });

  it('is known to be no PromQL before it is sent', () => {
    expect(['up', 'sum by (a) (rate(x[5m]))', '{"a.b"}'].map(syntaxIssue)).toEqual([undefined, undefined, undefined]);
    expect(['', 'sum(', 'a b', 'x'.repeat(5_000)].map(syntaxIssue)).toEqual([
      expect.stringMatching(/^is empty/),
      expect.stringMatching(/^is no PromQL/),
      expect.stringMatching(/^is no PromQL/),
      'is longer than 4000 characters',
    ]);
  });
});
