/** Adds up what an inspection read, cost and missed. Counts and a few examples only: its size does not grow with the fleet. */

import { failureText } from '../messages/failure.ts';
import { clip } from '../messages/plain-text.ts';
import { type Evaluated, type Inspected, isExhausted } from '../model/inspected-host.ts';
import type { DeepSummary, RunSummary } from '../model/run.ts';
import type { NotMonitored, Scope, Unreadable, UnreadableReason, Window } from '../model/series.ts';
import { isResource } from '../model/series.ts';
import type { Meter, PriceList } from '../ports/memory-source.ts';
import { isWatched } from './cadence.ts';

/** Most failures that a summary describes; the others are only counted by reason. */
export const FAILURES_LISTED = 20;

/** Most characters of a description, which may quote a provider at length. */
const FAILURE_LENGTH = 1000;

/** A meter that can be read. */
export interface CallCount extends Meter {
  /** In the order of their names: calls that are under way together end in any. */
  readonly calls: Readonly<Record<string, number>>;
  readonly metricsBilled: number;
}

export function createMeter(): CallCount {
  const calls: Record<string, number> = {};
  let metricsBilled = 0;
  return {
    get calls() {
      return Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    get metricsBilled() {
      return metricsBilled;
    },
    count(call, metrics = 0) {
      calls[call] = (calls[call] ?? 0) + 1;
      metricsBilled += metrics;
    },
  };
}

export interface RunFacts {
  readonly tenant: string;
  readonly scope: Scope;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
  readonly window: Window;
  /** A deep read of all hosts costs what a run does, and counts as one. */
  readonly runsPerMonth: number;
  readonly price?: PriceList;
}

/** What a run, or a shard of one, counts of its hosts. */
export type HostCounts = Pick<
  RunSummary,
  'hosts' | 'verdicts' | 'unreadable' | 'failures' | 'stoppedReporting' | 'stopped' | 'watched' | 'exhausted'
>;

/** What was requested of the provider. */
export type CallsMade = Pick<RunSummary, 'calls' | 'metricsBilled'>;

export const NOTHING_SPENT: CallsMade = { calls: {}, metricsBilled: 0 };

/** In the order of the calls' names. */
export function sumOfCalls(all: readonly CallsMade[]): CallsMade {
  const calls: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one.calls))) calls[name] = (calls[name] ?? 0) + count;
  const sorted = Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    calls: Object.fromEntries(sorted),
    metricsBilled: all.reduce((sum, { metricsBilled }) => sum + metricsBilled, 0),
  };
}

export interface Tally {
  add(inspected: Inspected): void;
  /** Records a failure outside the readings themselves, which makes the run partial. */
  fail(failure: Unreadable): void;
  counts(): HostCounts;
  summary(meter: CallsMade): RunSummary;
}

export function summaryOf(
  facts: RunFacts,
  counts: HostCounts,
  { calls, metricsBilled }: CallsMade,
  deep?: DeepSummary,
): RunSummary {
  const { tenant, scope, scheduledTime, window } = facts;
  return {
    id: runId(facts),
    tenant,
    scope,
    scheduledTime,
    window,
    outcome: Object.keys(counts.unreadable).length === 0 ? 'complete' : 'partial',
    ...counts,
    calls: { ...calls },
    metricsBilled,
    cost: estimateCost(metricsBilled, facts.price, facts.runsPerMonth, deep?.metricsBilled),
    ...(deep && { deep }),
  };
}

/** A tally of one run. `summary` may be called at any time. */
export function createTally(facts: RunFacts): Tally {
  const counter = createCounter();
  const failures = createFailures();
  const stopped = createStopped();

  const counts = (): HostCounts => ({ ...counter.counts(), ...failures.counts(), ...stopped.counts() });

  return {
    fail: failures.add,
    add(inspected) {
      counter.add(inspected);
      if (inspected.kind === 'unreadable') failures.add(inspected);
      else if (inspected.kind === 'evaluated') for (const failure of failuresOf(inspected)) failures.add(failure);
      else if (inspected.reason === 'stopped_reporting') stopped.add(inspected);
    },
    counts,
    summary: (meter) => summaryOf(facts, counts(), meter),
  };
}

