import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCurve } from '../../../core/detector/curve-confidence.ts';
import { LEARNED } from '../../../core/detector/detect.ts';
import type { Grid } from '../../../core/detector/floors.ts';
import { lastSegment } from '../../../core/detector/segment.ts';
import { fleetLogOdds, siblingsVote } from '../../../core/detector/sibling-vote.ts';
import { CURVE_HOURS, curveOf, type HostCurve } from '../../../core/detector/siblings.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { aSeries, aSteadyVerdict, HOUR, NOON } from '../../fixtures/builders.ts';

const NO_FLEET = { together: 0, expected: 0 };
const SINCE = 30;
const { prior } = DEFAULT_POLICY;
const evaluate = (grid: Grid) => evaluateCurve(grid, lastSegment(grid), prior, LEARNED);
const COMPARING = { deployments: [], now: NOON, prior, evaluate };

/** A curve that stands at `level` and has risen by `points` in the last `hours`. */
function aCurve(points: number, { confidence = 0.9, hours = SINCE, level = 40 } = {}): HostCurve {
  const floors = Float32Array.from({ length: CURVE_HOURS }, (_, hour) => {
    return level + points * Math.max(0, 1 - (CURVE_HOURS - 1 - hour) / hours);
  });
  return { floors, confidence, risingHours: hours };
}

const EMPTY: HostCurve = {
  floors: new Float32Array(CURVE_HOURS).fill(Number.NaN),
  confidence: Number.NaN,
  risingHours: 0,
};

function voteOf(
  own: HostCurve,
  group: readonly HostCurve[],
  deployments: readonly { time: number; version: string }[] = [],
) {
  return siblingsVote({ own, group, fleet: NO_FLEET }, { ...COMPARING, deployments });
}

const logOddsOf = (own: HostCurve, group: readonly HostCurve[]) => voteOf(own, group)?.logOdds ?? 0;

const anyCurve = fc
  .record({
    points: fc.double({ min: -20, max: 40, noNaN: true }),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    hours: fc.integer({ min: 0, max: 99 }),
    noise: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: CURVE_HOURS, maxLength: CURVE_HOURS }),
  })
  .map(({ points, confidence, hours, noise }): HostCurve => {
    const { floors } = aCurve(points, { hours: Math.max(1, hours) });
    return { floors: floors.map((floor, hour) => floor + (noise[hour] ?? 0)), confidence, risingHours: hours };
  });

