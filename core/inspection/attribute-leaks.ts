/** Reads the consumers of a host once: what its verdict is evaluated with, and who grew. */
import { attribute, comparedWindow } from '../detector/attribute.ts';
import type { Attribution, Unattributed } from '../model/attribution.ts';
import type { PointReading } from '../model/points.ts';
import {
  PAGING_FAULTS,
  type Reading,
  type Resource,
  type Series,
  type Unreadable,
  type Window,
} from '../model/series.ts';
import type { Evidence } from '../model/verdict.ts';
import { SourceError } from '../ports/errors.ts';
import type { MeanSpan, MemorySource, Meter } from '../ports/memory-source.ts';
import { CONSUMED, truncatedTo } from './window.ts';

/** A vote needs no more history. An attribution may: it compares what decided the verdict. */
const VOTED_MS = 100 * 3_600_000;

/** What is read with, and what counts it. */
export interface ConsumerAccess {
  readonly source: MemorySource;
  readonly meter: Meter;
}

/**
 * The readings of a host's consumers, over as much of the evaluated window as a vote or an attribution needs; undefined where the source has
 * no consumers.
 */
export async function readConsumers(
  series: Series,
  evidence: Evidence,
  { source, meter }: ConsumerAccess,
  signal?: AbortSignal,
): Promise<readonly Reading[] | undefined> {
  if (source.consumers === undefined) return undefined;
  const span: MeanSpan = { ...CONSUMED, window: readWindow(series, evidence) };
  return collect(source.consumers(series.resource, span, meter, signal), series.resource);
}

/** The used swap of a host over the same window; undefined where the source has no such data. */
export async function readSwap(
  series: Series,
  evidence: Evidence,
  { source, meter }: ConsumerAccess,
  signal?: AbortSignal,
): Promise<Reading | undefined> {
  const span: MeanSpan = { ...CONSUMED, window: readWindow(series, evidence) };
  try {
    return await source.swap?.(series.resource, span, meter, signal);
  } catch (error) {
    return unreadable(series.resource, error);
  }
}

/** How often a host reads pages back from disk, over the same window; undefined where the source has no such data. */
export async function readPageFaults(
  series: Series,
  evidence: Evidence,
  { source, meter }: ConsumerAccess,
  signal?: AbortSignal,
): Promise<PointReading | undefined> {
  const span: MeanSpan = { ...CONSUMED, window: readWindow(series, evidence) };
  try {
    return await source.pageFaults?.(series.resource, span, meter, signal);
  } catch (error) {
    return { ...unreadable(series.resource, error), metric: PAGING_FAULTS };
  }
}

/** What of it should have been read and was not: evidence that is missing is never health. */
export function unreadOf(
  consumers: readonly Reading[] = [],
  ...others: readonly (Reading | PointReading | undefined)[]
): Unreadable | undefined {
  const unread = [...consumers, ...others].find((reading) => reading?.kind === 'unreadable');
  if (unread === undefined) return undefined;
  const { kind, scope, reason, detail } = unread;
  return { kind, scope, reason, detail };
}

function readWindow({ window }: Series, evidence: Evidence): Window {
  const { start, end } = comparedWindow(evidence);
  return { start: Math.min(start, Math.max(window.start, end - VOTED_MS)), end };
}

/** Who grew on a host, with the series that show it. */
export interface WhoGrew {
  readonly attribution: Attribution;
  /** Consumers that should have been read and were not. */
  readonly unread: Unreadable | undefined;
  /** Of the consumers, over the compared segment. */
  readonly consumers: readonly Series[];
}

/** @param readings Of the host's consumers; undefined where the source has none. */
export function whoGrew(series: Series, evidence: Evidence, readings: readonly Reading[] | undefined): WhoGrew {
  if (readings === undefined) return { attribution: UNSUPPORTED, unread: undefined, consumers: [] };
  const window = comparedWindow(evidence);
  return {
    attribution: attribute(series, evidence, readings),
    unread: unreadOf(readings),
    consumers: readings.filter((one): one is Series => one.kind === 'series').map((one) => truncatedTo(one, window)),
  };
}

async function collect(consumers: AsyncIterable<Reading>, scope: Resource): Promise<Reading[]> {
  const readings: Reading[] = [];
  try {
    for await (const reading of consumers) readings.push(reading);
  } catch (error) {
    readings.push(unreadable(scope, error));
  }
  return readings;
}

/** A source that throws, against its promise, has failed for this host alone: the finding stands. */
function unreadable(scope: Resource, error: unknown): Unreadable {
  if (!(error instanceof SourceError)) throw error;
  return { kind: 'unreadable', scope, reason: error.reason, detail: error.message };
}

const UNSUPPORTED: Unattributed = { kind: 'unattributed', reason: 'unsupported', detail: null, traces: [] };

/** Of a leak whose consumers were not read, because those of others took the budget. */
export const NOT_REQUESTED: Unattributed = {
  kind: 'unattributed',
  reason: 'not_requested',
  detail: null,
  traces: [],
};
