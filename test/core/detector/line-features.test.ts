import { describe, expect, it } from 'vitest';
import { type Hinge, hingeOf } from '../../../core/detector/change-point.ts';
import { allHoursFeatures, dayFeatures, NO_LINE, twoDayFeatures } from '../../../core/detector/line-features.ts';

const floors = (count: number, at: (index: number) => number) => Float64Array.from({ length: count }, (_, i) => at(i));
/** Alternating, so that no fit is perfect and ratios stay small. */
const noise = (index: number) => (index % 2 === 0 ? 0.1 : -0.1);
const rising = (values: Float64Array): Hinge => {
  const hinge = hingeOf(values, true);
  if (hinge === null) throw new Error('nothing rises');
  return hinge;
};
const complete = (at: (index: number) => number) => {
  const values = floors(48, at);
  return allHoursFeatures(values, rising(values));
};
const twoDays = (at: (index: number) => number) => {
  const values = floors(48, (index) => at(index) + noise(index));
  return twoDayFeatures(values, hingeOf(values, true));
};

const LINE = (index: number) => 20 + Math.max(0, index - 23);
const STEP = (index: number) => (index < 30 ? 20 : 40);
const TWO_STEPS = (index: number) => (index < 24 ? 20 : index < 36 ? 30 : 40);
const FILL = (index: number) => 20 + 20 * (1 - Math.exp(-Math.max(0, index - 23) / 4));
const RAMP = (index: number) => 20 + Math.min(20, 4 * Math.max(0, index - 23));

describe('allHoursFeatures', () => {
  it('measures the rise, its greatest jumps and its highs since the change point', () => {
    const { rise, jump1h, jump2h, fallBack, newHighs } = complete(LINE);

    expect(rise).toBeCloseTo(24);
    expect(jump1h).toBeCloseTo(1 / 24);
    expect(jump2h).toBeCloseTo(2 / 24);
    expect(fallBack).toBe(0);
    expect(newHighs).toBe(1);
  });

  it('sees a step as one jump with one new high', () => {
    const { jump1h, newHighs } = complete(STEP);

    expect(jump1h).toBeGreaterThan(0.7);
    expect(newHighs).toBeLessThan(0.1);
  });

  it('measures how far the floor fell back from a high', () => {
    const { fallBack } = complete((index) => LINE(index) - (index === 40 ? 12 : 0));

    // Its high had been 16 above the change point, and the line is a little less steep for the fall.
    expect(fallBack).toBeGreaterThan(10 / 24);
    expect(fallBack).toBeLessThan(13 / 24);
  });

  it('finds a line better than two steps where there is one, and worse where there are two', () => {
    expect(complete((index) => LINE(index) + noise(index)).overTwoSteps).toBeGreaterThan(10);
    // Below 1 the two steps explain more; they are looked for at every second hour, so that one may be seen an hour off.
    expect(complete((index) => TWO_STEPS(index) + noise(index)).overTwoSteps).toBeLessThan(0.6);
  });

  it('is the same for less than eight hours as where nothing rises', () => {
    const values = floors(7, (index) => index);

    expect(allHoursFeatures(values, rising(values))).toEqual(NO_LINE.allHours);
  });
});

describe('twoDayFeatures', () => {
  it('finds a line better than a step, a fill and two steps where there is one', () => {
    const { overStep, overFillNear, overTwoStepsNear, held } = twoDays(LINE);

    expect(overStep).toBeGreaterThan(10);
    expect(overFillNear).toBeGreaterThan(10);
    expect(overTwoStepsNear).toBeGreaterThan(5);
    expect(held).toBeLessThan(0.2);
  });

  it('finds a step, a fill or two steps better where one of these happened', () => {
    expect(twoDays(STEP).overStep).toBeLessThan(0.1);
    expect(twoDays(FILL).overFillNear).toBeLessThan(-10);
    expect(twoDays(TWO_STEPS).overTwoStepsNear).toBeLessThan(0.6);
    expect(twoDays(RAMP).overRamp).toBeLessThan(0.1);
  });

  it('measures the share of time since a ramp ended', () => {
    // Five hours of rise, twenty of rest, seen at every second hour.
    expect(twoDays(RAMP).held).toBeCloseTo(0.8, 1);
  });

  it('takes the least leaky values where nothing rises', () => {
    expect(twoDays((index) => 50 - index)).toEqual(NO_LINE.twoDays);
  });
});

describe('dayFeatures', () => {
  it('measures how long the floor has stood still at the top', () => {
    // A ramp of twelve half-hours, then as many at rest; the line fitted to both begins before it.
    const { flatShare } = dayFeatures(floors(48, (index) => 20 + Math.min(12, Math.max(0, index - 23))));

    expect(flatShare).toBeGreaterThan(0.4);
    // Within a tenth of the rise it counts as still: the last tenth of a line does.
    expect(dayFeatures(floors(48, (index) => 20 + Math.max(0, index - 23))).flatShare).toBeLessThan(0.15);
  });

  it('fills a missing floor with the one before, and begins with the first known floor', () => {
    const holes = floors(48, (index) => (index < 4 || index % 5 === 2 ? Number.NaN : 20 + Math.max(0, index - 23)));

    const { overTwoSteps } = dayFeatures(holes);

    expect(overTwoSteps).toBeGreaterThan(2);
  });

  it('is the same for nothing, and for less than six hours, as where nothing rises', () => {
    expect(dayFeatures(new Float64Array())).toEqual(NO_LINE.day);
    expect(dayFeatures(floors(11, (index) => index))).toEqual(NO_LINE.day);
  });
});
