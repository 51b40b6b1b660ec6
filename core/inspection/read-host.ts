/**
 * Reads one host, as an inspection does, with what a person wants to see beside its verdict: its finer samples, its consumers with their
 * series, and other hosts of its group. Nothing is recorded or published. What cannot be read is a failure, and never health.
 */
import { detect } from '../detector/detect.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { MOST_SIBLINGS } from '../model/host-memory.ts';
import type { Evaluated, Inspected } from '../model/inspected-host.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { HostPolicies, Policy } from '../model/policy.ts';
import { isResource, type Reading, type Resource, type Series, type Unreadable } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, ReadRequest } from '../ports/memory-source.ts';
import { type WhoGrew, whoGrew } from './attribute-leaks.ts';
import {
  comparedWithSiblings,
  compareSiblings,
  evaluatedOf,
  knowingSiblings,
  type SiblingComparison,
} from './compare-siblings.ts';
import { evaluatedWith, readEvidence, unreadIn, withCounterfactual } from './consumer-evidence.ts';
import { findHost, type HostSearch, sameHost } from './find-host.ts';
import type { HostKnowledge } from './host-knowledge.ts';
import type { InspectionSpans } from './window.ts';

export interface HostToRead
  extends Pick<HostSearch, 'source' | 'filters' | 'host' | 'group' | 'first' | 'meter' | 'plan'> {
  readonly metric: InspectedMetric;
  readonly spans: InspectionSpans;
  readonly policies: HostPolicies;
  /** Reads what runs know of these hosts. Absent: nothing can be read. */
  known?(hosts: readonly Resource[]): Promise<HostKnowledge>;
}

/** A host as it was read. */
export interface HostRead {
  readonly kind: 'read';
  readonly resource: Resource;
  readonly inspected: Inspected;
  /** Of a host with a verdict that rests on evidence. */
  readonly whoGrew: WhoGrew | undefined;
  readonly siblings: readonly Evaluated[];
  /** Null where the group is not known. */
  readonly siblingCount: number | null;
  /** What could not be read beside the host's own samples. */
  readonly failures: readonly Unreadable[];
}

/** `excluded`: the config leaves the host out. `not_found`: the cloud knows no such host, neither now nor in the window. */
export type HostReadOutcome = HostRead | { readonly kind: 'excluded' | 'not_found' };

export async function readHost(request: HostToRead, signal: AbortSignal): Promise<HostReadOutcome> {
  const { source, spans } = request;
  if (source.listing === undefined) return readUnlisted(request, signal);
  const search = { ...request, window: spans.evaluated.window, mostSiblings: MOST_SIBLINGS };
  const found = await findHost(search, source.listing, signal);
  switch (found.kind) {
    case 'excluded':
      return { kind: 'excluded' };
    case 'unreadable':
      return unreadableHost(request, found.failure);
    case 'absent':
      return readGone(request, found.failures, signal);
    case 'found': {
      const readings = await readAll({ ...request, source: found.source, filters: [] }, signal);
      const known = found.known ? [found.known] : [];
      const outcome = await evaluated({ ...request, source: found.source }, [...known, ...readings], signal);
      const { siblingCount } = found;
      return { ...outcome, siblingCount, failures: [...found.failures, ...outcome.failures] };
    }
  }
}

/** Providers keep the series of a host that is gone: its incident is looked at when it has been replaced. */
async function readGone(
  request: HostToRead,
  failures: readonly Unreadable[],
  signal: AbortSignal,
): Promise<HostReadOutcome> {
  const outcome = await readOnly(request, signal);
  if (outcome !== undefined) return { ...outcome, failures: [...failures, ...outcome.failures] };
  const [failure] = failures;
  return failure === undefined ? { kind: 'not_found' } : unreadableHost(request, failure);
}

