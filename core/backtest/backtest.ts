/**
 * Replays the inspections of one host over its past: the production detector and incident transitions, each inspection with
 * the samples that it would have had. Pure.
 */
import { regraded } from '../detector/detect.ts';
import { hasTurn, isWatched } from '../inspection/cadence.ts';
import { spanEndingBefore, truncatedTo } from '../inspection/window.ts';
import type { QuietHours } from '../model/cadence.ts';
import type { Evaluated } from '../model/inspected-host.ts';
import { type Policy, thresholdOf } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Episode, type Episodes, followEpisodes } from './episode.ts';
import { type FullEpisode, type FullEpisodes, followFullHost } from './full-episode.ts';
import { evaluatedAsInRun, type KnownOfHost, NOTHING_KNOWN } from './known.ts';
import { type PastKnowledge, pastKnowledge } from './past-knowledge.ts';

/** When the replayed inspections were due. */
export interface Period {
  /** Epoch milliseconds. An inspection is due at each multiple of `everyMs` after `from`, up to and including `to`. */
  readonly from: number;
  readonly to: number;
  readonly everyMs: number;
}

/** Inspections that were due at no fixed distance: epoch milliseconds, in order. */
export interface DueTimes {
  readonly due: readonly number[];
}

/** Which inspections are replayed, and how. */
export type Replay = ReplayTerms & (Period | DueTimes);

interface ReplayTerms {
  readonly tenant: string;
  /** The source's ingestion delay: an inspection had no sample that was younger. */
  readonly ingestionDelayMs: number;
  readonly policies: readonly ReplayedPolicy[];
}

/** A policy, and the cadence under which it is replayed: absent where every slot inspects the host. */
export type ReplayedPolicy = Policy & { readonly quietHours?: QuietHours };

/** The episodes that one host would have had under one policy. */
export interface PolicyReplay {
  readonly policy: ReplayedPolicy;
  readonly inspections: number;
  /** Slots at which the host was quiet and it was not its turn; 0 without a cadence. */
  readonly notDue: number;
  /** Inspections that had too little data for a verdict. */
  readonly insufficient: number;
  readonly episodes: readonly Episode[];
  /** When the host would have been reported as full. */
  readonly fullEpisodes: readonly FullEpisode[];
}

/** When inspections were due, in order. */
export function* dueTimes(times: Period | DueTimes): Generator<number> {
  if ('due' in times) return yield* times.due;
  const { from, to, everyMs } = times;
  const first = Math.floor(from / everyMs) * everyMs + everyMs;
  for (let at = first; at <= to; at += everyMs) yield at;
}

/**
 * Replays the inspections of one host, one result per policy, in their order. The series has to begin one lookback window
 * (the longest of the policies) before the first inspection, or with the host. No inspection sees samples after its window.
 *
 * @param known What is known of the host beside its curve.
 */
export function backtest(series: Series, replay: Replay, known: KnownOfHost = NOTHING_KNOWN): PolicyReplay[] {
  const states = replay.policies.map((policy) => startReplay(series, replay.tenant, policy));
  const groups = [...Map.groupBy(states, ({ policy }) => policyGroupOf(policy)).values()];
  for (const group of groups) group.sort((a, b) => a.threshold - b.threshold);
  const pasts = new Map(
    groups.flatMap((group) => group.slice(0, 1).map(({ policy }) => [group, pastKnowledge(series, policy)])),
  );
  let before = Number.NEGATIVE_INFINITY;
  for (const at of dueTimes(replay)) {
    for (const group of groups) {
      const due = group.filter((state) => isDue(state, series, at, before));
      for (const { counts } of group.filter((state) => !due.includes(state))) counts.notDue++;
      inspectAt(at, due, { series, known, past: pasts.get(group) }, replay.ingestionDelayMs);
    }
    before = at;
  }
  return states.map(({ policy, counts, episodes, full }) => ({
    policy,
    ...counts,
    episodes: episodes.finish(),
    fullEpisodes: full.finish(),
  }));
}

