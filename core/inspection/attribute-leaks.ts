/**
 * Reads the consumers of leaking hosts, and finds which of them grew. Consumers are billed one by one: they are read only where it
 * is worth its price, for a limited number of hosts, and over the segment that decided the verdict.
 */
import { attribute, comparedWindow } from '../detector/attribute.ts';
import type { Attribution, Unattributed } from '../model/attribution.ts';
import { compareGrade } from '../model/finding.ts';
import type { LeakingHost } from '../model/inspected-host.ts';
import type { Reading, Resource, Series, Unreadable } from '../model/series.ts';
import type { Evidence } from '../model/verdict.ts';
import { SourceError } from '../ports/errors.ts';
import type { MeanSpan, MemorySource, Meter } from '../ports/memory-source.ts';
import { CONSUMED } from './window.ts';

/**
 * Most hosts whose consumers one inspection of an account and region reads. A host's processes are some hundred metrics, so that
 * this many cost as much as reading five thousand hosts; and nobody reads more than fifty Top 10s.
 */
export const EXPLAINED_HOSTS = 50;

/** Hosts whose consumers are read at once. */
const AT_ONCE = 4;

export interface ExplainRequest {
  readonly source: MemorySource;
  readonly meter: Meter;
  /** Whether it is worth its price to read the consumers of a host. Absent: it always is. */
  readonly worthExplaining?: (host: LeakingHost) => boolean;
  /** Hosts whose consumers are read at the most. Default: `EXPLAINED_HOSTS`. */
  readonly mostExplained?: number;
}

/** Yields the hosts in their order, those worth explaining with an attribution. Where they are too many, the most urgent are read. */
export async function* explainLeaks(
  hosts: readonly LeakingHost[],
  { source, meter, worthExplaining = () => true, mostExplained = EXPLAINED_HOSTS }: ExplainRequest,
  signal?: AbortSignal,
): AsyncGenerator<LeakingHost, void, undefined> {
  const byUrgency = hosts.filter(worthExplaining).sort(compareUrgency);
  const chosen = new Set(byUrgency.slice(0, mostExplained));
  const passedOver = new Set(byUrgency.slice(mostExplained));
  for (let start = 0; start < hosts.length; start += AT_ONCE) {
    const some = hosts.slice(start, start + AT_ONCE);
    yield* await Promise.all(
      some.map((host) => {
        if (chosen.has(host)) return explain(host, source, meter, signal);
        return passedOver.has(host) ? { ...host, attribution: NOT_REQUESTED } : host;
      }),
    );
  }
}

async function explain(
  host: LeakingHost,
  source: MemorySource,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<LeakingHost> {
  const { attribution, unread } = await readWhoGrew(host.series, host.verdict.evidence, { source, meter }, signal);
  return { ...host, attribution, ...(unread && { unread }) };
}

/** Who grew on a host, with the series that show it. */
export interface WhoGrew {
  readonly attribution: Attribution;
  /** Consumers that should have been read and were not. */
  readonly unread: Unreadable | undefined;
  /** Of the consumers, over the compared segment. */
  readonly consumers: readonly Series[];
}

/** Reads the consumers of one host, whatever its verdict is. */
export async function readWhoGrew(
  series: Series,
  evidence: Evidence,
  { source, meter }: Pick<ExplainRequest, 'source' | 'meter'>,
  signal?: AbortSignal,
): Promise<WhoGrew> {
  if (source.consumers === undefined) return { attribution: UNSUPPORTED, unread: undefined, consumers: [] };
  const span: MeanSpan = { ...CONSUMED, window: comparedWindow(evidence) };
  const readings = await collect(source.consumers(series.resource, span, meter, signal), series.resource);
  return {
    attribution: attribute(series, evidence, readings),
    unread: readings.find((reading): reading is Unreadable => reading.kind === 'unreadable'),
    consumers: readings.filter((reading): reading is Series => reading.kind === 'series'),
  };
}

/** A source that throws, against its promise, has failed for this host alone: the finding stands. */
async function collect(consumers: AsyncIterable<Reading>, scope: Resource): Promise<Reading[]> {
  const readings: Reading[] = [];
  try {
    for await (const reading of consumers) readings.push(reading);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    readings.push({ kind: 'unreadable', scope, reason: error.reason, detail: error.message });
  }
  return readings;
}

/** Negative when `a` is the more urgent leak: confirmed leaks come first, then those that end sooner. */
function compareUrgency({ verdict: a }: LeakingHost, { verdict: b }: LeakingHost): number {
  return compareGrade(b.grade, a.grade) || endOf(a) - endOf(b);
}

/** Epoch milliseconds; beyond all dates where the end is unknown. */
function endOf({ evidence: { exhaustion } }: LeakingHost['verdict']): number {
  return exhaustion.kind === 'expected' ? exhaustion.likely : Number.MAX_SAFE_INTEGER;
}

const UNSUPPORTED: Unattributed = { kind: 'unattributed', reason: 'unsupported', detail: null, traces: [] };

const NOT_REQUESTED: Unattributed = { kind: 'unattributed', reason: 'not_requested', detail: null, traces: [] };
