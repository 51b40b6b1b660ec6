import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedOf, smoothNoiseAt, uniformAt } from '../../../sandbox/scenario/random.ts';
import {
  batch,
  creep,
  daily,
  exponential,
  flat,
  linear,
  noise,
  ramp,
  rounded,
  saturating,
  sawtooth,
  staircase,
  sum,
  switchAt,
  workdays,
} from '../../../sandbox/scenario/shapes.ts';

const hour = fc.double({ min: -720, max: 720, noNaN: true });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Values at full hours. */
function hourly(shape: (hour: number) => number, from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => Number(shape(from + index).toFixed(6)));
}

describe('randomness', () => {
  it('is a pure function of seed and position, between 0 and 1', () => {
    fc.assert(
      fc.property(seed, fc.integer(), (s, position) => {
        const value = uniformAt(s, position);

        expect(value).toBe(uniformAt(s, position));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }),
    );
  });

  it('is even on average, and independent between seeds', () => {
    const positions = Array.from({ length: 20_000 }, (_, index) => index);
    const mean = positions.reduce((total, at) => total + uniformAt(1, at), 0) / positions.length;
    const product = positions.reduce((total, at) => total + uniformAt(1, at) * uniformAt(2, at), 0) / positions.length;

    expect(mean).toBeCloseTo(0.5, 2);
    expect(product).toBeCloseTo(0.25, 2);
  });

  it('is smooth where it is asked to be', () => {
    fc.assert(
      fc.property(seed, hour, (s, position) => {
        expect(Math.abs(smoothNoiseAt(s, position + 0.01) - smoothNoiseAt(s, position))).toBeLessThan(0.04);
      }),
    );
  });

  it('starts anew with each name', () => {
    expect(seedOf('web-1')).not.toBe(seedOf('web-2'));
  });
});

describe('shapes', () => {
  it('keep noise within its size', () => {
    fc.assert(
      fc.property(seed, hour, fc.double({ min: 0, max: 20, noNaN: true }), (s, at, size) => {
        expect(Math.abs(noise(s, size)(at))).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('grow from an hour on', () => {
    expect(hourly(linear({ from: -2, perHour: 3 }), -4, 1)).toEqual([0, 0, 0, 3, 6, 9]);
    expect(hourly(staircase({ from: -4, every: 2, step: 5 }), -5, 1)).toEqual([0, 0, 0, 5, 5, 10, 10]);
    expect(hourly(exponential({ from: -3, doubling: 1, atZero: 7 }), -4, 1)).toEqual([0, 0, 1, 3, 7, 15]);
  });

  it('creep at their rate on average and never shrink', () => {
    const shape = creep({ from: -400, perHour: 0.5, seed: 7 });
    const values = hourly(shape, -400, 400);

    expect(values.at(0)).toBe(0);
    expect(values.at(-1)).toBeGreaterThan(400 * 0.8);
    expect(values.at(-1)).toBeLessThan(400 * 1.2);
    expect(values.every((value, index) => value >= (values[index - 1] ?? 0))).toBe(true);
  });

  it('fall back, hold or level off', () => {
    expect(hourly(sawtooth({ every: 3, height: 6 }), -3, 3)).toEqual([0, 2, 4, 0, 2, 4, 0]);
    expect(hourly(ramp({ from: 0, to: 2, height: 8 }), -1, 4)).toEqual([0, 0, 4, 8, 8, 8]);
    expect(saturating({ from: 0, height: 10, settle: 2 })(-1)).toBe(0);
    expect(saturating({ from: 0, height: 10, settle: 2 })(2)).toBeCloseTo(6.32, 2);
    expect(saturating({ from: 0, height: 10, settle: 2 })(50)).toBeCloseTo(10);
    expect(hourly(switchAt(1, flat(3), flat(1)), 0, 2)).toEqual([3, 1, 1]);
  });

  it('repeat by the day and by the week', () => {
    const hump = daily({ peak: 6, height: 4 });
    const office = workdays({ monday: 0, peak: 6, height: 4 });
    const job = batch({ at: 22, lasts: 3, height: 9 });

    expect([hump(6), hump(18), hump(30), hump(-18)]).toEqual([4, 0, 4, 4]);
    expect([office(6), office(4 * 24 + 6), office(5 * 24 + 6), office(7 * 24 + 6)]).toEqual([4, 4, 0, 4]);
    expect(hourly(job, -3, 1)).toEqual([0, 9, 9, 9, 0]);
  });

  it('add up and round', () => {
    expect(sum(flat(1), flat(2))(0)).toBe(3);
    expect(rounded(5, flat(12))(0)).toBe(10);
  });
});