/** A source that lists nothing beforehand, as of trace files. The others of the group are read where that costs nothing. */
async function readUnlisted(request: HostToRead, signal: AbortSignal): Promise<HostReadOutcome> {
  const own = await readingsOfIt(request, signal);
  if (own === undefined) return { kind: 'not_found' };
  const isIt = sameHost(request);
  const group = own.map(resourceOf).find(isIt)?.group ?? request.group;
  if (group === undefined || request.source.price !== undefined) return hostIn(own, request, signal);
  const readings = await readAll({ ...request, filters: [...request.filters, { include: [{ group }] }] }, signal);
  const others = readings.filter((one): one is Series => one.kind === 'series' && one.resource.group === group);
  const siblings = others.filter(({ resource }) => !isIt(resource));
  const outcome = await hostIn([...own, ...siblings.slice(0, MOST_SIBLINGS)], request, signal);
  return { ...outcome, siblingCount: siblings.length };
}

async function readOnly(request: HostToRead, signal: AbortSignal): Promise<HostRead | undefined> {
  const readings = await readingsOfIt(request, signal);
  return readings && hostIn(readings, request, signal);
}

/** Undefined where there is no such host. An id with a character that a filter takes for any other would read strangers too. */
async function readingsOfIt(request: HostToRead, signal: AbortSignal): Promise<Reading[] | undefined> {
  const { filters, host } = request;
  if (/[*?]/.test(host)) return undefined;
  const only = { ...request, filters: [...filters, { include: [{ id: host }] }] };
  const readings = await readAll(only, signal, { includeGone: true });
  const isThere = readings.some((one) => sameHost(request)(resourceOf(one)));
  return isThere || readings.some(isFailedScope) ? readings : undefined;
}

/** The host among these readings; unreadable where only a failure is. */
async function hostIn(readings: readonly Reading[], request: HostToRead, signal: AbortSignal): Promise<HostRead> {
  if (readings.some((one) => sameHost(request)(resourceOf(one)))) return evaluated(request, readings, signal);
  const failed = readings.find(isFailedScope);
  return unreadableHost(request, failed ?? withoutReading(request));
}

function isFailedScope(reading: Reading): reading is Unreadable {
  return reading.kind === 'unreadable' && !isResource(reading.scope);
}

/** The readings of the evaluated span. A source that fails becomes an unreadable scope, beside what it gave before. */
async function readAll(
  { source, metric, spans, filters, meter }: HostToRead,
  signal: AbortSignal,
  terms: Pick<ReadRequest, 'includeGone'> = {},
): Promise<Reading[]> {
  return readingsOf(source, { metric, span: spans.evaluated, filters, ...terms }, meter, signal);
}

async function readingsOf(
  source: MemorySource,
  request: ReadRequest,
  meter: HostToRead['meter'],
  signal: AbortSignal,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  try {
    for await (const reading of source.read(request, meter, signal)) readings.push(reading);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    readings.push({ kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message });
  }
  return readings;
}

/** Evaluates what was read, and reads the rest for the host alone. */
async function evaluated(request: HostToRead, readings: readonly Reading[], signal: AbortSignal): Promise<HostRead> {
  const isIt = sameHost(request);
  const others = readings.filter((one) => !isIt(resourceOf(one)));
  const failures = others.filter((one): one is Unreadable => one.kind === 'unreadable');
  const series = readings.filter((one): one is Series => one.kind === 'series');
  const { knowing, problems } = await whatIsKnown(request, series);
  const siblings = series.filter(({ resource }) => !isIt(resource)).map((one) => evaluate(one, knowing));
  const own = readings.find((one) => isIt(resourceOf(one))) ?? failures.find(({ scope }) => !isResource(scope));
  const host = own ?? withoutReading(request);
  if (host.kind !== 'series') {
    const resource = resourceOf(host) ?? requestedHost(request);
    const compared = comparedTogether(siblings, knowing);
    return {
      kind: 'read',
      resource,
      inspected: host,
      whoGrew: undefined,
      siblings: compared,
      siblingCount: null,
      failures: [...failures, ...problems],
    };
  }
  const evaluatedHost = evaluate(host, knowing);
  const comparison = comparisonOf([evaluatedHost, ...siblings]);
  const first = comparedWithSiblings(evaluatedHost, comparison, knowing);
  const [recent, read] = await Promise.all([
    readRecent(request, host.resource, signal),
    readEvidence(first, request, signal),
  ]);
  const knowingAll = { ...knowing, knowledgeOf: knowingSiblings(comparison, knowing) };
  const again = withCounterfactual(evaluatedWith(first, read, knowingAll), read, knowingAll);
  const grew =
    again.verdict.state === 'insufficient_data' ? undefined : whoGrew(host, again.verdict.evidence, read.consumers);
  const { attribution } = grew ?? {};
  const unread = unreadIn(read);
  const inspected: Evaluated = {
    ...again,
    ...(recent && { recent }),
    ...(attribution && { attribution }),
    ...(unread && { unread }),
  };
  const missed = [recent, unread].filter((one): one is Unreadable => one?.kind === 'unreadable');
  return {
    kind: 'read',
    resource: host.resource,
    inspected,
    whoGrew: grew,
    siblings: siblings.map((one) => comparedWithSiblings(one, comparison, knowing)),
    siblingCount: null,
    failures: [...failures, ...missed, ...problems],
  };
}

