import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONSUMER_FEATURES,
  consumerFeaturesOf,
  fallenShare,
  type Grower,
} from '../../../core/detector/consumer-features.ts';
import { measure } from '../../../core/detector/evaluate.ts';
import type { Grid } from '../../../core/detector/floors.ts';
import { NOON } from '../../fixtures/builders.ts';

const CELLS = 400;

function aGrid(level: (cell: number) => number): Grid {
  return { end: NOON, cells: Float64Array.from({ length: CELLS }, (_, cell) => level(cell)) };
}

/** A consumer that stands at 10, and from its 200th cell on where `level` has it. */
function aConsumer(level: (cell: number) => number, overrides: Partial<Grower> = {}): Grower {
  const grid = aGrid((cell) => 10 + (cell < 200 ? 0 : level(cell - 200)));
  const evaluation = { ...measure(grid), score: 1, start: 0 };
  return { grid, confidence: 0.9, lasting: 0.8, evaluation, segmentStart: 0, isTogether: false, ...overrides };
}

const growing = (cell: number) => cell / 10;
const HOST = { grid: aGrid((cell) => 40 + (cell < 200 ? 0 : growing(cell - 200))), confidence: 0.8 };

function featuresOf(one: Grower, host = HOST): Record<string, number | undefined> {
  const toRatio = (confidence: number) => 10 * confidence - 5;
  const values = consumerFeaturesOf(one, { host, second: 0.1, toRatio });
  expect(values).toHaveLength(CONSUMER_FEATURES.length);
  return Object.fromEntries(CONSUMER_FEATURES.map(({ name }, index) => [name, values[index]]));
}

describe('the features of consumers', () => {
  it('are the ratios of the curves beside those of its own', () => {
    expect(featuresOf(aConsumer(growing))).toMatchObject({
      grower: 4,
      lasting: 3,
      host: 3,
      second: -4,
      score: 1,
      together: 0,
      change_point_rise: expect.any(Number),
    });
  });

  it('have the pace of a rise that goes on as even, and that of one that ended hours ago as none', () => {
    const { pace, explained, unevenness = 1 } = featuresOf(aConsumer(growing));

    expect(pace).toBeCloseTo(1, 1);
    expect(explained).toBeCloseTo(1, 1);
    expect(unevenness).toBeLessThan(0.05);
    expect(featuresOf(aConsumer((cell) => Math.min(16, growing(cell))))['pace']).toBeCloseTo(0, 6);
  });

  it('state no share of the rise of a host that does not rise', () => {
    expect(featuresOf(aConsumer(growing), { ...HOST, grid: aGrid(() => 40) })['explained']).toBeNaN();
  });

  it('have a restart as fallen by all it had grown, and a collection of garbage by a small part', () => {
    const fallenBy = (points: number) => fallenShare(aConsumer((cell) => growing(cell) - (cell === 199 ? points : 0)));

    expect(fallenBy(20)).toBeGreaterThan(0.9);
    expect(fallenBy(1)).toBeLessThan(0.1);
  });

  it('know the age of one that began within the window, and the hours since a restart', () => {
    const began = aGrid((cell) => (cell < 300 ? 0 : 5));

    expect(featuresOf(aConsumer(growing))).toMatchObject({ age: Number.NaN, since_restart: Number.NaN });
    expect(featuresOf(aConsumer(growing, { grid: began, segmentStart: 380 }))).toMatchObject({
      age: 25,
      since_restart: 5,
    });
  });

  it('do not depend on the level at which a consumer stands', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 30, noNaN: true }), (points) => {
        const { grid, ...rest } = aConsumer(growing);
        const higher = { ...rest, grid: { ...grid, cells: grid.cells.map((level) => level + points) } };
        const [one, other] = [featuresOf({ ...rest, grid }), featuresOf(higher)];

        for (const { name } of CONSUMER_FEATURES) {
          if (Number.isNaN(one[name])) expect(other[name]).toBeNaN();
          else expect(other[name]).toBeCloseTo(one[name] ?? 0, 6);
        }
      }),
      { numRuns: 20 },
    );
  });
});
