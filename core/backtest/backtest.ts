/**
 * The past of one host, inspected again: the production detector and the incident's own life over a series that is known
 * whole, each inspection with the samples that it would have had. Pure.
 */
import { detect } from '../detector/detect.ts';
import { spanEndingBefore, truncatedTo } from '../inspection/window.ts';
import { type Policy, thresholdOf } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Episode, type Episodes, followEpisodes } from './episode.ts';

/** When the inspections that are replayed were due. */
export interface Period {
  /** Epoch milliseconds. Due is every multiple of `everyMs` after `from`, up to and including `to`. */
  readonly from: number;
  readonly to: number;
  readonly everyMs: number;
}

export interface Replay extends Period {
  readonly tenant: string;
  /** The source's: an inspection had no sample that was younger. */
  readonly ingestionDelayMs: number;
  readonly policies: readonly Policy[];
}

/** What would have been told of one host under one policy. */
export interface PolicyReplay {
  readonly policy: Policy;
  readonly inspections: number;
  /** Inspections that had too little data for a verdict. */
  readonly insufficient: number;
  readonly episodes: readonly Episode[];
}

/** When inspections were due, in order. */
export function* dueTimes({ from, to, everyMs }: Period): Generator<number> {
  const first = Math.floor(from / everyMs) * everyMs + everyMs;
  for (let at = first; at <= to; at += everyMs) yield at;
}

/**
 * Replays the inspections of one host, one result per policy, in their order. The series has to reach back by the longest
 * look-back before the first inspection, as far as the host does; samples that are younger than a window never show.
 */
export function backtest(series: Series, replay: Replay): PolicyReplay[] {
  const replayStates = replay.policies.map((policy) => startReplay(series, replay.tenant, policy));
  const policyGroups = [...Map.groupBy(replayStates, ({ policy }) => policyGroupOf(policy)).values()];
  for (const policyGroup of policyGroups) policyGroup.sort((a, b) => a.threshold - b.threshold);
  for (const at of dueTimes(replay)) {
    for (const policyGroup of policyGroups) inspectAt(at, policyGroup, series, replay.ingestionDelayMs);
  }
  return replayStates.map(({ policy, counts, episodes }) => ({ policy, ...counts, episodes: episodes.finish() }));
}

interface ReplayState {
  readonly policy: Policy;
  /** What the policy asks for where the hosts are. */
  readonly threshold: number;
  readonly counts: { inspections: number; insufficient: number };
  readonly episodes: Episodes;
}

function startReplay(series: Series, tenant: string, policy: Policy): ReplayState {
  const episodes = followEpisodes(series, tenant, policy.recoverAfter);
  return { policy, threshold: thresholdOf(policy), counts: { inspections: 0, insufficient: 0 }, episodes };
}

/** What of a policy changes nothing that is measured: it draws a line, or is of what is told. */
const NOT_MEASURED: readonly string[] = [
  'threshold',
  'environment',
  'recoverAfter',
  'shownHours',
] satisfies (keyof Policy)[];

/** Policies of one family judge the same samples and differ at most in where they draw the line. */
function policyGroupOf(policy: Policy): string {
  const measured = Object.entries(policy).filter(([name]) => !NOT_MEASURED.includes(name));
  return JSON.stringify(measured.sort());
}

/**
 * One inspection under each policy of a family, the least threshold first. A threshold draws a line and changes nothing that
 * is measured, so that most of a ladder need not be judged again: not above the first threshold at which the host is
 * steady, nor where an open incident asks for the confidence alone. The grade is the detector's at each threshold, never derived.
 */
function inspectAt(at: number, policyGroup: readonly ReplayState[], series: Series, ingestionDelayMs: number): void {
  const [least] = policyGroup;
  if (least === undefined) return;
  const truncated = truncatedTo(
    series,
    spanEndingBefore(at, ingestionDelayMs, least.policy.lookBackHours, series).window,
  );
  let evaluatedAt = least.threshold;
  let verdict: Verdict = detect(truncated, least.policy);
  for (const { policy, threshold, counts, episodes } of policyGroup) {
    if (threshold !== evaluatedAt && mayDiffer(verdict, threshold, episodes)) {
      verdict = detect(truncated, policy);
      evaluatedAt = threshold;
    }
    counts.inspections++;
    if (verdict.state === 'insufficient_data') counts.insufficient++;
    episodes.add(at, { kind: 'evaluated', series: truncated, verdict });
  }
}

/** Whether what is told may be another than by the verdict at a lesser threshold. */
function mayDiffer(verdict: Verdict, threshold: number, episodes: Episodes): boolean {
  if (verdict.state !== 'leaking') return false;
  return !episodes.isOpen() || verdict.evidence.confidence < threshold;
}
