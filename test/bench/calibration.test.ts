import { describe, expect, it } from 'vitest';
import {
  atPrior,
  calibrationError,
  priorOf,
  reliability,
  type ScoredWindow,
  shiftPrior,
} from '../../bench/calibration.ts';

function windowsOf(confidence: number, leaks: number, healthy: number): ScoredWindow[] {
  return Array.from({ length: leaks + healthy }, (_, index) => ({ confidence, leak: index < leaks, weight: 1 }));
}

describe('the prior shift', () => {
  it('multiplies the odds by how the odds of the priors differ', () => {
    // Odds of 4 at even priors are odds of 4/99 at one in a hundred.
    expect(shiftPrior(0.8, 0.5, 0.01)).toBeCloseTo(4 / 103, 12);
  });

  it('reads a probability at the old prior as the new prior', () => {
    expect(shiftPrior(0.025, 0.025, 0.3)).toBeCloseTo(0.3, 12);
  });

  it('is reversible', () => {
    expect(shiftPrior(shiftPrior(0.37, 0.025, 0.01), 0.01, 0.025)).toBeCloseTo(0.37, 12);
  });

  it('does not change certainty', () => {
    expect([0, 1].map((certain) => shiftPrior(certain, 0.3, 0.01))).toEqual([0, 1]);
  });

  it('reweights healthy windows to the requested prior, and leaks not at all', () => {
    const windows = [...windowsOf(0.9, 3, 1), ...windowsOf(0.1, 1, 5)];

    const rare = atPrior(windows, 0.4, 0.01);

    expect(priorOf(rare)).toBeCloseTo(0.01, 12);
    expect(rare.filter(({ leak }) => leak).map(({ weight }) => weight)).toEqual([1, 1, 1, 1]);
  });

  it('keeps what is calibrated at one prior calibrated at another', () => {
    // 40 % of the windows leak; each confidence is the share of its windows that do.
    const windows = [...windowsOf(0.75, 3, 1), ...windowsOf(1 / 6, 1, 5)];

    const rare = atPrior(windows, 0.4, 0.01);

    expect(calibrationError(reliability(windows))).toBeCloseTo(0, 12);
    expect(calibrationError(reliability(rare))).toBeCloseTo(0, 12);
  });
});

describe('reliability', () => {
  it('counts each bin, and has no share for an empty one', () => {
    const bins = reliability([...windowsOf(0.62, 1, 3), ...windowsOf(0.68, 3, 1)]);

    expect(bins[6]).toMatchObject({ windows: 8, weight: 1, leaks: 0.5 });
    expect(bins[6]?.confidence).toBeCloseTo(0.65, 12);
    expect(bins[0]).toMatchObject({ windows: 0, weight: 0, leaks: Number.NaN });
  });

  it('holds 0 and 1', () => {
    const bins = reliability([...windowsOf(0, 0, 2), ...windowsOf(1, 3, 0)]);

    expect([bins[0]?.windows, bins[9]?.windows]).toEqual([2, 3]);
  });

  it('has the mean distance of confidence and share that leaks as its error, weighed by windows', () => {
    // 8 windows have a confidence of .65 and half of them leak, 2 have .05 and none does.
    const bins = reliability([...windowsOf(0.65, 4, 4), ...windowsOf(0.05, 0, 2)]);

    expect(calibrationError(bins)).toBeCloseTo(0.8 * 0.15 + 0.2 * 0.05, 12);
  });
});
