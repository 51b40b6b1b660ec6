/** Reads the hosts of one source and evaluates each: a stream in, a stream out. A host that cannot be read stops no other. */

import { detect } from '../detector/detect.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import type { HostFilter } from '../model/host-filter.ts';
import { type Evaluated, type Inspected, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { Policy } from '../model/policy.ts';
import { isResource, type Reading, type Resource } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { explainLeaks } from './attribute-leaks.ts';
import { comparedWithSiblings, compareSiblings, evaluatedOf, hostKey, isCandidate } from './compare-siblings.ts';
import type { InspectionSpans } from './window.ts';

export interface InspectRequest {
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly spans: InspectionSpans;
  readonly filters: readonly HostFilter[];
  /** What the host is evaluated with. */
  policyOf(host: Resource): Policy;
  /** What is known of the host beside its curve. Absent: nothing is. */
  knowledgeOf?(host: Resource): Knowledge;
  readonly meter: Meter;
  /** Whether it is worth its price to read the consumers of a leaking host. Absent: it always is. */
  readonly worthExplaining?: (host: LeakingHost) => boolean;
  /** Hosts whose consumers are read at the most. Default: `EXPLAINED_HOSTS`. */
  readonly mostExplained?: number;
}

/**
 * Yields one result per host in scope. Hosts that may leak come last: they are evaluated again when all hosts of the source were read, with
 * the curves of their siblings. Leaking hosts come after them: samples are billed per metric, so the finer ones and those of consumers are
 * read after the coarse pass, in one go, for leaking hosts alone.
 */
export async function* inspect(
  request: InspectRequest,
  signal?: AbortSignal,
): AsyncGenerator<Inspected, void, undefined> {
  const candidates: Evaluated[] = [];
  const comparison = compareSiblings();
  for await (const reading of readEvaluated(request, signal)) {
    if (reading.kind !== 'series') {
      yield reading;
      continue;
    }
    const verdict = detect(reading, request.policyOf(reading.resource), request.knowledgeOf?.(reading.resource));
    comparison.add(reading, verdict);
    if (isCandidate(verdict)) candidates.push(evaluatedOf(reading, verdict));
    else yield evaluatedOf(reading, verdict);
  }
  const suspects: LeakingHost[] = [];
  for (const candidate of candidates) {
    const compared = comparedWithSiblings(candidate, comparison, request);
    if (isLeaking(compared)) suspects.push(compared);
    else yield compared;
  }
  const hosts = await withRecent(suspects, request, signal);
  yield* explainLeaks(hosts, request, signal);
}

/** The coarse pass. A source that fails becomes an unreadable scope, so that the readings before it still count. */
async function* readEvaluated(
  { source, metric, spans, filters, meter }: InspectRequest,
  signal?: AbortSignal,
): AsyncGenerator<Reading, void, undefined> {
  try {
    yield* source.read({ metric, span: spans.evaluated, filters }, meter, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
}

async function withRecent(
  suspects: readonly LeakingHost[],
  request: InspectRequest,
  signal?: AbortSignal,
): Promise<LeakingHost[]> {
  if (suspects.length === 0) return [];
  const recents = await readRecent(suspects, request, signal);
  return suspects.map((suspect) => {
    const recent = recents.get(hostKey(suspect.series.resource));
    return recent === undefined ? suspect : { ...suspect, recent };
  });
}

/** The finer samples of the suspects by host key. A failure here costs the chart, never the finding. */
async function readRecent(
  suspects: readonly Evaluated[],
  { source, metric, spans, filters, meter }: InspectRequest,
  signal?: AbortSignal,
): Promise<Map<string, Reading>> {
  const only: HostFilter = { include: suspects.map(({ series }) => ({ id: series.resource.id })) };
  const readings = new Map<string, Reading>();
  try {
    for await (const reading of source.read(
      { metric, span: spans.shown, filters: [...filters, only] },
      meter,
      signal,
    )) {
      const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
      if (isResource(scope)) readings.set(hostKey(scope), reading);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { reason, message: detail } = error;
    for (const { resource } of suspects.map(({ series }) => series)) {
      if (!readings.has(hostKey(resource)))
        readings.set(hostKey(resource), { kind: 'unreadable', scope: resource, reason, detail });
    }
  }
  return readings;
}
