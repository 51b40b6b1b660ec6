/**
 * Reads the consumers of hosts as evidence: of those that leak, and of those that may. A leak must be somebody's, and a process that grows shows
 * one where the host is noisy or full. Consumers are billed one by one, so that each read has a reason and a price (decision 81).
 */
import { detect } from '../detector/detect.ts';
import { fullHostOf } from '../detector/full-host.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { compareGrade } from '../model/finding.ts';
import type { FullHost } from '../model/full-host.ts';
import { type Evaluated, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import { type Policy, thresholdOf } from '../model/policy.ts';
import type { Reading, Resource, Series } from '../model/series.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import type { Meter } from '../ports/memory-source.ts';
import { type ConsumerAccess, NOT_REQUESTED, readConsumers, readSwap, whoGrew } from './attribute-leaks.ts';
import { hasTurn } from './cadence.ts';

/**
 * The confidence from which a host's consumers are worth reading. With a lower one nothing more was found on generated hosts, and twice as
 * many were read.
 */
const VOTED_FROM = 0.05;

/** Whether consumers may change the verdict on a host, or name its leak. */
export function mayNeedConsumers(verdict: Verdict, full?: FullHost | null): boolean {
  if (verdict.state === 'insufficient_data') return false;
  return verdict.state === 'leaking' || verdict.evidence.confidence >= VOTED_FROM || (full ?? null) !== null;
}

/**
 * Most leaks whose consumers one inspection of an account and region reads. A host's processes are some hundred metrics, so that
 * this many cost as much as reading five thousand hosts; and nobody reads more than fifty Top 10s.
 */
export const EXPLAINED_HOSTS = 50;

/** Where consumers are billed, those of hosts that do not leak by their own curve cost this share of what reading the hosts costs … */
const VOTED_SHARE = 0.25;
/** … or as many metrics, where that is more. */
export const VOTED_METRICS = 200;
/**
 * Hours after which a host that may leak has its turn again, where consumers are billed: the vote of a curve that is nearly the same would be
 * nearly the same. As the turns of quiet hosts, they need no memory of the last vote, and a run that is repeated votes as before.
 */
export const VOTED_EVERY_HOURS = 4;

/** Hosts whose consumers are read at once. */
const AT_ONCE = 4;
const HOUR_MS = 3_600_000;

export interface EvidenceRequest extends ConsumerAccess {
  policyOf(host: Resource): Policy;
  /** What is known of a host beside its consumers. Absent: nothing. */
  readonly knowledgeOf?: (host: Resource) => Knowledge;
  /** Whether somebody will be notified of a leak. Absent: always. */
  readonly worthExplaining?: (host: LeakingHost) => boolean;
  /** Leaks whose consumers are read at the most. Default: `EXPLAINED_HOSTS`. */
  readonly mostExplained?: number;
  /** Whether a leak of the host was reported and has not ended. Absent: none was. */
  readonly hasIncident?: (host: Evaluated) => boolean;
  /** Metrics that the hosts of this inspection cost, of which candidates may add a share. Absent: candidates are read as they need it. */
  readonly hostMetrics?: number;
  /** Hours between two inspections of the schedule. Default: an hour. */
  readonly hoursBetween?: number;
  /** Whether there is time for hosts that may leak, beside those that do. Absent: always. */
  readonly hasTime?: () => boolean;
}

/**
 * The hosts in their order, with the verdicts that their consumers lead to: a host that leaks by its own curve may be steady, and one that is
 * steady by it may leak. Leaks whose consumers were read have an attribution. Consumers are read once, those of leaks that somebody will be
 * notified of first, then those of reported leaks that their own curve would end, then the most uncertain ones.
 *
 * @param hosts Those that `mayNeedConsumers`.
 */
export async function withConsumers(
  hosts: readonly Evaluated[],
  request: EvidenceRequest,
  signal?: AbortSignal,
): Promise<Evaluated[]> {
  const { leaks, candidates, passedOver } = queueOf(hosts, request);
  const results = new Map<Evaluated, Evaluated>(
    passedOver.map((host) => [host, { ...host, attribution: NOT_REQUESTED }]),
  );
  const read = async (host: Evaluated, meter: Meter) => {
    results.set(host, await evaluatedAgain(host, { ...request, meter }, signal));
  };
  await eachOf(leaks, (host) => read(host, request.meter));
  const { meter, isSpent } = budgetOf(request);
  await eachOf(candidates, async (host) => {
    if (!isSpent() && signal?.aborted !== true && request.hasTime?.() !== false) await read(host, meter);
  });
  return hosts.map((host) => results.get(host) ?? host);
}

/** The hosts whose consumers are to be read, in the order of reading. `passedOver`: leaks for which the budget does not suffice. */
function queueOf(hosts: readonly Evaluated[], request: EvidenceRequest) {
  const { policyOf, worthExplaining = () => true, mostExplained = EXPLAINED_HOSTS } = request;
  const byUrgency = hosts.filter(isLeaking).filter(worthExplaining).sort(compareUrgency);
  const candidates =
    request.source.consumers === undefined && request.source.swap === undefined
      ? []
      : hosts.filter((host) => !isLeaking(host)).filter(hasItsTurn(request));
  const ends = (host: Evaluated) => request.hasIncident?.(host) === true;
  const distance = ({ series, verdict }: Evaluated) => {
    return Math.abs(oddsOf(evidenceOf(verdict)?.confidence ?? 0) - oddsOf(thresholdOf(policyOf(series.resource))));
  };
  return {
    leaks: byUrgency.slice(0, mostExplained),
    passedOver: byUrgency.slice(mostExplained),
    candidates: candidates.toSorted(
      (a, b) =>
        Number(ends(b)) - Number(ends(a)) ||
        distance(a) - distance(b) ||
        endOf(evidenceOf(a.verdict)) - endOf(evidenceOf(b.verdict)),
    ),
  };
}

/** Where reading is free, always; and of a reported leak, which would end without the vote. */
function hasItsTurn({ source, hasIncident, hoursBetween = 1 }: EvidenceRequest) {
  return (host: Evaluated): boolean => {
    const { resource, window } = host.series;
    if (source.price === undefined || hasIncident?.(host) === true) return true;
    const [since, slot] = [window.end - hoursBetween * HOUR_MS, window.end];
    return hasTurn(resource, { since, slot, quietHours: VOTED_EVERY_HOURS });
  };
}

function budgetOf({ source, meter, hostMetrics }: EvidenceRequest): { readonly meter: Meter; isSpent(): boolean } {
  let spent = 0;
  const most =
    source.price === undefined || hostMetrics === undefined
      ? Infinity
      : Math.max(VOTED_METRICS, VOTED_SHARE * hostMetrics);
  return {
    meter: {
      count(call, metrics = 0) {
        spent += metrics;
        meter.count(call, metrics);
      },
    },
    isSpent: () => spent >= most,
  };
}

async function eachOf(hosts: readonly Evaluated[], read: (host: Evaluated) => Promise<void>): Promise<void> {
  const queue = hosts.values();
  const lanes = Array.from({ length: Math.min(AT_ONCE, hosts.length) }, async () => {
    for (const host of queue) await read(host);
  });
  await Promise.all(lanes);
}

async function evaluatedAgain(host: Evaluated, request: EvidenceRequest, signal?: AbortSignal): Promise<Evaluated> {
  const evidence = evidenceOf(host.verdict);
  if (evidence === undefined) return host;
  const { series } = host;
  const [readings, swap] = await Promise.all([
    readConsumers(series, evidence, request, signal),
    mayHaveMoved(host) ? readSwap(series, evidence, request, signal) : undefined,
  ]);
  const again =
    readings === undefined && swap === undefined ? host : evaluatedWith(host, { consumers: readings, swap }, request);
  if (!isLeaking(again)) return again;
  const { attribution, unread } = whoGrew(series, again.verdict.evidence, readings);
  return { ...again, attribution, ...(unread && { unread }) };
}

/** Swap is of suspects, and of full hosts: of others memory has no reason to move. */
export function mayHaveMoved({ verdict, full }: Evaluated): boolean {
  return verdict.state === 'leaking' || full !== undefined;
}

/** What was read of a host beside its own memory. */
export interface ReadEvidence {
  readonly consumers: readonly Reading[] | undefined;
  readonly swap: Series | undefined;
}

/** A host with the verdict that this leads to. Pure. */
export function evaluatedWith(
  { full: _, ...host }: Evaluated,
  { consumers, swap }: ReadEvidence,
  { policyOf, knowledgeOf }: Pick<EvidenceRequest, 'policyOf' | 'knowledgeOf'>,
): Evaluated {
  const { series } = host;
  const read = { ...(consumers && { consumers }), ...(swap && { swap }) };
  const verdict = detect(series, policyOf(series.resource), { ...knowledgeOf?.(series.resource), ...read });
  const full = fullHostOf(series, verdict);
  return { ...host, verdict, ...(full !== null && { full }) };
}

/** Negative when `a` is the more urgent leak: confirmed leaks come first, then those that end sooner. */
function compareUrgency({ verdict: a }: LeakingHost, { verdict: b }: LeakingHost): number {
  return compareGrade(b.grade, a.grade) || endOf(a.evidence) - endOf(b.evidence);
}

/** Epoch milliseconds; beyond all dates where the end is unknown. */
function endOf(evidence: Evidence | undefined): number {
  return evidence?.exhaustion.kind === 'expected' ? evidence.exhaustion.likely : Number.MAX_SAFE_INTEGER;
}

function evidenceOf(verdict: Verdict): Evidence | undefined {
  return verdict.state === 'insufficient_data' ? undefined : verdict.evidence;
}

function oddsOf(confidence: number): number {
  return confidence / (1 - confidence);
}
