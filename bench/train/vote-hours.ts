/** The hours of generated hosts with what consumers and siblings suggest in each, for the fit of their weights. */
import { clean } from '../../core/detector/clean.ts';
import type { ConsumerFeatures } from '../../core/detector/consumer-features.ts';
import { knownConsumers } from '../../core/detector/consumer-vote.ts';
import { evaluateCurve } from '../../core/detector/curve-confidence.ts';
import { detect } from '../../core/detector/detect.ts';
import { type Grid, gridOf } from '../../core/detector/floors.ts';
import { fullHostOf } from '../../core/detector/full-host.ts';
import type { Learned } from '../../core/detector/learned.ts';
import { lastSegment } from '../../core/detector/segment.ts';
import { siblingsVote } from '../../core/detector/sibling-vote.ts';
import { compareSiblings, isCandidate } from '../../core/inspection/compare-siblings.ts';
import { mayNeedConsumers } from '../../core/inspection/consumer-evidence.ts';
import { effectivePolicy } from '../../core/model/policy.ts';
import type { Reading, Series } from '../../core/model/series.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { consumerFeed } from '../consumer-feed.ts';
import { type BenchSeries, isLeak, windowEnds } from '../data.ts';
import { AS_ADAPTERS, feedable, windowOf } from '../feeds.ts';
import type { Fleets } from '../fleets/fleets.ts';
import { learnedFor } from '../replay.ts';

export interface KnownHour {
  /** Null where neither answer would be right. */
  readonly isLeak: boolean | null;
  /** Null where they are not collected, or the host is no candidate. */
  readonly consumers: ConsumerFeatures | null;
  /** What siblings add to the host's own curve, in log-odds; null where none is compared. */
  readonly siblings: number | null;
}

const POLICY = effectivePolicy();

/** By host, hour by hour. Hosts of a group are read together. */
export function knownHours({ series, halfOf }: Fleets): KnownHour[][] {
  const together = Map.groupBy(series, ({ group, id }) => group ?? id);
  return [...together.values()].flatMap((members) => hoursTogether(members, (one) => learnedFor(halfOf(one))));
}

function hoursTogether(members: readonly BenchSeries[], learnedOf: (one: BenchSeries) => Learned): KnownHour[][] {
  const hosts = members.map((series) => ({
    series,
    learned: learnedOf(series),
    feed: feedable(series, AS_ADAPTERS),
    consumersAt: consumerFeed(series),
  }));
  const ends = members.slice(0, 1).flatMap(windowEnds);
  const byTime = ends.map((now) => {
    const comparison = compareSiblings();
    const evaluated = hosts.map((host) => {
      const window = inGroup(windowOf(host.feed, now, AS_ADAPTERS.hours), host.series);
      const verdict = detect(window, POLICY, { learned: host.learned });
      comparison.add(window, verdict);
      return { host, window, verdict };
    });
    return evaluated.map(({ host, window, verdict }): KnownHour => {
      const curves = isCandidate(verdict) ? comparison.of(window.resource) : undefined;
      const vote = curves && siblingsVote(curves, { deployments: undefined, now: window.window.end });
      return {
        isLeak: isLeak(host.series, now),
        consumers: featuresOf(window, verdict, host.consumersAt(now, AS_ADAPTERS.hours), host.learned),
        siblings: vote?.logOdds ?? null,
      };
    });
  });
  return hosts.map((_, index) => byTime.flatMap((hour) => hour[index] ?? []));
}

function inGroup(window: Series, { group }: BenchSeries): Series {
  return group === undefined ? window : { ...window, resource: { ...window.resource, group } };
}

/** As the detector computes them. */
function featuresOf(
  window: Series,
  verdict: Verdict,
  readings: readonly Reading[] | undefined,
  learned: Learned,
): ConsumerFeatures | null {
  const samples = clean(window);
  if (readings === undefined || samples === undefined || !mayNeedConsumers(verdict, fullHostOf(window, verdict)))
    return null;
  const evaluate = (grid: Grid) => evaluateCurve(grid, lastSegment(grid), POLICY.prior, learned);
  const grid = gridOf(samples, window.window.end);
  const subject = { series: window, samples, grid, segment: lastSegment(grid), curve: evaluate(grid) };
  return knownConsumers(subject, readings, POLICY.prior, evaluate)?.features ?? null;
}
