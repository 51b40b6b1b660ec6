import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest, type PolicyReplay } from '../../../core/backtest/backtest.ts';
import type { Episode } from '../../../core/backtest/episode.ts';
import { decidedBy } from '../../../core/detector/combine.ts';
import { detect } from '../../../core/detector/detect.ts';
import { truncatedTo } from '../../../core/inspection/window.ts';
import { effectivePolicy, type Policy, thresholdOf } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import type { Verdict } from '../../../core/model/verdict.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aPast, aReplay } from './replays.ts';

const PAST_HOURS = 150;

/** A host that may have a daily hump, a leak, a restart that ends it, and hours without samples. */
const aHost = fc
  .record({
    level: fc.double({ min: 0.1, max: 0.7, noNaN: true }),
    hump: fc.double({ min: 0, max: 0.2, noNaN: true }),
    perHour: fc.constantFrom(0, 0.002, 0.005, 0.01, 0.03),
    from: fc.integer({ min: -140, max: -2 }),
    restart: fc.integer({ min: -60, max: 30 }),
    gap: fc.integer({ min: -60, max: 30 }),
  })
  .map(({ level, hump, perHour, from, restart, gap }) => {
    const leaked = (hour: number) => (hour < restart ? Math.max(0, hour - from) * perHour : 0);
    const past = aPast(PAST_HOURS, (hour) =>
      Math.min(0.99, level + hump * Math.sin((hour * Math.PI) / 12) + leaked(hour)),
    );
    const kept = [...past.times.keys()].filter((index) => {
      const hour = ((past.times[index] ?? 0) - NOON) / HOUR;
      return hour < gap || hour >= gap + 5;
    });
    return pick(past, kept);
  });

function pick(series: Series, indices: readonly number[]): Series {
  const of = (values: Float64Array) => Float64Array.from(indices, (index) => values[index] ?? Number.NaN);
  return { ...series, times: of(series.times), values: of(series.values) };
}

/** The series with other samples from `at` on. */
function alteredFrom(at: number, series: Series, other: Series): Series {
  const before = [...series.times.keys()].filter((index) => (series.times[index] ?? 0) < at);
  const after = [...other.times.keys()].filter((index) => (other.times[index] ?? 0) >= at);
  const [head, tail] = [pick(series, before), pick(other, after)];
  const join = (a: Float64Array, b: Float64Array) => Float64Array.from([...a, ...b]);
  return { ...series, times: join(head.times, tail.times), values: join(head.values, tail.values) };
}

/** What was reported up to a time, by the time of the inspection. The outcome of a host is known only later. */
function reportedUpTo(at: number, replays: readonly PolicyReplay[]): unknown[] {
  const isReported = (time: number | null) => time !== null && time <= at;
  return replays.map(({ episodes }) =>
    episodes
      .filter(({ suspectedAt, openedAt }) => isReported(suspectedAt) || isReported(openedAt))
      .map(({ suspectedAt, openedAt, worse, endedAt, underWay }: Episode) => ({
        suspectedAt: isReported(suspectedAt) ? suspectedAt : null,
        openedAt: isReported(openedAt) ? openedAt : null,
        worse: worse.filter((one) => isReported(one.at)),
        endedAt: isReported(endedAt) ? endedAt : null,
        underWay,
      })),
  );
}

/** Not in order of their effective threshold, which the environment multiplies. */
const SWEEP = [
  ...[0.6, 0.65, 0.7, 0.75, 0.95].map((threshold) => effectivePolicy({ threshold })),
  effectivePolicy({ threshold: 0.6, environment: 'production' }),
  effectivePolicy({ threshold: 0.65, environment: 'development' }),
  effectivePolicy({ threshold: 0.7, environment: 'canary' }),
];

describe('a replay', () => {
  it('reports up to an hour what it reported before any later sample was known', () =>
    fc.assert(
      fc.property(
        aHost,
        aHost,
        fc.integer({ min: -47, max: 0 }),
        fc.constantFrom(0, 1, 7),
        (host, other, hour, delay) => {
          const at = NOON + hour * HOUR;
          const ingestionDelayMs = (delay * HOUR) / 4;
          const policies = SWEEP.slice(0, 1);
          const altered = alteredFrom(at - ingestionDelayMs, host, other);

          const then = backtest(host, aReplay({ to: at, policies, ingestionDelayMs }));
          const now = backtest(altered, aReplay({ policies, ingestionDelayMs }));

          expect(reportedUpTo(at, now)).toEqual(reportedUpTo(at, then));
        },
      ),
      { numRuns: 40 },
    ));

  it('reports at each threshold of a sweep exactly what that threshold reports alone', () =>
    fc.assert(
      fc.property(aHost, (host) => {
        const lastDay = { from: NOON - 24 * HOUR };
        const together = backtest(host, aReplay({ ...lastDay, policies: SWEEP }));
        const alone = SWEEP.flatMap((policy) => backtest(host, aReplay({ ...lastDay, policies: [policy] })));

        expect(together).toEqual(alone);
      }),
      { numRuns: 12 },
    ));
});

describe('the detector', () => {
  it('measures the same at every threshold, which a sweep relies on', () =>
    fc.assert(
      fc.property(aHost, fc.integer({ min: -100, max: 0 }), (host, hour) => {
        const end = NOON + hour * HOUR;
        const truncated = truncatedTo(host, { start: end - 100 * HOUR, end });

        const verdicts = SWEEP.map((policy) => detect(truncated, policy));

        const lines = verdicts.map((verdict, step) => lineOf(verdict, SWEEP[step] ?? effectivePolicy()));
        const leaking = verdicts.filter(({ state }) => state === 'leaking').map(measuredOf);
        const steady = verdicts.filter(({ state }) => state !== 'leaking').map(measuredOf);
        expect(lines.filter(({ state, expected }) => state !== expected)).toEqual([]);
        expect(lines.filter(({ decider, expectedDecider }) => decider !== expectedDecider)).toEqual([]);
        for (const measured of leaking) expect(measured).toEqual(leaking[0]);
        for (const measured of steady) expect(measured).toEqual(steady[0]);
      }),
      { numRuns: 200 },
    ));
});

/** What does not depend on the threshold: who decided does, because it is whose vote led to the side that was reached. */
function measuredOf(verdict: Verdict): unknown {
  if (verdict.state === 'insufficient_data') return verdict;
  const { decidedBy: _, ...measured } = verdict.evidence;
  return measured;
}

function lineOf(verdict: Verdict, policy: Policy) {
  const threshold = thresholdOf(policy);
  if (verdict.state === 'insufficient_data') return { state: verdict.state, expected: verdict.state };
  const { confidence, votes, decidedBy: decider } = verdict.evidence;
  const [own, ...others] = votes;
  const expectedDecider = own === undefined ? undefined : decidedBy(own, others, threshold);
  const expected = confidence >= threshold ? 'leaking' : 'steady';
  return { state: verdict.state, confidence, threshold, expected, decider, expectedDecider };
}
