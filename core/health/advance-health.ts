/** What a scheduled run changes in the health of its account and region. Pure: the same runs give the same health. */
import { clip } from '../messages/plain-text.ts';
import type { ScopeHealth } from '../model/health.ts';
import type { RunSummary } from '../model/run.ts';
import { monthOf } from '../model/spend.ts';

/** Characters of the failure and of a host that stopped reporting: a provider's text may be long. */
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
  if (before !== undefined && !isNews(before, run)) return before;
  const isComplete = run.outcome === 'complete';
  const { tenant, scope, scheduledTime: slot, outcome, verdicts, stopped, stoppedReporting, cost } = run;
  const { known, inspected, notMonitored, unreadable } = run.hosts;
  return {
    tenant,
    scope,
    slot,
    finishedAt,
    outcome,
    failure: isComplete ? null : clip(run.failures[0] ?? 'no reason was given', TEXT_LENGTH),
    partial: isComplete ? null : { runs: (before?.partial?.runs ?? 0) + 1, since: before?.partial?.since ?? slot },
    completeSlot: isComplete ? slot : (before?.completeSlot ?? null),
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
  return {
    month,
    usd: earlier + cost.perRun,
    usdPerHost: read > 0 ? cost.perRun / read : (known?.usdPerHost ?? 0),
    hosts: read + hosts.notDue,
    watched: run.watched ?? read - verdicts.steady,
  };
}

function isNews(before: ScopeHealth, { scheduledTime, outcome }: RunSummary): boolean {
  if (scheduledTime !== before.slot) return scheduledTime > before.slot;
  return outcome === 'complete' && before.outcome === 'partial';
}
