import { describe, expect, it } from 'vitest';
import { hingeOf, rampOf, saturationRss, stepRss, twoStepsRss } from '../../../core/detector/change-point.ts';

const floorsOf = (length: number, level: (hour: number) => number) =>
  Float64Array.from({ length }, (_, hour) => level(hour));

describe('hingeOf', () => {
  it('finds the change point and the slope of a line without noise, with no residuals', () => {
    const hinge = hingeOf(floorsOf(60, (hour) => 20 + 0.5 * Math.max(0, hour - 35)));

    expect(hinge?.changePoint).toBe(35);
    expect(hinge?.slope).toBeCloseTo(0.5, 9);
    expect(hinge?.rss).toBeCloseTo(0, 6);
  });

  it('takes a falling line unless rising ones are requested', () => {
    const falls = floorsOf(40, (hour) => 50 - Math.max(0, hour - 20));

    expect(hingeOf(falls)?.slope).toBeCloseTo(-1, 9);
    expect(hingeOf(falls, true)).toBeNull();
  });

  it('draws no line through fewer than three floors after the change point', () => {
    expect(hingeOf(Float64Array.of(1, 2, 3))).toBeNull();
    expect(hingeOf(Float64Array.of(1, 1, 2, 3))?.changePoint).toBe(0);
  });
});

describe('the residual sum of squares of other models', () => {
  it('is 0 for a step', () => {
    expect(stepRss(floorsOf(50, (hour) => (hour < 30 ? 10 : 14)))).toBeCloseTo(0, 6);
  });

  it('is that of the mean where floors step down', () => {
    // Ten floors of 1 and ten of 0 are a quarter each from their mean, squared: 20 / 4.
    expect(stepRss(floorsOf(20, (hour) => (hour < 10 ? 1 : 0)))).toBeCloseTo(5, 6);
  });

  it('is 0 for two steps', () => {
    expect(twoStepsRss(floorsOf(60, (hour) => (hour < 21 ? 10 : hour < 42 ? 14 : 18)))).toBeCloseTo(0, 6);
  });

  it('is 0 for a fill that saturates', () => {
    const fill = floorsOf(80, (hour) => 20 + (hour > 40 ? 10 * (1 - Math.exp(-(hour - 40) / 8)) : 0));

    expect(saturationRss(fill)).toBeCloseTo(0, 6);
  });

  it('is greater than that of the line where floors rise steadily', () => {
    const line = floorsOf(80, (hour) => 20 + 0.4 * Math.max(0, hour - 30));
    const rss = hingeOf(line)?.rss ?? Infinity;

    for (const other of [stepRss, twoStepsRss, saturationRss]) expect(other(line)).toBeGreaterThan(rss + 1);
  });
});

describe('twoStepsRss', () => {
  it('is 0 for two steps at any floors', () => {
    const rests = Array.from({ length: 8 }, (_, location) => {
      const [first, second] = [30 + location, 45 + 3 * location];
      return twoStepsRss(floorsOf(80, (hour) => (hour < first ? 20 : hour < second ? 26 : 24)));
    });

    expect(Math.max(...rests)).toBeCloseTo(0, 6);
  });
});

describe('rampOf', () => {
  it('finds a ramp that has ended, and the share of time since its end', () => {
    // Six hours of rise from hour 20 on, then 17 at rest: over for 17 of 23 hours.
    const ramp = rampOf(floorsOf(44, (hour) => 30 + Math.min(12, 2 * Math.max(0, hour - 20))));

    expect(ramp.rss).toBeCloseTo(0, 6);
    expect(ramp.held).toBeCloseTo(17 / 23, 6);
  });

  it('has greater residuals than a line where growth goes on', () => {
    const floors = floorsOf(44, (hour) => 30 + Math.max(0, hour - 20));

    expect(rampOf(floors).rss).toBeGreaterThan(hingeOf(floors)?.rss ?? Infinity);
  });

  it('explains no more than the mean does where nothing rises', () => {
    // The squares of a line of n floors about their mean: n (n^2 - 1) / 12.
    expect(rampOf(floorsOf(44, (hour) => 90 - hour))).toEqual({ rss: 7095, held: 0 });
  });
});
