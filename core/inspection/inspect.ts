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
import {
  comparedWithSiblings,
  compareSiblings,
  evaluatedOf,
  hostKey,
  isCandidate,
  knowingSiblings,
} from './compare-siblings.ts';
import {
  type EvidenceRequest,
  mayNeedConsumers,
  NOTHING_READ,
  withConsumers,
  withCounterfactual,
} from './consumer-evidence.ts';
import type { InspectionSpans } from './window.ts';

export interface InspectRequest extends Omit<EvidenceRequest, 'knowledgeOf' | 'hostMetrics'> {
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly spans: InspectionSpans;
  readonly filters: readonly HostFilter[];
  /** What the host is evaluated with. */
  policyOf(host: Resource): Policy;
  /** What is known of the host beside its curve. Absent: nothing is. */
  knowledgeOf?(host: Resource): Knowledge;
  readonly meter: Meter;
}

/**
 * Yields one result per host in scope. Hosts that may leak come last: they are evaluated again when all hosts of the source were read, with
 * the curves of their siblings, and then with their consumers. Samples are billed per metric, so that those of consumers are read of hosts that
 * leak or may leak, and the finer ones, in one go, of those that leak with all that is known.
 */
export async function* inspect(
  requested: InspectRequest,
  signal?: AbortSignal,
): AsyncGenerator<Inspected, void, undefined> {
  const request = withDeployments(requested);
  const candidates: Evaluated[] = [];
  const comparison = compareSiblings();
  const hostMeter = counting(request.meter);
  for await (const reading of readEvaluated({ ...request, meter: hostMeter }, signal)) {
    if (reading.kind !== 'series') {
      yield reading;
      continue;
    }
    const verdict = detect(reading, request.policyOf(reading.resource), request.knowledgeOf?.(reading.resource));
    comparison.add(reading, verdict);
    const evaluated = evaluatedOf(reading, verdict);
    if (isCandidate(verdict) || evaluated.full) candidates.push(evaluated);
    else yield explained(evaluated, request);
  }
  const knowledgeOf = knowingSiblings(comparison, request);
  const knowing = { ...request, knowledgeOf };
  const suspects: Evaluated[] = [];
  for (const candidate of candidates) {
    const compared = comparedWithSiblings(candidate, comparison, request);
    if (mayNeedConsumers(compared.verdict, compared.full)) suspects.push(compared);
    else yield explained(compared, knowing);
  }
  const voting = { ...knowing, hostMetrics: hostMeter.metricsBilled };
  const voted = (await withConsumers(suspects, voting, signal)).map((host) => explained(host, knowing));
  yield* voted.filter((host) => !isLeaking(host));
  yield* await withRecent(voted.filter(isLeaking), request, signal);
}

/** With what would have turned the verdict, where that is wanted and was not found beside the consumers already. */
function explained(host: Evaluated, request: InspectRequest): Evaluated {
  if (request.explains !== true || host.counterfactual !== undefined) return host;
  return withCounterfactual(host, NOTHING_READ, request);
}

/** What the source states of deployments is known of its hosts too. */
function withDeployments(request: InspectRequest): InspectRequest {
  const { source } = request;
  if (source.deployments === undefined) return request;
  return {
    ...request,
    knowledgeOf: (host) => ({ ...request.knowledgeOf?.(host), deployments: source.deployments?.(host) ?? [] }),
  };
}

/** Counts what is billed of a part of a run, beside the meter of all of it. */
function counting(meter: Meter): Meter & { readonly metricsBilled: number } {
  let metricsBilled = 0;
  return {
    get metricsBilled() {
      return metricsBilled;
    },
    count(call, metrics = 0) {
      metricsBilled += metrics;
      meter.count(call, metrics);
    },
  };
}

/** The coarse pass. A source that fails becomes an unreadable scope, so that the readings before it still count. */
async function* readEvaluated(
  { source, metric, spans, filters, meter }: Pick<InspectRequest, 'source' | 'metric' | 'spans' | 'filters' | 'meter'>,
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
