/**
 * Reads the consumers of hosts as evidence: of those that leak, and of those that may. A leak must be somebody's, and a process that grows shows
 * one where the host is noisy or full. Consumers are billed one by one, so that each read has a reason and a price (decision 81).
 */
import { counterfactualOf } from '../detector/counterfactual.ts';
import { detect } from '../detector/detect.ts';
import { fullHostOf } from '../detector/full-host.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { pageFaultsOf } from '../detector/page-faults.ts';
import { compareGrade } from '../model/finding.ts';
import type { FullHost } from '../model/full-host.ts';
import { type Evaluated, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { PointReading } from '../model/points.ts';
import { thresholdOf } from '../model/policy.ts';
import type { Reading, Resource, Unreadable } from '../model/series.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import type { Meter } from '../ports/memory-source.ts';
import {
  type ConsumerAccess,
  NOT_REQUESTED,
  readConsumers,
  readPageFaults,
  readSwap,
  unreadOf,
  whoGrew,
} from './attribute-leaks.ts';
import { hashOf, hasTurn } from './cadence.ts';
import { type Evaluating, isStanding, type Reported, withheld } from './standing-leaks.ts';

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

/** Where consumers are billed, those of leaks that stand and of hosts that may leak cost this share of what reading the hosts costs … */
const VOTED_SHARE = 0.25;
/** … or as many metrics, where that is more. */
export const VOTED_METRICS = 200;
/**
 * Hours after which a leak that stands, or a host that may leak, has its turn again: the vote of a curve that is nearly the same would be
 * nearly the same. As the turns of quiet hosts, they need no memory of the last vote, and a run that is repeated votes as before.
 */
export const VOTED_EVERY_HOURS = 4;

/** Hosts whose consumers are read at once. */
const AT_ONCE = 4;
const HOUR_MS = 3_600_000;

export interface EvidenceRequest extends ConsumerAccess, Evaluating, Reported {
  /** Whether somebody will be notified of a leak. Absent: always. */
  readonly worthExplaining?: (host: LeakingHost) => boolean;
  /** Leaks whose consumers are read at the most. Default: `EXPLAINED_HOSTS`. */
  readonly mostExplained?: number;
  /** Metrics that the hosts of this inspection cost, to which hosts with turns may add a share. Absent: they are read as they need it. */
  readonly hostMetrics?: number;
  /** Hours between two inspections of the schedule. Default: an hour. */
  readonly hoursBetween?: number;
  /** Whether there is time for hosts that may leak, beside those that do. Absent: always. */
  readonly hasTime?: () => boolean;
  /** Whether somebody looks at these hosts, and wants to know what would have turned their verdicts. Absent: nobody. */
  readonly explains?: boolean;
}

/**
 * The hosts in their order, with the verdicts that their consumers lead to: a host that leaks by its own curve may be steady, and one that is
 * steady by it may leak. Leaks whose consumers were read have an attribution. Consumers are read once, those of leaks that somebody will be
 * notified of first, then those of reported leaks that their own curve would end, then leaks that stand, then the most uncertain hosts. A leak
 * that stands is reported only in a run that has read its consumers: until then it stays what it was.
 *
 * @param hosts Those that `mayNeedConsumers`.
 */
export async function withConsumers(
  hosts: readonly Evaluated[],
  request: EvidenceRequest,
  signal?: AbortSignal,
): Promise<Evaluated[]> {
  const { leaks, candidates, passedOver, standing } = await queueOf(hosts, request);
  const results = new Map<Evaluated, Evaluated>([
    ...passedOver.map((host) => [host, { ...host, attribution: NOT_REQUESTED }] as const),
    ...standing.map((host) => [host, withheld(host, request)] as const),
  ]);
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

/**
 * The hosts whose consumers are to be read, in the order of reading. `passedOver`: leaks for which the budget does not suffice. `standing`: leaks
 * that stand.
 */
async function queueOf(hosts: readonly Evaluated[], request: EvidenceRequest) {
  const { policyOf, mostExplained = EXPLAINED_HOSTS } = request;
  const { begun, standing } = await leaksOf(hosts, request);
  const byUrgency = begun.sort(compareUrgency);
  const { consumers, swap, pageFaults } = request.source;
  const maySpeak = [consumers, swap, pageFaults].some((read) => read !== undefined);
  const unsure = maySpeak ? hosts.filter((host) => !isLeaking(host)) : [];
  const candidates = [...standing, ...unsure].filter(hasItsTurn(request));
  const ends = (host: Evaluated) => request.hasIncident?.(host) === true;
  const distance = ({ series, verdict }: Evaluated) => {
    return Math.abs(oddsOf(evidenceOf(verdict)?.confidence ?? 0) - oddsOf(thresholdOf(policyOf(series.resource))));
  };
  return {
    leaks: byUrgency.slice(0, mostExplained),
    passedOver: byUrgency.slice(mostExplained),
    standing,
    candidates: candidates.toSorted(
      (a, b) =>
        rank(b, ends) - rank(a, ends) ||
        (isLeaking(a) ? lotOf(a) - lotOf(b) : 0) ||
        distance(a) - distance(b) ||
        endOf(evidenceOf(a.verdict)) - endOf(evidenceOf(b.verdict)),
    ),
  };
}

/** Reported leaks that their own curve would end, then leaks that stand, then the others. */
function rank(host: Evaluated, ends: (host: Evaluated) => boolean): number {
  if (isLeaking(host)) return 1;
  return ends(host) ? 2 : 0;
}

/** Another order in each run, so that none of those whose turn is the same waits for ever where the budget does not suffice for all. */
function lotOf({ series: { resource, window } }: Evaluated): number {
  return hashOf({ ...resource, id: `${resource.id} ${window.end}` });
}

/** Leaks that somebody will be notified of, by whether they began since the last inspection. */
async function leaksOf(hosts: readonly Evaluated[], request: EvidenceRequest) {
  const { source, worthExplaining = () => true, lastInspection } = request;
  const news = hosts.filter(isLeaking).filter(worthExplaining);
  const last = news.length === 0 || source.consumers === undefined ? undefined : await lastInspection?.();
  const standing = new Set(last === undefined ? [] : news.filter((host) => isStanding(host, last, request)));
  return { begun: news.filter((host) => !standing.has(host)), standing: [...standing] };
}

/**
 * Always where reading is free and nobody waits for the next inspection; of a leak that stands, which may have been missed for another reason than
 * its consumers, as long as the share suffices; and of a host that is steady by its own curve and whose reported leak would end without the
 * vote.
 */
function hasItsTurn({ source, hasIncident, hoursBetween = 1, lastInspection }: EvidenceRequest) {
  return (host: Evaluated): boolean => {
    const { resource, window } = host.series;
    if (source.price === undefined && lastInspection === undefined) return true;
    if (isLeaking(host) || hasIncident?.(host) === true) return true;
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
  if (host.verdict.state === 'insufficient_data') return host;
  const { series } = host;
  const read = await readEvidence(host, request, signal);
  const evaluated = evaluatedWith(host, read, request);
  const again = request.explains ? withCounterfactual(evaluated, read, request) : evaluated;
  const missed = unreadIn(read);
  // A read that this run gave up because its time ends is no failure of the host: it is read in another run.
  const unread = signal?.aborted === true && !isLeaking(again) ? undefined : missed;
  if (!isLeaking(again)) return { ...again, ...(unread && { unread }) };
  const { attribution } = whoGrew(series, again.verdict.evidence, read.consumers);
  return { ...again, attribution, ...(unread && { unread }) };
}

/** What was read of a host beside its own memory. */
export interface ReadEvidence {
  readonly consumers: readonly Reading[] | undefined;
  readonly swap: Reading | undefined;
  /** Of a full host. */
  readonly pageFaults?: PointReading | undefined;
}

export const NOTHING_READ: ReadEvidence = { consumers: undefined, swap: undefined };

/**
 * What may change the verdict on a host. Swap is of suspects, and of full hosts: of others memory has no reason to move. Page faults are of full hosts: of
 * others they are of files.
 */
export async function readEvidence(
  { series, verdict, full }: Evaluated,
  access: ConsumerAccess,
  signal?: AbortSignal,
): Promise<ReadEvidence> {
  if (verdict.state === 'insufficient_data') return NOTHING_READ;
  const { evidence } = verdict;
  const mayHaveMoved = verdict.state === 'leaking' || full !== undefined;
  const [consumers, swap, pageFaults] = await Promise.all([
    readConsumers(series, evidence, access, signal),
    mayHaveMoved ? readSwap(series, evidence, access, signal) : undefined,
    full === undefined ? undefined : readPageFaults(series, evidence, access, signal),
  ]);
  return { consumers, swap, pageFaults };
}

/** What of it should have been read and was not. */
export function unreadIn({ consumers, swap, pageFaults }: ReadEvidence): Unreadable | undefined {
  return unreadOf(consumers, swap, pageFaults);
}

/** A host with what would have turned its verdict, everything else that is known of it being as it was. Pure. */
export function withCounterfactual(host: Evaluated, read: ReadEvidence, evaluating: Evaluating): Evaluated {
  const { series, verdict } = host;
  const policy = evaluating.policyOf(series.resource);
  const counterfactual = counterfactualOf(series, policy, knownOf(series.resource, read, evaluating), verdict);
  return { ...host, counterfactual };
}

function knownOf(host: Resource, { consumers, swap }: ReadEvidence, { knowledgeOf }: Evaluating): Knowledge {
  return { ...knowledgeOf?.(host), ...(consumers && { consumers }), ...(swap?.kind === 'series' && { swap }) };
}

/** A host with the verdict that this leads to: as it is, where nothing was read. Pure. */
export function evaluatedWith(evaluated: Evaluated, read: ReadEvidence, evaluating: Evaluating): Evaluated {
  if (Object.values(read).every((reading) => reading === undefined)) return evaluated;
  const { full: _, ...host } = evaluated;
  const { series } = host;
  const { resource } = series;
  const verdict = detect(series, evaluating.policyOf(resource), knownOf(resource, read, evaluating));
  const full = fullHostOf(series, verdict);
  return { ...host, verdict, ...(full !== null && { full: withPageFaults(full, read) }) };
}

function withPageFaults(full: FullHost, { pageFaults: reading }: ReadEvidence): FullHost {
  const pageFaults = reading?.kind === 'points' ? pageFaultsOf(reading) : null;
  return pageFaults === null ? full : { ...full, pageFaults };
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
