/** What a policy held back and would hold back: the decisions of a tenant's log beside those that another policy makes of the same changes. */

import type { Change } from '../../model/change.ts';
import { type Decision, POLICY_STAGES, type PolicyStage } from '../../model/decision.ts';
import { changeId } from '../../model/incident.ts';
import { type LoggedChange, type ReplayPolicy, replayPolicy } from './replay.ts';

/** A change of the log, as it was decided. */
export interface DecidedChange extends LoggedChange {
  readonly decision: Decision;
}

export interface PolicyReport {
  /** Changes of hosts, and the incidents that they are of. */
  readonly changes: number;
  readonly incidents: number;
  readonly outcomes: readonly OutcomeRow[];
  /** Pages of each day (UTC), the first day first; days without any are left out. */
  readonly days: readonly DayRow[];
}

export interface OutcomeRow {
  /** `paged`, `sent` without a page, or the stage that held back. */
  readonly what: 'paged' | 'sent' | PolicyStage;
  readonly was: number;
  readonly wouldBe: number;
}

export interface DayRow {
  readonly day: string;
  readonly was: number;
  readonly wouldBe: number;
}

/** A change, as it was decided and as it would be. */
export interface ComparedChange extends DecidedChange {
  readonly wouldBe: Decision;
}

/** The changes of hosts that another policy decides, the first first. */
export function comparedChanges(logged: readonly DecidedChange[], policy: ReplayPolicy): ComparedChange[] {
  const wouldBe = new Map(
    replayPolicy(logged, policy).map((again) => [changeId(again.key, again.change), again.decision]),
  );
  const compared = logged.flatMap((one) => {
    const decision = wouldBe.get(changeId(one.key, one.change));
    return decision === undefined ? [] : [{ ...one, wouldBe: decision }];
  });
  return compared.sort((a, b) => a.change.recordedAt - b.change.recordedAt);
}

export function policyReport(logged: readonly DecidedChange[], policy: ReplayPolicy): PolicyReport {
  // Reminders follow from a policy: there is nothing to compare them with.
  const was = logged.filter(({ change }) => change.kind !== 'reminder' && change.kind !== 'escalated');
  const ofHosts = was.filter(({ key }) => key.finding !== 'fleet');
  const wouldBe = replayPolicy(ofHosts, policy);
  const before = Map.groupBy(was, ({ decision }) => whatOf(decision));
  const after = Map.groupBy(wouldBe, ({ decision }) => whatOf(decision));
  return {
    changes: ofHosts.length,
    incidents: new Set(ofHosts.map(({ key, change }) => `${JSON.stringify(key)} ${change.episode}`)).size,
    outcomes: (['paged', 'sent', ...POLICY_STAGES] as const)
      .map((what) => ({ what, was: before.get(what)?.length ?? 0, wouldBe: after.get(what)?.length ?? 0 }))
      .filter((row) => row.was > 0 || row.wouldBe > 0 || row.what === 'paged'),
    days: dayRows(
      was.filter(isPage).map(({ change }) => change.recordedAt),
      wouldBe.filter(isPage).map(({ at }) => at),
    ),
  };
}

function whatOf({ outcome, stage, page }: Decision): OutcomeRow['what'] {
  if (outcome === 'sent') return page ? 'paged' : 'sent';
  return stage ?? 'order';
}

function isPage({ decision }: { readonly decision: Decision; readonly change: Change }): boolean {
  return decision.outcome === 'sent' && decision.page;
}

function dayRows(was: readonly number[], wouldBe: readonly number[]): DayRow[] {
  const [before, after] = [was, wouldBe].map((times) => Map.groupBy(times, dayOf));
  const days = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...days].sort().map((day) => ({
    day,
    was: before?.get(day)?.length ?? 0,
    wouldBe: after?.get(day)?.length ?? 0,
  }));
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