/** A host, with what is known of it beside its curve. */
interface ReplayedHost {
  readonly series: Series;
  readonly known: KnownOfHost;
  readonly past: PastKnowledge | undefined;
}

interface ReplayState {
  readonly policy: ReplayedPolicy;
  /** The policy's threshold in its environment. */
  readonly threshold: number;
  readonly counts: { inspections: number; notDue: number; insufficient: number };
  readonly episodes: Episodes;
  readonly full: FullEpisodes;
  /** The last inspection; undefined before the first. */
  last: Evaluated | undefined;
}

function startReplay(series: Series, tenant: string, policy: ReplayedPolicy): ReplayState {
  const episodes = followEpisodes(series, tenant, policy.recoverAfter);
  const counts = { inspections: 0, notDue: 0, insufficient: 0 };
  const full = followFullHost(tenant, policy.recoverAfter);
  return { policy, threshold: thresholdOf(policy), counts, episodes, full, last: undefined };
}

/** Whether the host is inspected at a slot, as `dueHosts` decides it in a run. */
function isDue(state: ReplayState, { resource }: Series, slot: number, since: number): boolean {
  const { policy, last, episodes, full } = state;
  const { quietHours = 0 } = policy;
  if (quietHours === 0 || last === undefined || isWatched(last)) return true;
  if (episodes.hasIncident() || full.hasIncident()) return true;
  return hasTurn(resource, { since, slot, quietHours });
}

/** Fields of a policy that change no measurement, only the decision and what is reported. */
const NOT_MEASURED: readonly string[] = [
  'threshold',
  'environment',
  'recoverAfter',
  'shownHours',
  'quietHours',
] satisfies (keyof ReplayedPolicy)[];

/** Policies of one group evaluate the same samples and differ at most in their threshold and in what they report. */
function policyGroupOf(policy: ReplayedPolicy): string {
  const measured = Object.entries(policy).filter(([name]) => !NOT_MEASURED.includes(name));
  return JSON.stringify(measured.sort());
}

/**
 * One inspection under each policy of a group, the least threshold first. A threshold changes no measurement, so that most
 * policies reuse the verdict of a lesser threshold: above the first threshold at which the host is steady, where an incident is open and the
 * confidence alone decides, and, graded anew, where the host leaks at the higher one as well.
 */
function inspectAt(
  at: number,
  group: readonly ReplayState[],
  { series, known, past }: ReplayedHost,
  ingestionDelayMs: number,
): void {
  const [least] = group;
  if (least === undefined) return;
  const { window } = spanEndingBefore(at, ingestionDelayMs, least.policy.lookBackHours, series);
  const truncated = truncatedTo(series, window);
  const weeks = past?.at(window.end);
  let evaluatedAt = least.threshold;
  let evaluated = evaluatedAsInRun(truncated, least.policy, known, weeks);
  for (const state of group) {
    const { policy, threshold, counts, episodes, full } = state;
    if (threshold !== evaluatedAt && mayDiffer(evaluated.verdict, threshold, episodes)) {
      const { verdict } = evaluated;
      const stillLeaks = verdict.state === 'leaking' && verdict.evidence.confidence >= threshold;
      evaluated = stillLeaks
        ? { ...evaluated, verdict: regraded(verdict, policy) }
        : evaluatedAsInRun(truncated, policy, known, weeks);
      evaluatedAt = threshold;
    }
    counts.inspections++;
    if (evaluated.verdict.state === 'insufficient_data') counts.insufficient++;
    state.last = evaluated;
    const isReported = episodes.isReported();
    episodes.add(at, state.last);
    full.add(at, state.last, () => isReported);
  }
}

/** Whether the verdict at this threshold may report something else than the one at a lesser threshold. */
function mayDiffer(verdict: Verdict, threshold: number, episodes: Episodes): boolean {
  if (verdict.state !== 'leaking') return false;
  return !episodes.isOpen() || verdict.evidence.confidence < threshold;
}
