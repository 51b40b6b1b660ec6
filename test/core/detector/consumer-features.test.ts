import { describe, expect, it } from 'vitest';
import { consumerFeatures, type SpokenFor } from '../../../core/detector/consumer-features.ts';
import { measure } from '../../../core/detector/evaluate.ts';
import type { Grid } from '../../../core/detector/floors.ts';
import { NOON } from '../../fixtures/builders.ts';

const CELLS = 400;

/** A consumer that stands at 10, and from its 200th cell on where `level` has it. */
function aConsumer(level: (cell: number) => number, confidence = 0.9): SpokenFor {
  const cells = Float64Array.from({ length: CELLS }, (_, cell) => 10 + (cell < 200 ? 0 : level(cell - 200)));
  const grid: Grid = { end: NOON, cells };
  return { grid, confidence, evaluation: { ...measure(grid), score: 0, start: 0 }, isTogether: false };
}

const featuresOf = (best: SpokenFor | null) => consumerFeatures(best, 0.8, (confidence) => 10 * confidence - 5);
const growing = (cell: number) => cell / 10;

describe('the features of consumers', () => {
  it('are the ratios of both curves, while the consumer grows', () => {
    expect(featuresOf(aConsumer(growing))).toEqual({ grower: 4, host: 3, fallen: 0, levelled: 0, together: 0 });
  });

  it('count what was given back at once in neither curve', () => {
    const restarted = aConsumer((cell) => (cell < 199 ? growing(cell) : 0));

    expect(featuresOf(restarted)).toMatchObject({ grower: 0, host: 0, fallen: 1 });
  });

  it('have a growth that ended hours ago as levelled off', () => {
    expect(featuresOf(aConsumer((cell) => Math.min(16, growing(cell)))).levelled).toBe(1);
    expect(featuresOf(aConsumer((cell) => growing(cell) - 8 * Math.floor(cell / 100))).levelled).toBeLessThan(1);
  });

  it('have the least ratio where no consumer moved', () => {
    expect(featuresOf(null)).toEqual({ grower: -2, host: 3, fallen: 0, levelled: 0, together: 0 });
  });
});
