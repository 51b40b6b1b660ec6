import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../../../core/detector/anomaly/advance.ts';
import { beginState } from '../../../../core/detector/anomaly/learn.ts';
import type { PointSettings } from '../../../../core/detector/anomaly/settings.ts';
import { pointStateSchema } from '../../../../core/model/point-state.ts';
import { between, CPU, daily, FREE, MINUTES_5 } from './made-points.ts';

const LEARNED = 1152;
const ALL = daily(1252, 7);

function begun(settings: PointSettings, points = between(ALL, 0, LEARNED)) {
  const state = beginState(points, settings);
  if (state.kind === 'insufficient') throw new Error('the reference is too short');
  return state;
}

const anyNumber = fc.oneof(
  fc.double({ min: -0.5, max: 1.5, noNaN: true }),
  fc.constantFrom(0, 1, Number.NaN, Infinity, -Infinity, 1e308, -1e308, Number.MIN_VALUE),
);

const anyValues = fc.array(anyNumber, { minLength: 1, maxLength: 40 });

function following(values: readonly number[]) {
  return {
    times: Float64Array.from(values, (_, i) => (LEARNED + i) * MINUTES_5),
    values: Float64Array.from(values),
  };
}

describe('the laws of anomaly inspection', () => {
  it('points that come one by one are scored as points that come at once', () => {
    const start = begun(CPU);
    fc.assert(
      fc.property(anyValues, (values) => {
        const points = following(values);
        const atOnce = advance(start, points, CPU);
        let state = start;
        const scored = values.flatMap((_, i) => {
          const one = advance(state, between(points, i, i + 1), CPU);
          state = one.state;
          return one.scored;
        });
        expect(scored).toEqual(atOnce.scored);
        expect(state).toEqual(atOnce.state);
      }),
      { numRuns: 50 },
    );
  });

  it('points that come again change nothing, and are counted', () => {
    const { state } = advance(begun(CPU), between(ALL, LEARNED), CPU);

    const again = advance(state, between(ALL, LEARNED - 5), CPU);

    expect(again.state).toEqual(state);
    expect(again.scored).toEqual([]);
    expect(again.ignored).toBe(105);
  });

  it('scores and bands are finite whatever is read, and the state is JSON', () => {
    const settings = [CPU, FREE, { ...FREE, direction: 'down', sparse: true }, { ...CPU, fills: true }] as const;
    fc.assert(
      fc.property(
        fc.array(anyNumber, { minLength: 30, maxLength: 60 }),
        anyValues,
        fc.constantFrom(...settings),
        (reference, values, its) => {
          const times = Float64Array.from(reference, (_, i) => (LEARNED - 60 + i) * MINUTES_5);
          const start = beginState({ times, values: Float64Array.from(reference) }, its);
          if (start.kind === 'insufficient') return;
          const { state, scored } = advance(start, following(values), its);
          const isSound = ({ score, expected, low, high }: (typeof scored)[number]) =>
            score >= 0 && score <= 1 && [expected, low, high].every(Number.isFinite);
          expect(scored.filter((point) => !isSound(point))).toEqual([]);
          expect(pointStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('no time is too strange', () => {
    const anyTime = fc.double({ min: -1e300, max: 1e300 });
    const start = begun({ ...CPU, sparse: true, fills: true });
    fc.assert(
      fc.property(fc.array(anyTime, { maxLength: 20 }), (times) => {
        const points = { times: Float64Array.from(times), values: Float64Array.from(times, () => 0.5) };
        const { state, scored, ignored } = advance(start, points, { ...CPU, sparse: true, fills: true });
        expect(scored.length + ignored).toBe(times.length);
        expect(pointStateSchema.safeParse(JSON.parse(JSON.stringify(state))).success).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('a unit or an offset changes no score', () => {
    const points = between(ALL, LEARNED);
    const plain = advance(begun(FREE), points, FREE);
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -100, max: 100 }), (power, offset) => {
        const moved = (values: Float64Array) => values.map((value) => value * 2 ** power + offset * 2 ** power);
        const start = begun(FREE, { times: ALL.times.slice(0, LEARNED), values: moved(ALL.values.slice(0, LEARNED)) });
        const { scored } = advance(start, { ...points, values: moved(points.values) }, FREE);
        const away = scored.map(({ score }, i) => Math.abs(score - (plain.scored[i]?.score ?? Number.NaN)));
        expect(away.filter((distance) => !(distance < 1e-6))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('a point further away on the side that counts has no lower score', () => {
    const settings = [CPU, FREE];
    const states = settings.map((its) => begun(its));
    const scoreOf = (which: number, value: number) => {
      const [state, its] = [states[which], settings[which]];
      if (state === undefined || its === undefined) throw new RangeError('there are two');
      return advance(state, following([value]), its).scored[0];
    };
    const expected = scoreOf(0, 0.4)?.expected ?? Number.NaN;
    const distance = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(distance, distance, fc.constantFrom(0, 1), (a, b, which) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)].map((away) => scoreOf(which, expected + away)?.score);
        expect(far).toBeGreaterThanOrEqual((near ?? Number.NaN) - 1e-12);
      }),
      { numRuns: 100 },
    );
  });

  it('one of a hundred healthy points scores above .99', () => {
    let [above, all] = [0, 0];
    for (const [seed, settings] of [CPU, FREE, { ...CPU, direction: 'down' as const }].entries()) {
      const points = daily(2 * 2016, 40 + seed);
      const { scored } = advance(begun(settings, between(points, 0, 2016)), between(points, 2016), settings);
      above += scored.filter(({ score }) => score > 0.99).length;
      all += scored.length;
    }

    expect(above / all).toBeGreaterThan(0.007);
    expect(above / all).toBeLessThan(0.013);
  });

  it.each([60, 2016, 10_080])('a state after %s points of reference takes at most 6 KB', (referencePoints) => {
    const state = begun({ ...CPU, referencePoints, fills: true }, daily(referencePoints, 3));

    expect(JSON.stringify(state).length).toBeLessThan(6144);
  });
});
