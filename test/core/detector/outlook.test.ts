import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../bench/random.ts';
import { detect } from '../../../core/detector/detect.ts';
import { measure } from '../../../core/detector/evaluate.ts';
import type { Grid } from '../../../core/detector/floors.ts';
import { outlookOf } from '../../../core/detector/outlook.ts';
import { HOUR_MS, NOW, type Shape, seriesOf } from './shapes.ts';

const gridOf = (hours: number, at: (hour: number) => number): Grid => ({
  end: 0,
  cells: Float64Array.from({ length: 4 * hours }, (_, cell) => at(Math.floor(cell / 4))),
});
const outlookFor = (at: (hour: number) => number, hours = 30, isLeaking = true) => {
  const grid = gridOf(100, at);
  return outlookOf({ measured: measure(grid), grid, segmentStart: 0, hours }, isLeaking);
};

describe('outlookOf', () => {
  it('has the level of the floor and its growth over these hours', () => {
    const { level, growth, hours, deviation } = outlookFor((hour) => 20 + Math.max(0, hour - 60) * 0.5);

    expect({ level, hours }).toEqual({ level: 39.5, hours: 30 });
    expect(growth.estimate).toBeCloseTo(0.5, 9);
    expect(deviation).toBeCloseTo(0, 9);
  });

  it('measures the growth of the last third, and how growth bends', () => {
    const faster = outlookFor((hour) => 20 + 1.5 * 2 ** (Math.max(0, hour - 60) / 8), 39);
    const straight = outlookFor((hour) => 20 + Math.max(0, hour - 60), 39);

    // 13 h from 20 + 1.5 x 2^(26/8) to 20 + 1.5 x 2^(39/8).
    expect(faster.lateGrowth).toBeGreaterThan(1.3 * faster.growth.estimate);
    expect(faster.lateGrowth).toBeCloseTo((1.5 * (2 ** (39 / 8) - 2 ** (26 / 8))) / 13, 0);
    expect(faster.curve.explained).toBeGreaterThan(0.9);
    expect(straight.lateGrowth).toBeCloseTo(1, 9);
    expect(straight.curve.slope).toBeCloseTo(1, 9);
  });

  it('has the highest cell of the last day as its peak, but none from before the growth or a restart', () => {
    const grid = gridOf(100, (hour) => (hour === 95 || hour === 70 ? 80 : 20 + 0.1 * hour));
    const peakOf = (hours: number, segmentStart = 0) =>
      outlookOf({ measured: measure(grid), grid, segmentStart, hours }, true).peak;

    expect(peakOf(50)).toBe(80);
    expect(peakOf(50, 4 * 97)).toBeLessThan(31);
    expect(outlookFor((hour) => (hour === 70 ? 80 : 20 + 0.1 * hour), 50).peak).toBeLessThan(31);
  });

  it('has the increments in which growth comes', () => {
    const steps = outlookFor((hour) => 20 + 5 * Math.floor(hour / 10), 50);
    const straight = outlookFor((hour) => 20 + 0.5 * hour, 50);

    expect(steps.jump).toBeCloseTo(5, 9);
    expect(straight.jump).toBeCloseTo(0.5, 9);
  });

  it('measures growth over six hours at least', () => {
    expect(outlookFor((hour) => hour, 2).hours).toBe(6);
  });

  it('measures the residuals of the line in these hours, and not before', () => {
    const random = randomFrom(4);
    const noisyBefore = outlookFor((hour) => 20 + (hour < 60 ? 5 * gaussian(random) : 0) + Math.max(0, hour - 60));
    const noisySince = outlookFor((hour) => 20 + (hour < 60 ? 0 : 2 * gaussian(random)) + Math.max(0, hour - 60));

    expect(noisyBefore.deviation).toBeLessThan(0.1);
    expect(noisySince.deviation).toBeGreaterThan(1.2);
    expect(noisySince.deviation).toBeLessThan(3);
  });

  it('names the shape of a leak, and none of a steady host', () => {
    const straight = (hour: number) => 20 + Math.max(0, hour - 60);

    expect(outlookFor(straight, 39).pattern?.name).toBe('linear');
    expect(outlookFor(straight, 39, false).pattern).toBeNull();
  });
});

describe('the exhaustion that detect expects', () => {
  const reportedOf = (shape: Shape, noise: number) => {
    const verdict = detect(seriesOf(shape, { noise }), { threshold: 0.7 });
    if (verdict.state !== 'leaking' || verdict.evidence.exhaustion.kind !== 'expected') throw new Error('no leak');
    const { exhaustion, level, growthPerHour } = verdict.evidence;
    const [earliest, likely, latest] = [exhaustion.earliest, exhaustion.likely, exhaustion.latest ?? Infinity].map(
      (time) => (time - NOW) / HOUR_MS,
    );
    return { earliest, likely, latest, bySlope: (1 - level) / growthPerHour.estimate };
  };

  it('has a wider interval on a noisy host', () => {
    const [quiet, noisy] = [0.1, 2.5].map((noise) => reportedOf((hour) => 60 + 0.6 * Math.max(0, hour - 50), noise));

    const width = (reported: typeof quiet) => (reported?.latest ?? 0) / (reported?.earliest ?? 1);
    expect(width(noisy)).toBeGreaterThan(1.1 * width(quiet));
  });

  it('is sooner than by the slope alone where growth accelerates, and its interval holds the truth', () => {
    // The floor doubles what it has gained every 12 h: from 27 gained to 70 it takes 16.5 h.
    const { earliest, likely, latest, bySlope } = reportedOf((hour) => 30 + 1.5 * 2 ** ((hour - 50) / 12), 0.1);

    expect(likely).toBeLessThan(0.6 * bySlope);
    expect(earliest).toBeLessThan(16.5);
    expect(latest).toBeGreaterThan(16.5);
  });
});
