/**
 * Examines whether an account and region can be inspected: reads the last hour once, the hosts without a sample in it over the
 * lookback window as an inspection does, and the consumers of a few hosts. The result names what is missing, what is not collected and what inspections will cost. Nothing is evaluated or recorded.
 */

import { failureText } from '../messages/failure.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { periodIssue } from '../model/point-periods.ts';
import type { RunSummary } from '../model/run.ts';
import {
  isResource,
  type NotMonitored,
  type Reading,
  type Resource,
  type Scope,
  type Series,
} from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter, ReadRequest } from '../ports/memory-source.ts';
import { jobUsdPerHost } from '../tenants/job-cost.ts';
import { readsOfMonth } from './deep-moment.ts';
import { createMeter, estimateCost } from './run-summary.ts';
import { CONSUMED, EVALUATED, type Resolution, spanEndingBefore } from './window.ts';

export interface ExamineRequest {
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
  readonly filters: readonly HostFilter[];
  readonly runsPerMonth: number;
  /** Jobs of anomaly inspection of the account. Default: none. */
  readonly jobs?: readonly AnomalyJob[];
  /** Of the policy: what an inspection reads, and so what decides whether an agent stopped or never reported. */
  readonly lookBackHours: number;
  /** Of the policy: the days that are read once a day. */
  readonly deepReadDays: number;
}

/** `unknown`: an earlier step failed. */
export type Ability = 'yes' | 'no' | 'unknown';

export interface Examination {
  readonly scope: Scope;
  readonly signIn: Ability;
  readonly read: Ability;
  /** Whether the names and tags of hosts can be read, and why not. Without them hosts go by their ids. */
  readonly names: { readonly read: Ability; readonly detail: string | null };
  /** What is wrong with how the account trusts us, though it can be read; null where nothing is, or no trust is involved. */
  readonly trust: string | null;
  /** What the account is and has, one sentence each; empty where there is nothing that the rest does not show. */
  readonly facts: readonly string[];
  readonly hosts: {
    readonly known: number;
    readonly withMemory: number;
    readonly notMonitored: number;
    readonly unreadable: number;
  };
  /** Milliseconds between two samples of most hosts; null where no host has two. */
  readonly resolutionMs: number | null;
  readonly consumers: ConsumersExamined;
  /** Of a month with what is read once a day. */
  readonly cost: RunSummary['cost'];
  /** What is read once a day, and what a month of that costs in US dollars. */
  readonly weeks: { readonly days: number; readonly perMonth: number };
  /**
   * What a month of each job costs for the hosts that show, in US dollars; parts of hosts, such as mount points, not counted. `issue`: why it
   * cannot be inspected, and what to do; null where nothing is known against it.
   */
  readonly jobs: readonly { readonly job: string; readonly perMonth: number; readonly issue: string | null }[];
  /** What could not be read, as text. Any of them makes the examination partial. */
  readonly failures: readonly string[];
  /** What is not collected, and how to change that: each advice once, with the hosts that it concerns. */
  readonly advice: readonly { readonly hosts: readonly Resource[]; readonly message: string }[];
}

/** Whether processes or pods are collected on a few of the hosts. */
interface ConsumersExamined {
  readonly requested: number;
  /** Hosts with at least one consumer. */
  readonly collected: number;
  readonly kinds: readonly string[];
}

/** The finest resolution that any provider keeps, so that the distance between samples shows. */
const FINE: Resolution = { periodMs: 60_000, statistic: 'average' };
const HOURS = 1;

/** Hosts whose consumers are read: each costs a hundred metrics, and one host of a fleet is like another. */
const HOSTS_REQUESTED = 3;

const FAILURES_LISTED = 20;

/** Never throws a `SourceError`: an account that cannot be read does not stop the examination of the next one. */
export async function examine(request: ExamineRequest, signal?: AbortSignal): Promise<Examination> {
  const { source, runsPerMonth, deepReadDays, jobs = [] } = request;
  const readsPerMonth = readsOfMonth(runsPerMonth, deepReadDays);
  const meter = createMeter();
  const lastHour = await readHosts(request, meter, signal);
  const seen = await readAgainAsInspected(lastHour, request, signal);
  const some = lastHour.series.slice(0, HOSTS_REQUESTED).map(({ resource }) => resource);
  // Metered apart: a run reads the consumers of leaking hosts only.
  const consumers = await readConsumers(request, some, signal);
  const cost = estimateCost(meter.metricsBilled, source.price, readsPerMonth);
  const notMonitored = [...seen.notMonitored, ...consumers.notMonitored];
  const known = seen.series.length + seen.notMonitored.length + seen.unreadable;
  return {
    scope: source.scope,
    ...abilitiesOf(seen.refused),
    names: await examineNames(request, seen.refused, signal),
    trust: seen.refused ? null : ((await source.trustWarning?.(signal)) ?? null),
    facts: seen.refused ? [] : await factsOf(source, signal),
    hosts: {
      known,
      withMemory: seen.series.length,
      notMonitored: seen.notMonitored.length,
      unreadable: seen.unreadable,
    },
    resolutionMs: resolutionOf(lastHour.series),
    consumers: { requested: some.length, collected: consumers.collected, kinds: [...consumers.kinds] },
    cost,
    jobs: jobs
      .filter(({ enabled }) => enabled)
      .map((job) => ({
        job: job.name,
        perMonth: known * jobUsdPerHost(source.scope.provider, job),
        issue: periodIssue(source.scope.provider, job.periodSeconds) ?? null,
      })),
    weeks: { days: deepReadDays, perMonth: cost.perRun * (readsPerMonth - runsPerMonth) },
    failures: [...seen.failures, ...consumers.failures].slice(0, FAILURES_LISTED),
    advice: adviceOf(notMonitored),
  };
}

