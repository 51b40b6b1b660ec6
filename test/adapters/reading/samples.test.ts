/** What samples cannot be. */
import { describe, expect, it } from 'vitest';
import { alignmentFault, fractionFault } from '../../../adapters/reading/samples.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

describe('a fraction of the memory in use', () => {
  it.each([0, 0.5, 1, 1.02, 1.05])('may be %d: a gauge that reads somewhat above full is believed', (fraction) => {
    expect(fractionFault(Float64Array.of(0.5, fraction))).toBeUndefined();
  });

  it.each([-0.01, 1.051, 71.3, Number.NaN, Infinity])('is never %d', (fraction) => {
    expect(fractionFault(Float64Array.of(0.5, fraction))).toBe(`${fraction} of the memory in use`);
  });
});

describe('the time of a sample', () => {
  const span = { window: { start: NOON, end: NOON + HOUR }, periodMs: 5 * MINUTE };

  it('is the start of a period', () => {
    expect(alignmentFault(Float64Array.of(NOON, NOON + 10 * MINUTE), span)).toBeUndefined();
  });

  it('is never inside of one', () => {
    expect(alignmentFault(Float64Array.of(NOON, NOON + 7 * MINUTE), span)).toBe(
      'a sample at 2026-11-20T12:07:00.000Z, inside a period of 300 s',
    );
  });
});