describe('siblings', () => {
  it('speak for a leak where the host leaves them for days', () => {
    const vote = voteOf(aCurve(12, { hours: 70 }), [aCurve(0), aCurve(0.3), aCurve(-1)]);

    expect(vote).toMatchObject({
      evaluator: 'siblings',
      reason: 'siblings_do_not_rise',
      facts: { hours: 70, compared: 3, alike: 0 },
    });
    expect(vote?.logOdds).toBeGreaterThan(0);
  });

  it('do not hide a leak that goes on where they rose once and stand still', () => {
    const stepped = (points: number): HostCurve => {
      const floors = new Float32Array(CURVE_HOURS).map((_, hour) => (hour < CURVE_HOURS - 50 ? 40 : 40 + points));
      return { floors, confidence: 0.05, risingHours: 50 };
    };

    expect(logOddsOf(aCurve(30, { hours: 60, confidence: 0.98 }), [stepped(20), stepped(24)])).toBeGreaterThanOrEqual(
      0,
    );
  });

  it('change their vote little where the host rises little more', () => {
    const group = Array.from({ length: 3 }, () => aCurve(1.2, { hours: 12, confidence: 0.3 }));
    const votes = Array.from({ length: 120 }, (_, step) => {
      const own = aCurve(1.2 + 0.12 * step, { hours: 12, confidence: 0.95 });
      return logOddsOf(own, group);
    });
    const differences = votes.slice(1).map((next, index) => Math.abs((votes[index] ?? 0) - next));

    expect(Math.max(...differences)).toBeLessThan(0.7);
  });

  it('are no comparison at the top, where they cannot rise', () => {
    const full = aCurve(0, { level: 96 });

    expect(voteOf(aCurve(10, { level: 80, confidence: 0.98 }), [full, full])).toBeNull();
  });

  it('leave a plain leak that all of them share reported', () => {
    const vote = voteOf(aCurve(12, { confidence: 0.98 }), [
      aCurve(12, { confidence: 0.01 }),
      aCurve(12, { confidence: 0.01 }),
    ]);

    expect(vote?.logOdds).toBe(-3);
  });

  it('count little against a leak that the host alone has for a few hours', () => {
    expect(logOddsOf(aCurve(12, { hours: 6 }), [aCurve(0), aCurve(0)])).toBeGreaterThan(-1);
  });

  it('speak against a rise that leaves them as their usual differences do', () => {
    const swings = (curve: HostCurve): HostCurve => {
      const floors = curve.floors.map((floor, hour) => floor + 5 * Math.sin(hour / 4));
      return { ...curve, floors };
    };

    const vote = voteOf(swings(aCurve(3, { hours: 8, confidence: 0.8 })), [aCurve(0), aCurve(0.2), aCurve(-0.1)]);

    expect(vote?.logOdds).toBeLessThan(-0.5);
    expect(vote?.reason).toBe('moves_beside_siblings');
  });

  it('speak against a leak that only an unusual one of them would have, where all rise alike', () => {
    const unsure = { confidence: 0.2 };

    const vote = voteOf(aCurve(12), [aCurve(11, unsure), aCurve(12, unsure), aCurve(13, unsure)]);

    expect(vote).toMatchObject({
      reason: 'siblings_rise',
      facts: { compared: 3, alike: 3, siblingRise: expect.closeTo(11.6, 3) },
    });
    expect(vote?.logOdds).toBeLessThan(-1);
  });

  it('hardly speak against a leak that all of them have for days', () => {
    const leaking = { confidence: 0.97, hours: 60 };

    expect(logOddsOf(aCurve(20, leaking), [aCurve(19, leaking), aCurve(22, leaking)])).toBeGreaterThan(-0.6);
  });

  it('make a leak surer, the more clearly they show it too', () => {
    const alike = (confidence: number) => [aCurve(12, { confidence }), aCurve(12, { confidence })];
    const of = (confidence: number) => logOddsOf(aCurve(12, { confidence: 0.5 }), alike(confidence));

    expect(of(0.97)).toBeGreaterThan(of(0.5));
    expect(of(0.5)).toBeGreaterThan(of(0.05));
  });

  it('count for less, the longer a rise that all of them share lasts', () => {
    const of = (hours: number) => {
      const some = { hours, confidence: 0.6 };
      return logOddsOf(aCurve(12, { hours }), [aCurve(12, some), aCurve(12, some)]);
    };

    expect(of(8)).toBeLessThan(of(24));
    expect(of(24)).toBeLessThan(of(72));
  });

  it('rose since a release, where one was deployed about when the rise began', () => {
    const siblings = [aCurve(12), aCurve(12)];
    const deployedAgo = (hours: number) => [{ time: NOON - hours * HOUR, version: '2.31' }];

    expect(voteOf(aCurve(12), siblings, deployedAgo(SINCE + 1))).toMatchObject({
      reason: 'siblings_rise_since_release',
      facts: { deployedHoursAgo: SINCE + 1 },
    });
    expect(voteOf(aCurve(12), siblings, deployedAgo(SINCE + 20))).toMatchObject({ reason: 'siblings_rise' });
  });

  it('that leak too do not hide a leak: the median of the others counts', () => {
    const others = [aCurve(12, { hours: 70 }), aCurve(0), aCurve(0), aCurve(0), aCurve(0.5)];

    expect(voteOf(aCurve(12, { hours: 70 }), others)).toMatchObject({ reason: 'siblings_do_not_rise' });
  });

  it('at another level do other work, and are not compared', () => {
    expect(voteOf(aCurve(12), [aCurve(0, { level: 5 })])).toBeNull();
  });

  it('younger than the rise are not compared', () => {
    const { floors, ...young } = aCurve(0);

    expect(
      voteOf(aCurve(12), [{ ...young, floors: floors.map((floor, hour) => (hour < 80 ? Number.NaN : floor)) }]),
    ).toBeNull();
  });

  it('never speak for a leak where they are copies of the host', () => {
    fc.assert(
      fc.property(anyCurve, fc.integer({ min: 1, max: 8 }), (curve, count) => {
        const copies = Array.from({ length: count }, () => ({ ...curve }));

        expect(logOddsOf(curve, copies)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('vote the same in any order', () => {
    fc.assert(
      fc.property(anyCurve, fc.array(anyCurve, { maxLength: 8 }), (own, group) => {
        expect(voteOf(own, group.toReversed())).toEqual(voteOf(own, group));
      }),
    );
  });

  it('without samples change nothing', () => {
    fc.assert(
      fc.property(anyCurve, fc.array(anyCurve, { maxLength: 8 }), (own, group) => {
        expect(voteOf(own, [EMPTY, ...group, EMPTY])).toEqual(voteOf(own, group));
      }),
    );
  });

  it('have no vote on a host without samples, or alone', () => {
    expect(voteOf(EMPTY, [aCurve(12)])).toBeNull();
    expect(voteOf(aCurve(12), [])).toBeNull();
  });
});

describe('a fleet', () => {
  const fleet = { together: 10, expected: 1 };

  it('speaks against the leak of a host that begins to rise with many others', () => {
    const vote = siblingsVote({ own: aCurve(12, { hours: 10 }), group: [], fleet }, COMPARING);

    expect(vote).toMatchObject({ reason: 'fleet_rises', facts: { hours: 10, together: 10, expected: 1 } });
    expect(vote?.logOdds).toBeLessThan(-1);
  });

  it('counts no more once the rise lasts', () => {
    expect(fleetLogOdds(aCurve(12, { hours: 60 }), fleet)).toBeCloseTo(0, 12);
  });

  it('does not count where no more hosts begin together than by chance', () => {
    expect(fleetLogOdds(aCurve(12), { together: 4, expected: 4 })).toBe(0);
    expect(fleetLogOdds(aCurve(12), { together: 2, expected: 0 })).toBe(0);
    expect(fleetLogOdds(aCurve(12), { together: 0, expected: 9 })).toBe(0);
  });

  it('does not count where siblings can be compared', () => {
    const own = aCurve(12);
    const group = [aCurve(0)];

    const vote = siblingsVote({ own, group, fleet }, COMPARING);

    expect(vote).toEqual(voteOf(own, group));
  });
});

describe('the curve that is kept of a host', () => {
  it('ends with the window, and has no value where an hour has no sample', () => {
    const cells = Array.from({ length: 40 }, (_, cell) => (cell >= 16 && cell < 20 ? null : 0.01 * (cell + 1)));
    const series = aSeries([...cells, null, null, null, null]);

    const curve = curveOf(series, aSteadyVerdict());

    const floors = [...(curve?.floors ?? [])].map((floor) => Number(floor.toFixed(3)));
    expect(floors).toHaveLength(CURVE_HOURS);
    expect(floors.slice(-11)).toEqual([2, 6, 10, 14, Number.NaN, 22, 26, 30, 34, 38, Number.NaN]);
    expect(floors.slice(0, -11).every(Number.isNaN)).toBe(true);
  });

  it('is none of a series without samples', () => {
    expect(curveOf(aSeries([]), aSteadyVerdict())).toBeNull();
  });
});
