/**
 * Attribution: finds which consumers of a leaking host grew. Pure, as `detect` is. Consumers are compared over the segment that
 * decided the verdict, and each is listed with its share of the host's rise, however much it uses.
 */

import type {
  Attributed,
  Attribution,
  Contribution,
  Remainder,
  Unattributed,
  Unexplained,
} from '../model/attribution.ts';
import type { NotMonitored, Reading, Series, Unit, Window } from '../model/series.ts';
import type { Evidence, Interval } from '../model/verdict.ts';
import { filledGaps, type Presence } from './presence.ts';
import { type Ends, endsOf, endsWithin, riseOf, shareOf } from './rise.ts';
import { consumerKey, type Usage, usageOf } from './usage.ts';

/** How many consumers are listed by growth, and how many by size. */
const TOP = 10;

/** Rounding error of the difference between two equal means, over the mean. */
const ROUNDING = 1e-9;

const HOUR_MS = 3_600_000;

/** The segment over which consumers are compared: as far back as the horizon that decided. */
export function comparedWindow({ evaluated, horizonHours }: Evidence): Window {
  return { start: Math.max(evaluated.start, evaluated.end - horizonHours * HOUR_MS), end: evaluated.end };
}

/**
 * Finds who grew. Never throws on what a source may send.
 *
 * @param host The host's own series, as it was evaluated.
 * @param readings The readings of the host's consumers, in any order: series, each with its consumer, or why there are none. Series are of
 * bytes, or fractions of the host's capacity with a `limit` of 1 where the host's own series is one. A series of bytes may state the host's capacity as its `limit`; without it shares are of the consumers' own rise.
 */
export function attribute(host: Series, evidence: Evidence, readings: readonly Reading[]): Attribution {
  const series = readings
    .filter((reading) => reading.kind === 'series')
    .filter(({ consumer }) => consumer !== undefined);
  const inBytes = series.filter(({ unit }) => unit === 'By');
  if (inBytes.length === 0 && series.length === 0) return whyNot(readings);
  const inFractions = inBytes.length === 0 && areOfCapacity(host, series);
  const comparable = inBytes.length > 0 ? inBytes : series;
  const usage = comparedUsage(host, evidence, comparable);
  const ends = endsOf(usage.times.length);
  if (inBytes.length === 0 && !inFractions) return incommensurable(ends ? tracesOf(usage, ends) : [], readings);
  if (ends === null) return unattributed('too_little');
  return inFractions ? { ...compare(usage, ends, LEAST_HELD['1']), unit: '1' } : compare(usage, ends, LEAST_HELD.By);
}

/** Whether consumers are fractions of the host's own capacity, as the host is: others are of another total. */
function areOfCapacity(host: Series, consumers: readonly Series[]): boolean {
  return host.unit === '1' && consumers.every(({ unit, limit }) => unit === '1' && limit === 1);
}

/** What the host and its consumers used over the compared segment: consumers of one name together. */
export function comparedUsage(host: Series, evidence: Evidence, consumers: readonly Series[]): Usage {
  // The coarsest period, in which every series has a sample.
  const periodMs = consumers.reduce((longest, one) => Math.max(longest, one.periodMs || 0), host.periodMs);
  return usageOf(host, consumers, comparedWindow(evidence), periodMs);
}

/** Most consumers that are named where their share of the host is unknown. */
const TRACES = 3;

/** Consumers that rose beyond noise, with their rise as a fraction of an unknown capacity. */
function tracesOf({ consumers }: Usage, ends: Ends): Unattributed['traces'] {
  return filledGaps(consumers, null, ends.first[1])
    .map(({ consumer, bytes, known }) => ({ consumer, ...riseOf(bytes, ends, endsWithin(ends, known)) }))
    .filter(({ rise, after }) => rise.low > ROUNDING * after)
    .sort((a, b) => b.rise.estimate - a.rise.estimate || (consumerKey(a.consumer) < consumerKey(b.consumer) ? -1 : 1))
    .slice(0, TRACES)
    .map(({ consumer, rise }) => ({ consumer, rise: rise.estimate }));
}

/** The source knows how consumers are collected in a way that can be compared. */
function incommensurable(traces: Unattributed['traces'], readings: readonly Reading[]): Unattributed {
  const hint = readings.find((reading) => reading.kind === 'not_monitored')?.hint;
  return { ...unattributed('incommensurable', hint), traces };
}