/** What could not be read of a host that was evaluated all the same. */
function failuresOf({ recent, unread }: Evaluated): Unreadable[] {
  return [...(recent?.kind === 'unreadable' ? [recent] : []), ...(unread ? [unread] : [])];
}

/** Counts hosts and verdicts. */
function createCounter() {
  const hosts = { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0 };
  const verdicts = { confirmed: 0, suspected: 0, steady: 0, insufficientData: 0 };
  let watched = 0;
  let exhausted = 0;

  function addVerdict({ verdict }: Evaluated): void {
    if (verdict.state === 'leaking') verdicts[verdict.grade]++;
    else if (verdict.state === 'steady') verdicts.steady++;
    else verdicts.insufficientData++;
  }

  return {
    add(inspected: Inspected): void {
      // A failure of an account or a region is of no host.
      if (inspected.kind === 'unreadable' && !isResource(inspected.scope)) return;
      hosts.known++;
      if (isReadEverySlot(inspected)) watched++;
      if (isExhausted(inspected)) exhausted++;
      if (inspected.kind === 'not_monitored') hosts.notMonitored++;
      else if (inspected.kind === 'unreadable') hosts.unreadable++;
      else {
        hosts.inspected++;
        addVerdict(inspected);
      }
    },
    counts: () => ({
      hosts: { ...hosts },
      verdicts: { ...verdicts },
      watched,
      ...(exhausted > 0 && { exhausted }),
    }),
  };
}

/** Counts agents that stopped, and names the first of them. */
function createStopped() {
  const stoppedReporting: string[] = [];
  let stopped = 0;
  return {
    add({ resource, hint }: NotMonitored): void {
      stopped++;
      if (stoppedReporting.length < FAILURES_LISTED)
        stoppedReporting.push(clip(`${resource.id}: ${hint}`, FAILURE_LENGTH));
    },
    counts: () => ({ stopped, stoppedReporting: [...stoppedReporting] }),
  };
}

/** Whether the host's samples are requested at every slot, whatever the cadence. */
function isReadEverySlot(inspected: Inspected): boolean {
  if (inspected.kind === 'unreadable') return isResource(inspected.scope);
  return inspected.kind === 'evaluated' && isWatched(inspected);
}

/** Counts failures by reason, and describes the first of them. */
function createFailures() {
  const counts: Partial<Record<UnreadableReason, number>> = {};
  const descriptions: string[] = [];
  const failedScopes = new Set<string>();

  function add(failure: Unreadable): void {
    const { scope, reason } = failure;
    counts[reason] = (counts[reason] ?? 0) + 1;
    // A failure of an entire account, or file, is not repeated for its hosts: it would crowd out what else failed.
    const scopeFailure = [scope.provider, scope.account, scope.region, reason].join('/');
    if (!isResource(scope)) failedScopes.add(scopeFailure);
    else if (failedScopes.has(scopeFailure)) return;
    if (descriptions.length < FAILURES_LISTED) descriptions.push(clip(failureText(failure), FAILURE_LENGTH));
  }

  return { add, counts: () => ({ unreadable: { ...counts }, failures: [...descriptions] }) };
}

function runId({ tenant, scope, scheduledTime }: RunFacts): string {
  const parts = [tenant, scope.provider, scope.account, scope.region ?? '', new Date(scheduledTime).toISOString()];
  return parts.map(encodeURIComponent).join('/');
}

/**
 * The cost of one run that requests so many metrics, and of a month of such runs.
 *
 * @param deepMetrics Those of them that only a run a day requests: a month has them in its count of runs.
 */
export function estimateCost(
  metricsBilled: number,
  price: PriceList | undefined,
  runsPerMonth: number,
  deepMetrics = 0,
): RunSummary['cost'] {
  const usd = price?.usdPerMetric ?? 0;
  const perRun = metricsBilled * usd;
  return {
    perRun,
    perMonth: (metricsBilled - deepMetrics) * usd * runsPerMonth,
    currency: 'USD',
    price: price?.stated ?? 'reading this source costs nothing',
  };
}