/** Hosts of one group, each compared with the others as an inspection compares them. */
function comparedTogether(hosts: readonly Evaluated[], knowing: Knowing): Evaluated[] {
  const comparison = comparisonOf(hosts);
  return hosts.map((host) => comparedWithSiblings(host, comparison, knowing));
}

/** How hosts are evaluated: with their policy, and what is known of each as runs know it. */
interface Knowing {
  policyOf(host: Resource): Policy;
  knowledgeOf(host: Resource): Knowledge;
}

/** `problems`: what could not be read of it. Then the verdict is by less than a run has, and the answer states it. */
async function whatIsKnown({ source, policies, known }: HostToRead, series: readonly Series[]) {
  const found = await known?.(series.map(({ resource }) => resource));
  const knowing: Knowing = {
    policyOf: policies.of,
    knowledgeOf: (host) => ({
      ...found?.knowledgeOf(host),
      ...(source.deployments && { deployments: source.deployments(host) }),
    }),
  };
  const problems = (found?.problems ?? []).map((problem): Unreadable => {
    const detail = `Inspections also know weeks and labels of hosts, which could not be read here: ${problem}`;
    return { kind: 'unreadable', scope: source.scope, reason: 'unavailable', detail };
  });
  return { knowing, problems };
}

function comparisonOf(hosts: readonly Evaluated[]): SiblingComparison {
  const comparison = compareSiblings();
  for (const { series, verdict } of hosts) comparison.add(series, verdict);
  return comparison;
}

function evaluate(series: Series, { policyOf, knowledgeOf }: Knowing): Evaluated {
  return evaluatedOf(series, detect(series, policyOf(series.resource), knowledgeOf(series.resource)));
}

/** The finer samples of the last hours. */
async function readRecent(
  { source, metric, spans, meter }: HostToRead,
  host: Resource,
  signal: AbortSignal,
): Promise<Reading | undefined> {
  const filters = [{ include: [{ id: host.id }] }];
  const readings = await readingsOf(source, { metric, span: spans.shown, filters, includeGone: true }, meter, signal);
  return readings.find((one) => resourceOf(one)?.id === host.id) ?? readings.find(({ kind }) => kind === 'unreadable');
}

function resourceOf(reading: Reading): Resource | undefined {
  if (reading.kind !== 'unreadable') return reading.resource;
  return isResource(reading.scope) ? reading.scope : undefined;
}

/** The host as it was requested: of one that could not be read no more is known. */
function requestedHost({ source, host, group }: HostToRead): Resource {
  return { ...source.scope, id: host, ...(group !== undefined && { group }) };
}

function unreadableHost(request: HostToRead, failure: Unreadable): HostRead {
  const resource = requestedHost(request);
  const inspected: Unreadable = { ...failure, scope: resource };
  return { kind: 'read', resource, inspected, whoGrew: undefined, siblings: [], siblingCount: null, failures: [] };
}

/** A source that gave nothing for a host that it listed. */
function withoutReading(request: HostToRead): Unreadable {
  const detail = 'the cloud lists the host, and gave no samples of it and no reason';
  return { kind: 'unreadable', scope: requestedHost(request), reason: 'malformed', detail };
}
