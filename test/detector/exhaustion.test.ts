import { describe, expect, it } from 'vitest';
import { exhaustionOf } from '../../detector/exhaustion.ts';

const HOUR = 3_600_000;

describe('exhaustionOf', () => {
  it('is what is left over the growth, at its least, its estimate and its most', () => {
    expect(exhaustionOf(60, { low: 0.5, estimate: 1, high: 2 }, true, 0)).toEqual({
      kind: 'expected',
      earliest: 20 * HOUR,
      likely: 40 * HOUR,
      latest: 80 * HOUR,
    });
  });

  it('has no latest time where growth may as well end', () => {
    expect(exhaustionOf(60, { low: -0.1, estimate: 1, high: 2 }, true, 0)).toMatchObject({ latest: null });
  });

  it('is now where memory is full', () => {
    expect(exhaustionOf(100, { low: 1, estimate: 1, high: 1 }, true, 7)).toMatchObject({
      earliest: 7,
      likely: 7,
      latest: 7,
    });
  });

  it('is said up to a year ahead', () => {
    const kindIn = (hours: number) =>
      exhaustionOf(0, { low: 0, estimate: 100 / hours, high: 100 / hours }, true, 0).kind;

    expect(kindIn(364 * 24)).toBe('expected');
    expect(kindIn(366 * 24)).toBe('cannot_say');
  });

  it('cannot be said without a capacity or without growth', () => {
    expect(exhaustionOf(60, { low: 1, estimate: 1, high: 1 }, false, 0).kind).toBe('cannot_say');
    expect(exhaustionOf(60, { low: -1, estimate: 0, high: 1 }, true, 0).kind).toBe('cannot_say');
  });
});
