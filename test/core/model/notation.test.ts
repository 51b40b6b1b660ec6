/** How moments and figures leave the program. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EXACT, encoded, ROUNDED, roundFigure } from '../../../core/model/notation.ts';
import { NOON } from '../../fixtures/builders.ts';

const PRECISE = 1234.56789;

describe('a published figure', () => {
  it.each([
    [PRECISE, 1234.57],
    [-PRECISE, -1234.57],
    [0.123456789, 0.123457],
    [12_345_678, 12_345_700],
    [123_456, 123_456],
    [0, 0],
  ])('of %d keeps six significant digits: %d', (figure, published) => {
    expect(roundFigure(figure)).toBe(published);
    expect(encoded(ROUNDED.figure, figure)).toBe(published);
  });
});

describe('an exact figure', () => {
  it('keeps all its digits', () => {
    expect(encoded(EXACT.figure, PRECISE)).toBe(PRECISE);
  });
});

describe.each([
  ['exact', EXACT],
  ['rounded', ROUNDED],
])('a moment in the %s notation', (_, { time }) => {
  it('is ISO 8601 outside and epoch milliseconds in memory', () => {
    const text = encoded(time, NOON);

    expect(text).toBe('2026-11-20T12:00:00.000Z');
    expect(z.decode(time, text)).toBe(NOON);
  });
});