function compare(usage: Usage, ends: Ends, leastHeld: number): Attributed {
  const { host, times, periodMs } = usage;
  const presences = filledGaps(usage.consumers, host, ends.first[1]);
  const together = sumOf(presences, times.length);
  const total = host ?? together;
  const contributions = presences.map((one) => contributionOf(one, total, usage, ends, leastHeld));
  const seenLast = new Set(presences.filter(({ known: [, to] }) => to > ends.last[0]).map(({ consumer }) => consumer));
  return {
    kind: 'attributed',
    window: { start: times[0] ?? 0, end: (times.at(-1) ?? 0) + periodMs },
    basis: host === null ? 'consumers' : 'host',
    rise: riseOf(total, ends).rise,
    consumers: presences.length,
    grown: contributions
      .filter(hasGrown)
      .sort(descendingBy(({ rise }) => rise.estimate))
      .slice(0, TOP),
    largest: contributions
      .filter(({ after, consumer }) => after > 0 && seenLast.has(consumer))
      .sort(descendingBy(({ after }) => after))
      .slice(0, TOP),
    unexplained: host && unexplainedOf(host, together, ends),
  };
}

/** A rise within noise is listed only where it would be this share of the host's rise. */
const WORTH_NAMING = 0.05;

function hasGrown({ rise, share, after }: Contribution): boolean {
  if (rise.estimate <= ROUNDING * after) return false;
  return rise.low > 0 || share === null || share.estimate >= WORTH_NAMING;
}

function contributionOf(
  { consumer, bytes, known }: Presence,
  total: Float64Array,
  { times, periodMs }: Usage,
  ends: Ends,
  leastHeld: number,
): Contribution {
  const first = bytes.findIndex((value) => value > 0);
  const sampled = endsWithin(ends, known);
  return {
    consumer,
    ...riseOf(bytes, ends, sampled),
    share: shareOf(bytes, total, ends, sampled),
    since: first > 0 ? (times[first] ?? null) : null,
    restarts: restartsOf(bytes, leastHeld).flatMap((index) => times[index] ?? []),
    ...collectedOf(known, times, periodMs),
  };
}

/** When a consumer's own samples begin and end, where they do not span all periods. */
function collectedOf([from, to]: Presence['known'], times: readonly number[], periodMs: number) {
  return {
    collectedFrom: from > 0 ? (times[from] ?? 0) : null,
    collectedUntil: to < times.length ? (times[to - 1] ?? 0) + periodMs : null,
  };
}

/** A restarted process holds less than half of its memory; a garbage collection seldom frees as much for good. */
const KEPT_SHARE = 0.5;
/** By unit. Restarts of smaller consumers are not listed. Of fractions the same on a host of 8 GiB. */
const LEAST_HELD: Readonly<Record<Unit, number>> = { By: 16 * 2 ** 20, '1': 0.002 };
/** A period's mean may lie halfway down the fall: it is compared with the higher of the two before. */
const LOOKED_BACK = 2;

/** Indices at which more than half of what was held is gone, where there is something again later. */
function restartsOf(bytes: Float64Array, leastHeld: number): number[] {
  const lastInUse = bytes.findLastIndex((value) => value > 0);
  const restarts: number[] = [];
  for (let index = 1; index <= lastInUse; index++) {
    if (index - (restarts.at(-1) ?? Number.NEGATIVE_INFINITY) <= LOOKED_BACK) continue;
    const held = Math.max(...bytes.subarray(Math.max(0, index - LOOKED_BACK), index));
    if (held >= leastHeld && (bytes[index] ?? 0) < KEPT_SHARE * held) restarts.push(index);
  }
  return restarts;
}

function unexplainedOf(host: Float64Array, together: Float64Array, ends: Ends): Unexplained {
  const beside = host.map((value, index) => value - (together[index] ?? 0));
  const { rise } = riseOf(beside, ends);
  return { rise, share: shareOf(beside, host, ends), remainder: remainderOf(rise) };
}

function remainderOf({ low, high }: Interval): Remainder {
  if (low > 0) return 'not_collected';
  return high < 0 ? 'counted_twice' : 'noise';
}

function sumOf(consumers: readonly Presence[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const { bytes } of consumers)
    for (const [index, value] of bytes.entries()) sum[index] = (sum[index] ?? 0) + value;
  return sum;
}

/** Equals are ordered by name, so that the order in which consumers come never matters. */
function descendingBy(figure: (one: Contribution) => number) {
  return (a: Contribution, b: Contribution) =>
    figure(b) - figure(a) || (consumerKey(a.consumer) < consumerKey(b.consumer) ? -1 : 1);
}

function unattributed(reason: Unattributed['reason'], detail: string | null = null): Unattributed {
  return { kind: 'unattributed', reason, detail, traces: [] };
}

/** Why there is no series: a failed read goes first, because it may have hidden all consumers. */
function whyNot(readings: readonly Reading[]): Unattributed {
  const failed = readings.find((reading) => reading.kind === 'unreadable');
  if (failed) return unattributed(failed.reason, failed.detail);
  const notMonitored = readings.find((reading) => reading.kind === 'not_monitored');
  return notMonitored ? unattributed(reasonOf(notMonitored), notMonitored.hint) : unattributed('not_collected');
}

function reasonOf({ reason }: NotMonitored): Unattributed['reason'] {
  switch (reason) {
    case 'unsupported':
    case 'incommensurable':
      return reason;
    case 'not_reported':
    case 'stopped_reporting':
      return 'not_collected';
  }
}