function abilitiesOf(refused: SourceError | undefined): Pick<Examination, 'signIn' | 'read'> {
  if (refused === undefined) return { signIn: 'yes', read: 'yes' };
  // No answer came, so the credentials were not checked.
  if (refused.reason === 'unavailable' || refused.reason === 'timeout') return { signIn: 'unknown', read: 'no' };
  return refused.stage === 'sign_in' ? { signIn: 'no', read: 'unknown' } : { signIn: 'yes', read: 'no' };
}

/** Names are optional: without them nothing is partial. */
async function examineNames(
  { source }: ExamineRequest,
  refused: SourceError | undefined,
  signal: AbortSignal | undefined,
): Promise<Examination['names']> {
  if (refused) return { read: 'unknown', detail: null };
  const detail = await source.whyUnnamed?.(createMeter(), signal);
  return detail === undefined ? { read: 'yes', detail: null } : { read: 'no', detail };
}

/** A read that went well goes before what is stated about it: a failure shows there. */
async function factsOf(source: MemorySource, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    return (await source.facts?.(createMeter(), signal)) ?? [];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [];
  }
}

interface Seen {
  /** As an examination counts them: of hosts that have reported within the lookback window, not in the last hour alone. */
  readonly series: Series[];
  readonly notMonitored: NotMonitored[];
  unreadable: number;
  readonly failures: string[];
  refused?: SourceError;
}

/** Reads every host in scope once, over the last hour. */
function readHosts(request: ExamineRequest, meter: Meter, signal: AbortSignal | undefined): Promise<Seen> {
  const { source, metric, scheduledTime, filters } = request;
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, HOURS, FINE);
  return readSpan(source, { metric, span, filters }, meter, signal);
}

/**
 * An hour cannot show whether an agent died or was never there. The readings of an inspection can, and their hints are what
 * `inspect` prints: only hosts without a sample in the hour are read, and metered apart, because a run reads them once.
 */
async function readAgainAsInspected(
  lastHour: Seen,
  { source, metric, scheduledTime, filters, lookBackHours }: ExamineRequest,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  const [first, ...others] = lastHour.notMonitored.map(({ resource: { id } }) => ({ id }));
  if (first === undefined) return lastHour;
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, lookBackHours, EVALUATED);
  const only: HostFilter = { include: [first, ...others] };
  const again = await readSpan(source, { metric, span, filters: [...filters, only] }, createMeter(), signal);
  if (again.refused) return { ...lastHour, failures: [...lastHour.failures, ...again.failures] };
  return {
    series: [...lastHour.series, ...again.series],
    notMonitored: again.notMonitored,
    unreadable: lastHour.unreadable + again.unreadable,
    failures: [...lastHour.failures, ...again.failures],
  };
}

async function readSpan(
  source: MemorySource,
  request: ReadRequest,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  const seen: Seen = { series: [], notMonitored: [], unreadable: 0, failures: [] };
  try {
    for await (const reading of source.read(request, meter, signal)) {
      if (reading.kind === 'series') seen.series.push(reading);
      else if (reading.kind === 'not_monitored') seen.notMonitored.push(reading);
      else {
        if (isResource(reading.scope)) seen.unreadable++;
        seen.failures.push(failureText(reading));
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    seen.refused = error;
    seen.failures.push(
      failureText({ kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message }),
    );
  }
  return seen;
}

async function readConsumers(
  { source, scheduledTime }: ExamineRequest,
  hosts: readonly Resource[],
  signal: AbortSignal | undefined,
) {
  const found = {
    collected: 0,
    kinds: new Set<string>(),
    notMonitored: [] as NotMonitored[],
    failures: [] as string[],
  };
  if (source.consumers === undefined) return found;
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, HOURS, CONSUMED);
  for (const host of hosts) {
    const readings: Reading[] = await Array.fromAsync(source.consumers(host, span, createMeter(), signal));
    // Shares of a node show who grew, and not by how much: they cannot explain a host's growth.
    const inBytes = readings.filter((reading) => reading.kind === 'series').filter(({ unit }) => unit === 'By');
    const consumers = inBytes.flatMap(({ consumer }) => consumer ?? []);
    if (consumers.length > 0) found.collected++;
    for (const { kind } of consumers) found.kinds.add(kind);
    for (const reading of readings) {
      if (reading.kind === 'not_monitored') found.notMonitored.push(reading);
      if (reading.kind === 'unreadable') found.failures.push(failureText(reading));
    }
  }
  return found;
}

/** The most frequent distance between neighbouring samples: gaps and late agents do not count. */
function resolutionOf(series: readonly Series[]): number | null {
  const counts = new Map<number, number>();
  for (const { times } of series) {
    for (let index = 1; index < times.length; index++) {
      const distance = (times[index] ?? 0) - (times[index - 1] ?? 0);
      counts.set(distance, (counts.get(distance) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b);
  return most?.[0] ?? null;
}

function adviceOf(notMonitored: readonly NotMonitored[]): Examination['advice'] {
  return [...Map.groupBy(notMonitored, ({ hint }) => hint)]
    .map(([message, readings]) => ({ hosts: readings.map(({ resource }) => resource), message }))
    .sort((a, b) => b.hosts.length - a.hosts.length || (a.message < b.message ? -1 : 1));
}
