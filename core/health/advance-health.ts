/** What a scheduled run changes in the health of its account and region. Pure: the same runs give the same health. */
import { clip } from '../messages/plain-text.ts';
import type { ScopeHealth } from '../model/health.ts';
import type { RunSummary } from '../model/run.ts';
import type { Scope } from '../model/series.ts';
import { monthOf } from '../model/spend.ts';

/** Characters of the failure, advice included, and of a host that stopped reporting: a provider's text may be long. */
const FAILURE_LENGTH = 600;
const TEXT_LENGTH = 300;

/** Hosts that stopped reporting which are named. */
const HOSTS_NAMED = 5;

/**
 * The health after a run. Only a newer slot advances it. Of one slot, which may run again when its message was delivered twice,
 * the best run counts: so neither repetition nor order changes anything.
 *
 * @param before Undefined where no run of the scope was recorded.
 * @param finishedAt Epoch milliseconds.
 */
export function advanceHealth(before: ScopeHealth | undefined, run: RunSummary, finishedAt: number): ScopeHealth {
  if (before?.underWay === run.scheduledTime)
    return { ...before, underWay: null, ...factsOf(before, run), completeSlot: completeSlotOf(before, run) };
  if (before !== undefined && !isNews(before, run)) return before;
  const isComplete = run.outcome === 'complete';
  const { tenant, scope, scheduledTime: slot, outcome } = run;
  return {
    tenant,
    scope,
    slot,
    finishedAt,
    outcome,
    underWay: null,
    failure: isComplete ? null : clip(run.failures[0] ?? 'no reason was given', FAILURE_LENGTH),
    partial: isComplete ? null : { runs: (before?.partial?.runs ?? 0) + 1, since: before?.partial?.since ?? slot },
    completeSlot: completeSlotOf(before, run),
    ...factsOf(before, run),
  };
}

/** What the newest run saw of the hosts. */
function factsOf(before: ScopeHealth | undefined, run: RunSummary) {
  const { hosts, verdicts, stopped, stoppedReporting, cost } = run;
  const { known, inspected, notMonitored, unreadable } = hosts;
  return {
    hosts: { known, inspected, notMonitored, unreadable },
    leaking: verdicts.confirmed + verdicts.suspected,
    stopped: { count: stopped, first: stoppedReporting.slice(0, HOSTS_NAMED).map((host) => clip(host, TEXT_LENGTH)) },
    spent: spentAfter(before, run),
    cost: { perRun: cost.perRun, perMonth: cost.perMonth },
  };
}

/** Of one slot the run that counts is paid for, so that a repetition adds nothing. */
function spentAfter(before: ScopeHealth | undefined, run: RunSummary): NonNullable<ScopeHealth['spent']> {
  const { scheduledTime: slot, hosts, verdicts, cost } = run;
  const month = monthOf(slot);
  const known = before?.spent;
  const earlier = known?.month === month ? known.usd - (before?.slot === slot ? before.cost.perRun : 0) : 0;
  const read = hosts.inspected + hosts.unreadable;
  const { metricsBilled, deep } = run;
  const share = metricsBilled === 0 ? 1 : 1 - (deep?.metricsBilled ?? 0) / metricsBilled;
  return {
    month,
    usd: earlier + cost.perRun,
    usdPerHost: read > 0 ? (cost.perRun * share) / read : (known?.usdPerHost ?? 0),
    hosts: read + hosts.notDue,
    watched: run.watched ?? read - verdicts.steady,
  };
}

function completeSlotOf(before: ScopeHealth | undefined, { outcome, scheduledTime }: RunSummary): number | null {
  return outcome === 'complete' ? scheduledTime : (before?.completeSlot ?? null);
}

/** A slot that was not inspected, because the run of an earlier one was still under way. */
export interface Overrun {
  readonly tenant: string;
  readonly scope: Scope;
  /** Epoch milliseconds: the slot, and that of the run which is under way. */
  readonly slot: number;
  readonly underWay: number;
  /** In words. */
  readonly failure: string;
}

/**
 * The health after a slot that was not inspected: it counts as a partial run. What is known of the hosts stays until the run that is
 * under way closes.
 */
export function overrunHealth(before: ScopeHealth | undefined, overrun: Overrun, now: number): ScopeHealth {
  const { tenant, scope, slot, underWay, failure } = overrun;
  if (before !== undefined && before.slot >= slot) return before;
  return {
    ...(before ?? NOTHING_KNOWN),
    tenant,
    scope,
    slot,
    finishedAt: now,
    outcome: 'partial',
    underWay,
    failure: clip(failure, FAILURE_LENGTH),
    partial: { runs: (before?.partial?.runs ?? 0) + 1, since: before?.partial?.since ?? slot },
  };
}

const NOTHING_KNOWN = {
  completeSlot: null,
  hosts: { known: 0, inspected: 0, notMonitored: 0, unreadable: 0 },
  leaking: 0,
  stopped: { count: 0, first: [] },
  cost: { perRun: 0, perMonth: 0 },
};

function isNews(before: ScopeHealth, { scheduledTime, outcome }: RunSummary): boolean {
  if (scheduledTime !== before.slot) return scheduledTime > before.slot;
  return outcome === 'complete' && before.outcome === 'partial';
}
