/** The hours of generated hosts with what consumers and siblings suggest in each, for the trees that are learned from them. */
import { clean } from '../../core/detector/clean.ts';
import { logOddsAt } from '../../core/detector/combine.ts';
import { weighedConsumers } from '../../core/detector/consumer-vote.ts';
import { evaluateCurve } from '../../core/detector/curve-confidence.ts';
import { detect } from '../../core/detector/detect.ts';
import { type Grid, gridOf } from '../../core/detector/floors.ts';
import { fullHostOf } from '../../core/detector/full-host.ts';
import type { Learned } from '../../core/detector/learned.ts';
import { lastSegment } from '../../core/detector/segment.ts';
import { siblingFeatures, siblingLine } from '../../core/detector/sibling-features.ts';
import type { SiblingCurves } from '../../core/detector/siblings.ts';
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
  /** Those that are weighed; null where they are not collected, or the host is no candidate. */
  readonly consumers: readonly KnownConsumer[] | null;
  /** The same, had they been collected for `SHORT_HOURS` only; null of hours that are not to teach it. */
  readonly youngConsumers: readonly KnownConsumer[] | null;
  /** Null where none is compared. */
  readonly siblings: KnownSiblings | null;
}

export interface KnownConsumer {
  readonly features: Float64Array;
  /** Whether it is what leaks, in this hour or another: all consumers as one are where the host is. */
  readonly isLeaker: boolean;
}

export interface KnownSiblings {
  readonly features: Float64Array;
  /** Log-odds of the host's own curve. */
  readonly own: number;
}

const POLICY = effectivePolicy();
/** Consumers may be collected since yesterday: features of two days are not known then. */
const SHORT_HOURS = 30;
/** One hour in so many teaches it. */
const SHORT_EVERY = 4;

/** By group, by host, hour by hour. Hosts of a group are read together; one without siblings is a group. */
export function knownHours({ series, halfOf }: Fleets): KnownHour[][][] {
  const together = Map.groupBy(series, ({ group, id }) => group ?? id);
  return [...together.values()].map((members) => hoursTogether(members, (one) => learnedFor(halfOf(one))));
}

function hoursTogether(members: readonly BenchSeries[], learnedOf: (one: BenchSeries) => Learned): KnownHour[][] {
  const hosts = members.map((series) => ({
    series,
    learned: learnedOf(series),
    feed: feedable(series, AS_ADAPTERS),
    consumersAt: consumerFeed(series),
  }));
  const ends = members.slice(0, 1).flatMap(windowEnds);
  const byTime = ends.map((now, hour) => {
    const comparison = compareSiblings();
    const evaluated = hosts.map((host) => {
      const window = inGroup(windowOf(host.feed, now, AS_ADAPTERS.hours), host.series);
      const verdict = detect(window, POLICY, { learned: host.learned });
      comparison.add(window, verdict);
      return { host, window, verdict };
    });
    return evaluated.map(({ host, window, verdict }): KnownHour => {
      const curves = isCandidate(verdict) ? comparison.of(window.resource) : undefined;
      const consumersOver = (hours: number) => weighedOf(window, verdict, host.consumersAt(now, hours), host);
      return {
        isLeak: isLeak(host.series, now),
        consumers: consumersOver(AS_ADAPTERS.hours),
        youngConsumers: hour % SHORT_EVERY === 0 ? consumersOver(SHORT_HOURS) : null,
        siblings: curves === undefined ? null : comparedOf(curves, host.learned),
      };
    });
  });
  return hosts.map((_, index) => byTime.flatMap((hour) => hour[index] ?? []));
}

function inGroup(window: Series, { group }: BenchSeries): Series {
  return group === undefined ? window : { ...window, resource: { ...window.resource, group } };
}

function comparedOf({ own, group }: SiblingCurves, learned: Learned): KnownSiblings | null {
  const features = siblingFeatures(own, group, evaluatorOf(learned));
  return features && { features: siblingLine(own, features), own: logOddsAt(own.confidence) };
}

function evaluatorOf(learned: Learned) {
  return (grid: Grid) => evaluateCurve(grid, lastSegment(grid), POLICY.prior, learned);
}

/** As the detector weighs them. */
function weighedOf(
  window: Series,
  verdict: Verdict,
  readings: readonly Reading[] | undefined,
  { learned, series: { leaker } }: { readonly learned: Learned; readonly series: BenchSeries },
): KnownConsumer[] | null {
  const samples = clean(window);
  if (readings === undefined || samples === undefined || !mayNeedConsumers(verdict, fullHostOf(window, verdict)))
    return null;
  const evaluate = evaluatorOf(learned);
  const grid = gridOf(samples, window.window.end);
  const subject = { series: window, samples, grid, segment: lastSegment(grid), curve: evaluate(grid) };
  const known = weighedConsumers(subject, readings, POLICY.prior, evaluate);
  if (known === null) return null;
  return known.weighed.map(({ features, isTogether, curve }) => {
    return { features, isLeaker: isTogether || curve.consumer.name === leaker };
  });
}
