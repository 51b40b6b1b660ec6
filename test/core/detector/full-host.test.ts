import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { detect } from '../../../core/detector/detect.ts';
import { fullHostOf } from '../../../core/detector/full-host.ts';
import { type FullHost, fullHostSchema, fullHostSeverity, isFullFinding } from '../../../core/model/full-host.ts';
import { ROUNDED } from '../../../core/model/notation.ts';
import { HOUR_MS, NOW, type Shape, seriesOf } from './shapes.ts';

const fullOf = (shape: Shape, rest: Parameters<typeof seriesOf>[1] = {}) => {
  const series = seriesOf(shape, rest);
  return fullHostOf(series, detect(series, { threshold: 0.7 }));
};
const hoursAgo = (time: number | null | undefined) => (NOW - (time ?? Number.NaN)) / HOUR_MS;

/** Fills from 40 to 98 % in 20 h, and is restarted. */
const killed: Shape = (hour) => 40 + 58 * (((hour + 10) % 20) / 20);

describe('fullHostOf', () => {
  it('finds a host that is restarted at the top and fills again', () => {
    const full = fullOf(killed);

    expect(full?.kind).toBe('filling_again');
    expect(full?.falls.map(hoursAgo)).toEqual([90, 70, 50, 30, 10]);
    expect(full?.hoursToFull).toBeGreaterThan(15);
    expect(full?.hoursToFull).toBeLessThan(20);
    expect(full?.since).toBeNull();
    expect(full?.highest).toBeGreaterThan(0.95);
  });

  it('finds a host that grew to the top and stays', () => {
    const full = fullOf((hour) => Math.min(96, 50 + hour));

    expect(full).toMatchObject({
      kind: 'stands_at_the_top',
      floorShare: 1,
      peakShare: 1,
      falls: [],
      hoursToFull: null,
    });
    expect(hoursAgo(full?.since)).toBeCloseTo(60, -1);
    expect(full?.level).toBeCloseTo(0.96, 1);
  });

  it.each([
    ['passes through the top', 0.2, 'filling_again'],
    ['is at the top for most of the time between its falls', 0.6, null],
  ] as const)('of a host that %s finds: %s of the hours there, %s', (_, share, kind) => {
    // Every 25 hours it falls to 70 %, is back at 85 % within four hours, and stands at 93 % for a share of the time before the next fall.
    const shape: Shape = (hour) => {
      const since = (hour + 10) % 25;
      if (since >= 25 * (1 - share)) return 93;
      return Math.min(85, 70 + 4 * since);
    };

    expect(fullOf(shape)?.kind ?? null).toBe(kind);
  });

  it('distinguishes a host that was always full', () => {
    const full = fullOf(() => 94);

    expect(full).toMatchObject({ kind: 'steady_full', grows: false });
    expect(hoursAgo(full?.since)).toBe(100);
  });

  it.each<[string, Shape]>([
    ['below the top', () => 85],
    ['that touches the top for an hour', (hour) => (hour === 97 ? 95 : 60)],
    ['whose nightly batch job rises at once', (hour) => (hour % 24 < 5 ? 95 : 60)],
    ["whose season's days reach the top and decline", (hour) => 82 + 10 * Math.sin((2 * Math.PI * hour) / 24)],
    ['that fell from the top once, and stays low', (hour) => (hour < 50 ? 93 : 40)],
  ])('finds nothing on a host %s', (_, shape) => {
    expect(fullOf(shape)).toBeNull();
  });

  it('is null without a limit or a verdict', () => {
    const series = seriesOf(() => 94);
    const stale = { ...series, window: { ...series.window, end: NOW + 10 * HOUR_MS } };
    const bytes = { ...series, unit: 'By' as const, values: series.values.map((value) => value * 1e9) };

    expect(fullHostOf(bytes, detect(bytes, { threshold: 0.7 }))).toBeNull();
    expect(fullHostOf(stale, detect(stale, { threshold: 0.7 }))).toBeNull();
  });

  it('is the same in bytes of any limit', () => {
    const series = seriesOf(killed);
    const limit = 8 * 2 ** 30;
    const bytes = { ...series, unit: 'By' as const, limit, values: series.values.map((value) => value * limit) };

    expect(fullHostOf(bytes, detect(bytes, { threshold: 0.7 }))).toMatchObject({
      kind: 'filling_again',
      recentHours: 6,
    });
  });

  it('keeps its figures within their ranges, whatever the samples', () => {
    const levels = fc.array(fc.double({ min: 0, max: 110, noNaN: true }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(levels, (given) => {
        const full = fullOf((hour) => given[Math.floor(hour)] ?? 0, { noise: 0 });

        if (full === null) return;
        expect(Math.min(full.level, full.floorShare, full.peakShare)).toBeGreaterThanOrEqual(0);
        expect(Math.max(full.level, full.highest, full.floorShare, full.peakShare)).toBeLessThanOrEqual(1);
        expect(full.falls).toEqual([...full.falls].sort((a, b) => a - b));
        expect(() => z.encode(fullHostSchema(ROUNDED), full)).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });
});

describe('a full host', () => {
  const full = (rest: Partial<FullHost>): FullHost => ({
    kind: 'stands_at_the_top',
    level: 0.95,
    highest: 0.96,
    floorShare: 1,
    peakShare: 1,
    recentHours: 6,
    since: NOW,
    falls: [],
    hoursToFull: null,
    grows: false,
    ...rest,
  });

  it('is a finding unless it was always full', () => {
    expect(isFullFinding(full({}))).toBe(true);
    expect(isFullFinding(full({ kind: 'filling_again' }))).toBe(true);
    expect(isFullFinding(full({ kind: 'steady_full' }))).toBe(false);
  });

  const pageFaults = { perSecond: 400, usual: 2, risen: true };

  it('is a finding where it was always full and now reads its pages back from disk, which pages nobody', () => {
    const always = full({ kind: 'steady_full', highest: 0.99, pageFaults });

    expect(isFullFinding(always)).toBe(true);
    expect(fullHostSeverity(always)).toBe('medium');
    for (const one of [
      { ...always, since: null },
      { ...always, pageFaults: { ...pageFaults, risen: false } },
    ]) {
      expect(isFullFinding(one)).toBe(false);
      expect(fullHostSeverity(one)).toBe('low');
    }
  });

  it('is critical at its limit while it reads its pages back from disk, and not where its memory is not full now', () => {
    expect(fullHostSeverity(full({ highest: 0.99, pageFaults }))).toBe('critical');
    expect(fullHostSeverity(full({ highest: 0.96, pageFaults }))).toBe('high');
    expect(fullHostSeverity(full({ highest: 0.99, pageFaults: { ...pageFaults, risen: false } }))).toBe('high');
    const fills = full({ kind: 'filling_again', since: null, hoursToFull: 60, highest: 0.99, pageFaults });
    expect(fullHostSeverity(fills)).toBe('medium');
  });

  it('is critical at its limit while it grows or after falls, high at the top or soon again, and low where it always was', () => {
    expect(fullHostSeverity(full({ highest: 0.99, grows: true }))).toBe('critical');
    expect(fullHostSeverity(full({ highest: 0.99, falls: [NOW] }))).toBe('critical');
    expect(fullHostSeverity(full({ highest: 0.99 }))).toBe('high');
    expect(fullHostSeverity(full({ kind: 'filling_again', since: null, hoursToFull: 20 }))).toBe('high');
    expect(fullHostSeverity(full({ kind: 'filling_again', since: null, hoursToFull: 60 }))).toBe('medium');
    expect(fullHostSeverity(full({ kind: 'steady_full', highest: 1 }))).toBe('low');
  });
});
