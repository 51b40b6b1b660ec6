import { describe, expect, it } from 'vitest';
import { CELL_MS, type Grid, gridOf, hourlyFloors, pairFloors, withoutGaps } from '../../../core/detector/floors.ts';
import { lastSegment } from '../../../core/detector/segment.ts';

const END = 1000 * CELL_MS;
const cleaned = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };
const grid = (cells: readonly number[]): Grid => ({ end: END, cells: Float64Array.from(cells) });
const NONE = Number.NaN;

describe('gridOf', () => {
  it('keeps the least sample of each cell, counted back from the end', () => {
    const times = Float64Array.of(END - 2 * CELL_MS, END - 1.6 * CELL_MS, END - 1.2 * CELL_MS, END - CELL_MS / 2);
    const samples = { times, values: Float64Array.of(5, 3, 4, 9), capacity: 100, limitKnown: true, cleaned };

    expect([...gridOf(samples, END).cells]).toEqual([3, 9]);
  });

  it('evaluates a longer series on its last 31 days', () => {
    const times = Float64Array.of(END - 3000 * CELL_MS, END - CELL_MS);
    const samples = { times, values: Float64Array.of(5, 9), capacity: 100, limitKnown: true, cleaned };

    const { cells } = gridOf(samples, END);

    expect(cells).toHaveLength(31 * 96);
    expect([cells[0], cells.at(-1)]).toEqual([NONE, 9]);
  });
});

describe('hourlyFloors', () => {
  it('is the second lowest of four cells, and the lowest where one is missing', () => {
    expect([...hourlyFloors(grid([4, 1, 3, 2, 4, NONE, 3, 2]))]).toEqual([2, 2]);
  });

  it('keeps the floor before where an hour has no samples, and begins with the first that has', () => {
    expect([...hourlyFloors(grid([NONE, NONE, NONE, NONE, 5, 5, 5, 5, NONE, NONE, NONE, NONE]))]).toEqual([5, 5]);
  });
});

describe('pairFloors', () => {
  it('is the lower of two, or the one that is known', () => {
    expect([...pairFloors(Float64Array.of(4, 2, NONE, 7, 1, NONE, NONE, NONE))]).toEqual([2, 7, 1, NONE]);
  });
});

describe('withoutGaps', () => {
  const without = (floors: readonly number[]) => {
    const { filled, ...counts } = withoutGaps(Float64Array.from(floors));
    return { filled: [...filled], ...counts };
  };

  it('holds the floor before a gap, and at the front the first that is known', () => {
    expect(without([NONE, NONE, 3, NONE, 2])).toEqual({ filled: [3, 3, 3, 3, 2], first: 2, known: 2 });
    expect(without([1, NONE])).toEqual({ filled: [1, 1], first: 0, known: 1 });
  });

  it('has no known floor where all are missing', () => {
    expect(without([NONE, NONE])).toEqual({ filled: [NONE, NONE], first: 2, known: 0 });
    expect(without([])).toEqual({ filled: [], first: 0, known: 0 });
  });
});

describe('lastSegment', () => {
  const falling = (from: number, to: number, cells = 200) =>
    lastSegment(grid(Array.from({ length: cells }, (_, index) => (index < cells / 2 ? from : to))));

  it.each([
    ['a fifth of what was held, and more than three points', 50, 39, [100]],
    ['less than a fifth', 50, 41, []],
    ['a third, but less than three points', 6, 4, []],
    ['three points and a half of ten', 10, 6.5, [100]],
  ])('takes a release of %s as it should', (_, from, to, restarts) => {
    expect(falling(from, to).restarts).toEqual(restarts);
  });

  it('does not take a fall for a restart that stays above the floor of the day before', () => {
    const saw = Array.from({ length: 200 }, (_, index) => 30 + 20 * ((index % 40) / 40));

    expect(lastSegment(grid(saw)).restarts).toEqual([]);
  });

  it('does not take a single unusual cell for a restart', () => {
    const cells = Array.from({ length: 200 }, () => 50);
    cells[150] = 20;

    expect(lastSegment(grid(cells)).restarts).toEqual([]);
  });

  it.each([
    [48, 0],
    [50, 149],
  ])('begins anew after a gap of more than 48 cells (%i cells: at %i)', (gap, start) => {
    const cells = Array.from({ length: 200 }, (_, index) => (index >= 100 && index < 100 + gap - 1 ? NONE : 50));

    expect(lastSegment(grid(cells)).start).toBe(start);
  });
});
