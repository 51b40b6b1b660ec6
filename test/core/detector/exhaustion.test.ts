import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exhaustionOf, hoursUntilFull } from '../../../core/detector/exhaustion.ts';
import { COEFFICIENTS } from '../../../core/detector/exhaustion-table.ts';
import type { Outlook } from '../../../core/detector/outlook.ts';

const HOUR = 3_600_000;

/** A floor at 60 % that grows by 1 %/h on a straight line with little noise. */
const outlook = (rest: Partial<Outlook> = {}): Outlook => ({
  level: 60,
  peak: 61,
  growth: { low: 0.9, estimate: 1, high: 1.1 },
  hours: 24,
  lateGrowth: 1,
  curve: { slope: 1, bend: 0, explained: 0 },
  deviation: 0.2,
  jump: 1,
  pattern: null,
  ...rest,
});
const leaking = { limitKnown: true, isLeaking: true, now: 0 };
const steady = { ...leaking, isLeaking: false };

const anOutlook = fc
  .record({
    level: fc.double({ min: 0, max: 100, noNaN: true }),
    above: fc.double({ min: 0, max: 40, noNaN: true }),
    estimate: fc.double({ min: 1e-6, max: 50, noNaN: true }),
    low: fc.double({ min: 0, max: 5, noNaN: true }),
    high: fc.double({ min: 0, max: 5, noNaN: true }),
    hours: fc.integer({ min: 6, max: 744 }),
    lateGrowth: fc.double({ min: -5, max: 50, noNaN: true }),
    slope: fc.double({ min: -5, max: 50, noNaN: true }),
    bend: fc.double({ min: -1, max: 1, noNaN: true }),
    explained: fc.double({ min: 0, max: 1, noNaN: true }),
    deviation: fc.double({ min: 0, max: 40, noNaN: true }),
    jump: fc.double({ min: 0, max: 60, noNaN: true }),
  })
  .map(({ level, above, estimate, low, high, slope, bend, explained, ...rest }) =>
    outlook({
      ...rest,
      level,
      peak: Math.min(100, level + above),
      growth: { low: estimate - low, estimate, high: estimate + high },
      curve: { slope, bend, explained },
    }),
  );

describe('exhaustionOf', () => {
  it('expects the earliest time before the likely one and that before the latest, all finite and none before now', () => {
    fc.assert(
      fc.property(anOutlook, (given) => {
        const { earliest, likely, latest } = hoursUntilFull(given);

        expect(earliest).toBeGreaterThanOrEqual(0);
        expect(likely).toBeGreaterThanOrEqual(earliest);
        expect(latest).toBeGreaterThanOrEqual(likely);
        expect(Number.isFinite(latest)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('expects no time later the higher the level and its peaks are', () => {
    fc.assert(
      fc.property(anOutlook, fc.double({ min: 0, max: 50, noNaN: true }), (given, more) => {
        const [lower, higher] = [
          given,
          { ...given, level: given.level + more, peak: Math.min(100, given.peak + more) },
        ].map(hoursUntilFull);

        for (const time of ['earliest', 'likely', 'latest'] as const) {
          expect(higher?.[time]).toBeLessThanOrEqual((lower?.[time] ?? 0) * (1 + 1e-9) + 1e-9);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is monotone because the line and the parabola together count for something: the coefficients leave room', () => {
    for (const { ahead, curved } of Object.values(COEFFICIENTS)) {
      expect(ahead).toBeGreaterThan(-1);
      expect(curved).toBeGreaterThanOrEqual(0);
      expect(1 + ahead - curved).toBeGreaterThan(0);
    }
  });

  it('counts from the peaks: they reach the limit before the floor does', () => {
    const [low, high] = [hoursUntilFull(outlook()), hoursUntilFull(outlook({ peak: 85 }))];

    expect(high.likely).toBeLessThan(0.6 * low.likely);
    expect(hoursUntilFull(outlook({ level: 90, peak: 100 }))).toMatchObject({ earliest: 0 });
  });

  it('is sooner where growth accelerates, and later where it slows down', () => {
    const straight = hoursUntilFull(outlook());
    const faster = outlook({ lateGrowth: 1.6, curve: { slope: 1.9, bend: 0.02, explained: 0.9 } });
    const slower = outlook({ lateGrowth: 0.7, curve: { slope: 0.5, bend: -0.01, explained: 0.9 } });

    expect(hoursUntilFull(faster).likely).toBeLessThan(0.8 * straight.likely);
    expect(hoursUntilFull(slower).likely).toBeGreaterThan(1.1 * straight.likely);
  });

  it('has a relatively wider interval the further ahead it is and the noisier the host', () => {
    const ratioOf = (rest: Partial<Outlook>) => {
      const { earliest, latest } = hoursUntilFull(outlook(rest));
      return latest / earliest;
    };

    expect(ratioOf({ level: 10, peak: 11 })).toBeGreaterThan(ratioOf({}));
    expect(ratioOf({ deviation: 4, jump: 6, growth: { low: 0.6, estimate: 1, high: 1.5 } })).toBeGreaterThan(
      ratioOf({}),
    );
  });

  it('has fixed bounds for a steady host, counted from its floor', () => {
    const { growth, level } = outlook();

    expect(exhaustionOf(outlook({ deviation: 0 }), steady)).toEqual({
      kind: 'expected',
      earliest: Math.round(((100 - level) / growth.estimate / 1.5) * HOUR),
      likely: 40 * HOUR,
      latest: Math.round(((100 - level) / growth.estimate / 0.6) * HOUR),
    });
  });

  it('is given up to a year ahead', () => {
    const inHours = (hours: number) => {
      const estimate = 100 / hours;
      return exhaustionOf(outlook({ level: 0, deviation: 0, growth: { low: 0, estimate, high: 1 } }), steady);
    };

    expect(inHours(200 * 24)).toMatchObject({ kind: 'expected', latest: 333 * 24 * HOUR + 8 * HOUR });
    expect(inHours(364 * 24)).toMatchObject({ kind: 'expected', latest: null });
    expect(inHours(366 * 24).kind).toBe('cannot_say');
  });

  it('is unknown without a capacity or without growth', () => {
    const still = outlook({ growth: { low: 0, estimate: 0, high: 0 } });

    expect(exhaustionOf(outlook(), { ...leaking, limitKnown: false }).kind).toBe('cannot_say');
    expect(exhaustionOf(still, leaking).kind).toBe('cannot_say');
  });
});
