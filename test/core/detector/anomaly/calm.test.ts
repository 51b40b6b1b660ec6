/** A series whose spread falls for good is learned anew, and what grows in it becomes usual no sooner. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../../bench/random.ts';
import { advance } from '../../../../core/detector/anomaly/advance.ts';
import { beginState } from '../../../../core/detector/anomaly/learn.ts';
import type { Points } from '../../../../core/detector/anomaly/reference.ts';
import { expectedAt, scorerOf } from '../../../../core/detector/anomaly/score.ts';
import type { PointSettings } from '../../../../core/detector/anomaly/settings.ts';
import type { PointState } from '../../../../core/model/point-state.ts';
import { DAY_MS } from './made-points.ts';

/** Quarters of an hour, so that weeks are few points. */
const PERIOD = 900_000;
const A_DAY = DAY_MS / PERIOD;
const LEARNED = 7 * A_DAY;
const SETTINGS: PointSettings = {
  periodMs: PERIOD,
  cycleMs: DAY_MS,
  referencePoints: LEARNED,
  threshold: 0.99,
  direction: 'both',
  lower: null,
  upper: null,
  sparse: false,
  fills: false,
  leastEffect: 0.001,
};

/** A day's curve whose noise is of this deviation at each point. */
function curve(points: number, noise: (i: number) => number, seed = 3): Points {
  const random = randomFrom(seed);
  const times = Float64Array.from({ length: points }, (_, i) => i * PERIOD);
  return {
    times,
    values: times.map((time, i) => Math.sin((2 * Math.PI * time) / DAY_MS) + noise(i) * gaussian(random)),
  };
}

function part({ times, values }: Points, from: number, to?: number): Points {
  return { times: times.slice(from, to), values: values.slice(from, to) };
}

function begun(points: Points, settings = SETTINGS): PointState {
  const state = beginState(part(points, 0, LEARNED), settings);
  if (state.kind === 'insufficient') throw new Error('the reference is too short');
  return state;
}

/** The state after so many days that are quieter by a factor. */
function afterQuiet(days: number, factor: number, settings = SETTINGS, seed = 3): PointState {
  const points = curve(LEARNED + days * A_DAY, (i) => (i < LEARNED ? 0.1 : 0.1 * factor), seed);
  return advance(begun(points, settings), part(points, LEARNED), settings).state;
}

/** Half of the band. */
function bandOf(state: PointState, settings = SETTINGS): number {
  const { low, high } = expectedAt(state, scorerOf(state), settings, state.last + PERIOD);
  return (high - low) / 2;
}

/** What is added to further quiet days, by the days since: how many points until it is reported; undefined where it never is. */
function reportOf(
  state: PointState,
  added: (days: number) => number,
  { isLearnedAnew, seed }: { readonly isLearnedAnew: boolean; readonly seed: number },
): number | undefined {
  const random = randomFrom(seed);
  let now = state;
  for (let i = 0; i < 3 * A_DAY; i++) {
    const time = state.last + (i + 1) * PERIOD;
    const value = Math.sin((2 * Math.PI * time) / DAY_MS) + added(i / A_DAY) + 0.005 * gaussian(random);
    const before = isLearnedAnew ? now : { ...now, calm: null };
    now = advance(before, { times: Float64Array.of(time), values: Float64Array.of(value) }, SETTINGS).state;
    if (now.run !== null && now.run.reportedAt !== null) return i;
  }
  return undefined;
}

describe('a series that is quieter than it was learned to be', () => {
  it('is learned anew after as many days as its reference has, and hears what it was deaf to', () => {
    const [deaf, hearing] = [afterQuiet(7, 0.05), afterQuiet(20, 0.05)];

    expect(bandOf(hearing)).toBeLessThan(bandOf(deaf) / 4);
    expect(reportOf(deaf, () => 0.16, { isLearnedAnew: false, seed: 5 })).toBeUndefined();
    expect(reportOf(hearing, () => 0.16, { isLearnedAnew: true, seed: 5 })).toBeLessThan(A_DAY);
  });

  it('is so however it is quieter, and keeps a band that healthy points stay in', () => {
    for (const factor of [0.2, 0.02]) {
      const points = curve(LEARNED + 25 * A_DAY, (i) => (i < LEARNED ? 0.1 : 0.1 * factor), 9);
      const { scored, episodes } = advance(begun(points), part(points, LEARNED), SETTINGS);
      const late = scored.slice(-10 * A_DAY).filter(({ isAnomaly }) => isAnomaly).length;

      expect(episodes).toEqual([]);
      expect(late).toBeLessThan(0.04 * 10 * A_DAY);
    }
  });

  it('is left as it is where the quiet does not last, has loud days in it, or is no more than the widening follows', () => {
    const weekend = curve(LEARNED + 21 * A_DAY, (i) => (i < LEARNED || (i / A_DAY) % 7 < 5 ? 0.1 : 0.005));
    const points = curve(LEARNED + 21 * A_DAY, () => 0.1);
    const usual = begun(points);

    for (const values of [weekend, points])
      expect(advance(begun(values), part(values, LEARNED), SETTINGS).state.spread).toEqual(begun(values).spread);
    expect(afterQuiet(21, 0.5).spread).toEqual(usual.spread);
    expect(afterQuiet(6, 0.05).spread).toEqual(usual.spread);
  });

  it('is left as it is where it is sparse or fills: quiet days are usual there', () => {
    for (const settings of [
      { ...SETTINGS, sparse: true },
      { ...SETTINGS, fills: true, lower: -2, upper: 2 },
    ])
      expect(afterQuiet(1, 0.05, settings).calm).toBeNull();
  });

  it('never gets a wider band by it, and learns nothing else', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.integer({ min: 1, max: 50 }), (factor, seed) => {
        const points = curve(LEARNED + 8 * A_DAY + 1, (i) => (i < LEARNED ? 0.1 : 0.1 * factor), seed);
        let before = begun(points);
        let changes = 0;
        for (let i = LEARNED; i < points.times.length; i++) {
          const { state } = advance(before, part(points, i, i + 1), SETTINGS);
          const { state: other } = advance({ ...before, calm: null }, part(points, i, i + 1), SETTINGS);
          expect({ level: state.level, profile: state.profile }).toEqual({
            level: other.level,
            profile: other.profile,
          });
          if (state.spread !== before.spread) changes++;
          if (state.spread !== before.spread) expect(bandOf(state)).toBeLessThanOrEqual(bandOf(other) * (1 + 1e-9));
          before = state;
        }
        expect(changes).toBe(1);
      }),
      { numRuns: 1 },
    );
  });

  it('reports what grows in it no later than without being learned anew', () => {
    const quiet = afterQuiet(15, 0.05);
    const before = afterQuiet(7, 0.05);
    const deaf = { ...quiet, spread: before.spread, widening: { lower: 0.25, upper: 0.25 } };
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 3, noNaN: true }), fc.integer({ min: 1, max: 99 }), (perDay, seed) => {
        const grows = (days: number) => perDay * days;
        const anew = reportOf(quiet, grows, { isLearnedAnew: true, seed }) ?? Number.POSITIVE_INFINITY;
        expect(anew).toBeLessThanOrEqual(
          reportOf(deaf, grows, { isLearnedAnew: false, seed }) ?? Number.POSITIVE_INFINITY,
        );
      }),
      { numRuns: 6 },
    );
  });
});
