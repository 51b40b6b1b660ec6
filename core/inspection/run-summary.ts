/** Adds up what an inspection saw, cost and missed. Counts and a few examples only: its size does not grow with the fleet. */

import type { Inspected, Judged } from '../model/inspected-host.ts';
import type { RunSummary } from '../model/run.ts';
import type { Scope, Uncovered, Unreadable, UnreadableReason, Window } from '../model/series.ts';
import { isResource } from '../model/series.ts';
import type { Meter, PriceList } from '../ports/memory-source.ts';

/** Failures that a summary tells in words; the rest is counted by reason. */
const FAILURES_TOLD = 20;

/** A failure's words may quote a provider at length. */
const FAILURE_LENGTH = 500;

/** A meter that can be read. */
export interface CallCount extends Meter {
  readonly calls: Readonly<Record<string, number>>;
  readonly metricsBilled: number;
}

export function createMeter(): CallCount {
  const calls: Record<string, number> = {};
  let metricsBilled = 0;
  return {
    calls,
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
  readonly runsPerMonth: number;
  readonly price?: PriceList;
}

export interface Tally {
  add(inspected: Inspected): void;
  /** Something beside the reading itself went wrong: the run is partial. */
  fail(failure: Unreadable): void;
  summary(meter: CallCount): RunSummary;
}

/** A tally of one run. `summary` may be asked for at any time. */
export function createTally(facts: RunFacts): Tally {
  const hosts = { known: 0, inspected: 0, uncovered: 0, unreadable: 0 };
  const verdicts = { confirmed: 0, suspected: 0, steady: 0, insufficientData: 0 };
  const { counts: unreadable, told: failures, add: fail } = createFailures();
  const stoppedReporting: string[] = [];

  function tellSilent({ resource, hint }: Uncovered): void {
    if (stoppedReporting.length < FAILURES_TOLD) {
      stoppedReporting.push(`${resource.id}: ${hint}`.slice(0, FAILURE_LENGTH));
    }
  }

  function addJudged({ verdict, recent, unread }: Judged): void {
    hosts.inspected++;
    if (verdict.state === 'leaking') verdicts[verdict.grade]++;
    else if (verdict.state === 'steady') verdicts.steady++;
    else verdicts.insufficientData++;
    if (recent?.kind === 'unreadable') fail(recent);
    if (unread) fail(unread);
  }

  return {
    fail,
    add(inspected) {
      if (inspected.kind !== 'unreadable' || isResource(inspected.scope)) hosts.known++;
      switch (inspected.kind) {
        case 'judged':
          return addJudged(inspected);
        case 'uncovered':
          hosts.uncovered++;
          if (inspected.reason === 'stopped_reporting') tellSilent(inspected);
          return;
        case 'unreadable':
          if (isResource(inspected.scope)) hosts.unreadable++;
          return fail(inspected);
      }
    },
    summary({ calls, metricsBilled }) {
      const { tenant, scope, scheduledTime, window } = facts;
      return {
        id: runId(facts),
        tenant,
        scope,
        scheduledTime,
        window,
        outcome: Object.keys(unreadable).length === 0 ? 'complete' : 'partial',
        hosts: { ...hosts },
        verdicts: { ...verdicts },
        unreadable: { ...unreadable },
        failures: [...failures],
        stoppedReporting: [...stoppedReporting],
        calls: { ...calls },
        metricsBilled,
        cost: estimateCost(metricsBilled, facts.price, facts.runsPerMonth),
      };
    },
  };
}

/** What was not read: counted by reason, and the first few failures in words. */
function createFailures() {
  const counts: Partial<Record<UnreadableReason, number>> = {};
  const told: string[] = [];
  const wholes = new Set<string>();

  function add(failure: Unreadable): void {
    const { scope, reason } = failure;
    counts[reason] = (counts[reason] ?? 0) + 1;
    // What is told of a whole account, or file, is not told again of its hosts: it would crowd out what else failed.
    const whole = [scope.provider, scope.account, scope.region, reason].join('/');
    if (!isResource(scope)) wholes.add(whole);
    else if (wholes.has(whole)) return;
    if (told.length < FAILURES_TOLD) told.push(describeFailure(failure).slice(0, FAILURE_LENGTH));
  }

  return { counts, told, add };
}

/** One line that says what was not read, where, and why. */
export function describeFailure({ scope, reason, detail }: Unreadable): string {
  const where = [scope.provider, scope.account, scope.region];
  // By its name where it has one: an Azure id is a hundred characters, most of which stand before it already.
  if (isResource(scope)) where.push(scope.name ?? scope.id);
  return `${where.join('/')}: ${reason}: ${detail}`;
}

function runId({ tenant, scope, scheduledTime }: RunFacts): string {
  const parts = [tenant, scope.provider, scope.account, scope.region, new Date(scheduledTime).toISOString()];
  return parts.map(encodeURIComponent).join('/');
}

/** What so many metrics cost once, and a month of such runs. */
export function estimateCost(
  metricsBilled: number,
  price: PriceList | undefined,
  runsPerMonth: number,
): RunSummary['cost'] {
  const perRun = metricsBilled * (price?.usdPerMetric ?? 0);
  return {
    perRun,
    perMonth: perRun * runsPerMonth,
    currency: 'USD',
    price: price?.stated ?? 'reading this source costs nothing',
  };
}
