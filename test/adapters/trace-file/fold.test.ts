/** Samples folded into periods. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startFold } from '../../../adapters/trace-file/hosts/fold.ts';
import type { Span, Statistic } from '../../../core/model/series.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';

const SPAN: Span = { window: { start: NOON, end: NOON + 60 * MINUTE }, periodMs: 15 * MINUTE, statistic: 'average' };

/** Samples around the window, in any order. */
const samples = fc.array(
  fc.record({ minute: fc.integer({ min: -30, max: 90 }), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe('a fold', () => {
  it.each<[Statistic, (values: readonly number[]) => number]>([
    ['average', (values) => values.reduce((sum, value) => sum + value, 0) / values.length],
    ['minimum', (values) => Math.min(...values)],
    ['maximum', (values) => Math.max(...values)],
  ])('gives the %s of each period that holds a sample, and no other', (statistic, reference) => {
    fc.assert(
      fc.property(samples, (drawn) => {
        const fold = startFold({ ...SPAN, statistic });
        for (const { minute, value } of drawn) fold.add(NOON + minute * MINUTE, value);

        const { times, values } = fold.finish();

        const inside = drawn.filter(({ minute }) => minute >= 0 && minute < 60);
        const periods = Map.groupBy(inside, ({ minute }) => Math.floor(minute / 15));
        const expected = [...periods].sort(([a], [b]) => a - b);
        expect([...times]).toEqual(expected.map(([period]) => NOON + period * SPAN.periodMs));
        expected.forEach(([, held], index) => {
          expect(values[index]).toBeCloseTo(reference(held.map(({ value }) => value)), 12);
        });
      }),
    );
  });

  it('begins its periods at multiples of their length since 1970', () => {
    const fold = startFold({ ...SPAN, window: { start: NOON + 15 * MINUTE, end: NOON + 60 * MINUTE } });

    fold.add(NOON + 44 * MINUTE + 59_999, 1);

    expect([...fold.finish().times]).toEqual([NOON + 30 * MINUTE]);
  });
});
