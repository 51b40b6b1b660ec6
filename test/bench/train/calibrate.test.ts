import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../bench/random.ts';
import { calibrate, type Scored } from '../../../bench/train/calibrate.ts';
import { logOddsOf, sigmoid } from '../../../core/detector/confidence.ts';

/** Windows whose log-odds of a leak are half their score less one. */
function windows(count: number): Scored[] {
  const random = randomFrom(3);
  return Array.from({ length: count }, () => {
    const score = 12 * random() - 6;
    return { score, leak: random() < 1 / (1 + Math.exp(1 - score / 2)) };
  });
}

describe('calibrate', () => {
  const calibration = calibrate(windows(40_000));

  it('reads scores as the probabilities that they were measured to be', () => {
    for (const score of [-2, 0, 2, 4]) {
      const truth = 1 / (1 + Math.exp(1 - score / 2));
      expect(sigmoid(logOddsOf(score, calibration, calibration.prior))).toBeCloseTo(truth, 1);
    }
  });

  it('never reads a greater score as a lesser probability', () => {
    const noisy = calibrate(windows(3000));

    expect(noisy.logOdds).toEqual(noisy.logOdds.toSorted((a, b) => a - b));
    expect(noisy.scores).toEqual(noisy.scores.toSorted((a, b) => a - b));
  });
});
