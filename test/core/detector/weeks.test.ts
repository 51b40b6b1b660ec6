import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weeksOutlookOf } from '../../../core/detector/weeks.ts';
import { encoded } from '../../../core/model/notation.ts';
import type { WeeksOutlook } from '../../../core/model/weeks-outlook.ts';
import { weeksOutlookSchema } from '../../../core/model/weeks-outlook.ts';
import { HOUR_MS, NOW, type Shape, seriesOf } from './shapes.ts';

/** Shapes are of days. */
function outlookOf(shape: (day: number) => number, { days = 42, noise = 0.3, seed = 1 } = {}): WeeksOutlook {
  const hourly: Shape = (hour) => shape(hour / 24);
  const outlook = weeksOutlookOf(seriesOf(hourly, { hours: days * 24, minutes: 60, noise, seed }));
  if (outlook === null) throw new Error('the series is malformed');
  return outlook;
}

const office = (day: number) => (day % 7 < 5 ? 6 * Math.max(0, Math.sin(2 * Math.PI * day)) : 0);

const GROWING: Readonly<Record<string, (day: number) => number>> = {
  'a line of .05 points an hour since three weeks': (day) => 30 + Math.max(0, day - 21) * 1.2,
  'a line of .02 points an hour since the beginning': (day) => 30 + day * 0.48,
  'growth in daily steps': (day) => 30 + Math.floor(Math.max(0, day - 15)) * 0.8,
  'growth beside a habit of the week': (day) => 30 + Math.max(0, day - 18) * 1 + office(day),
  'a sawtooth whose floor rises across restarts': (day) => 30 + day * 1.5 - Math.floor(day / 6) * 5,
};

const STEADY: Readonly<Record<string, (day: number) => number>> = {
  'a flat host': () => 40,
  'a habit of the week': (day) => 40 + office(day),
  'a host that was restarted and refills to its plateau': (day) =>
    day < 34 ? 60 : 60 - 20 * Math.exp(-(day - 34) / 3),
  'three refills within six weeks': (day) => 60 - 15 * Math.exp(-(day % 14) / 1.5),
  'two deployments with a higher level each': (day) => 40 + (day > 12 ? 5 : 0) + (day > 30 ? 4 : 0),
  'a cache that filled within days': (day) => 40 + (day < 20 ? 0 : 18 * (1 - Math.exp(-(day - 20) / 2))),
  'a bulge of ten days that was given back': (day) =>
    40 + 10 * Math.max(0, Math.min(1, (day - 15) / 5, (27 - day) / 5)),
  'a job of two days each month': (day) => 40 + (day % 30 < 2 ? 20 : 0),
  'memory that is given back slowly': (day) => 60 - 0.5 * day,
};

describe('weeksOutlookOf finds', () => {
  it.each(Object.entries(GROWING))('%s', (_, shape) => {
    const outlook = outlookOf(shape);

    expect(outlook.confidence).toBeGreaterThan(0.7);
    expect(outlook.reason).toMatch(/^grows/);
    expect(outlook.growthPerHour.estimate).toBeGreaterThan(0);
    expect(outlook.exhaustion.kind).toBe('expected');
  });

  it('since when, by how much and how fast it has grown', () => {
    const outlook = outlookOf((day) => 30 + Math.max(0, day - 21) * 1.2);

    expect(Math.abs((outlook.since ?? 0) - (NOW - 21 * 24 * HOUR_MS))).toBeLessThan(3 * 24 * HOUR_MS);
    expect(Math.abs(outlook.growthPerHour.estimate - 0.05)).toBeLessThan(0.002);
    expect(outlook.growthPerHour.low).toBeLessThanOrEqual(outlook.growthPerHour.estimate);
    expect(outlook.growthPerHour.high).toBeGreaterThanOrEqual(outlook.growthPerHour.estimate);
    expect(outlook.level - outlook.from).toBeGreaterThan(20);
  });
});

describe('weeksOutlookOf passes over', () => {
  it.each(Object.entries(STEADY))('%s', (_, shape) => {
    const outlook = outlookOf(shape);

    expect(outlook.confidence).toBeLessThan(0.5);
    expect(outlook.reason).not.toMatch(/^grows/);
  });

  it('names a refill', () => {
    expect(outlookOf(STEADY['a host that was restarted and refills to its plateau'] ?? (() => 0)).reason).toBe(
      'refill',
    );
  });

  it('makes no claim about nine days', () => {
    const outlook = outlookOf((day) => 30 + day * 2, { days: 9 });

    expect(outlook.reason).toBe('too_short');
    expect(outlook.confidence).toBe(outlook.prior);
  });

  it('has no outlook without samples', () => {
    expect(weeksOutlookOf({ ...seriesOf(() => 1), times: new Float64Array(), values: new Float64Array() })).toBeNull();
  });
});

describe('weeksOutlookOf keeps', () => {
  const aShape = fc.constantFrom(...Object.values(GROWING), ...Object.values(STEADY));

  it('its answer for the same read, whatever the order of samples, in any capacity', () => {
    fc.assert(
      fc.property(aShape, fc.nat(), fc.integer({ min: 1, max: 1e12 }), (shape, seed, limit) => {
        const series = seriesOf((hour) => shape(hour / 24), { hours: 42 * 24, minutes: 60, seed });
        const reversed = { ...series, times: series.times.toReversed(), values: series.values.toReversed() };
        const inBytes = { ...series, unit: 'By' as const, limit, values: series.values.map((value) => value * limit) };
        const confidence = weeksOutlookOf(series)?.confidence ?? -1;

        expect(weeksOutlookOf(reversed)?.confidence).toBe(confidence);
        expect(weeksOutlookOf(inBytes)?.confidence).toBeCloseTo(confidence, 3);
      }),
      { numRuns: 15 },
    );
  });

  it('finite figures in an outlook that its schema accepts, whatever is read', () => {
    const levels = fc.array(fc.oneof(fc.float({ min: 0, max: 1 }), fc.constant(Number.NaN)), {
      minLength: 1,
      maxLength: 800,
    });
    fc.assert(
      fc.property(levels, (values) => {
        const series = seriesOf(() => 0, { hours: values.length, minutes: 60 });
        const outlook = weeksOutlookOf({ ...series, values: Float64Array.from(values) });
        if (outlook === null) return;

        expect(weeksOutlookSchema.parse(JSON.parse(JSON.stringify(encoded(weeksOutlookSchema, outlook))))).toEqual(
          outlook,
        );
        expect(outlook.confidence).toBeGreaterThanOrEqual(0);
        expect(outlook.confidence).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });
});
