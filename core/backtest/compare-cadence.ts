/** What an adaptive cadence saves and costs: the same past, inspected at every slot and as its turns have it. Counts, and delays. */
import { ADAPTIVE_HOURS } from '../model/cadence.ts';
import type { PolicyReplay } from './backtest.ts';
import { type Episode, notifiedAt } from './episode.ts';

const HOUR = 3_600_000;

/** An episode that begins this long after the other one ended may still be the same: it is how long a quiet host may wait. */
const TOLERANCE_MS = ADAPTIVE_HOURS * HOUR;

/** Of one kind of event, which episodes of the schedule the cadence has too. */
export interface Kept {
  readonly kept: number;
  readonly lost: number;
  readonly gained: number;
  /** How much later the kept ones came, in milliseconds; null where there are none. */
  readonly delay: { readonly median: number; readonly mean: number; readonly greatest: number } | null;
}

export interface CadenceComparison {
  /** Of hosts: what their reads cost is in proportion. */
  readonly inspections: { readonly schedule: number; readonly adaptive: number };
  /** Episodes by their first event, whether it pages or not. */
  readonly findings: Kept;
  /** Episodes that paged, by their page. */
  readonly pages: Kept;
  /** Ends of incidents that both have. */
  readonly ends: { readonly same: number; readonly earlier: number; readonly later: number };
}

export interface ComparisonSoFar {
  /** Adds one host. */
  add(schedule: PolicyReplay, adaptive: PolicyReplay): void;
  comparison(): CadenceComparison;
}

/** When an episode sent the event that is compared; null where it sent none. */
type EventOf = (episode: Episode) => number | null;

export function startComparison(): ComparisonSoFar {
  const inspections = { schedule: 0, adaptive: 0 };
  const findings = startKept(notifiedAt);
  const pages = startKept(({ openedAt }) => openedAt);
  const ends = { same: 0, earlier: 0, later: 0 };

  return {
    add(schedule, adaptive) {
      inspections.schedule += schedule.inspections;
      inspections.adaptive += adaptive.inspections;
      pages.add(schedule.episodes, adaptive.episodes);
      for (const [before, after] of findings.add(schedule.episodes, adaptive.episodes)) {
        const later = (after.endedAt ?? Number.POSITIVE_INFINITY) - (before.endedAt ?? Number.POSITIVE_INFINITY);
        if (later > 0) ends.later++;
        else if (later < 0) ends.earlier++;
        else if (before.endedAt !== null) ends.same++;
      }
    },
    comparison: () => ({
      inspections: { ...inspections },
      findings: findings.kept(),
      pages: pages.kept(),
      ends: { ...ends },
    }),
  };
}

type Pair = readonly [schedule: Episode, adaptive: Episode];

function startKept(eventOf: EventOf) {
  const delays: number[] = [];
  const counts = { lost: 0, gained: 0 };

  return {
    /** The pairs of episodes that both have. */
    add(schedule: readonly Episode[], adaptive: readonly Episode[]): Pair[] {
      const before = schedule.filter((episode) => eventOf(episode) !== null);
      const after = adaptive.filter((episode) => eventOf(episode) !== null);
      const pairs: Pair[] = [];
      for (const episode of before) {
        const same = after.find((other) => isSame(episode, other, eventOf));
        if (same === undefined) counts.lost++;
        else pairs.push([episode, same]);
      }
      for (const [one, other] of pairs) delays.push((eventOf(other) ?? 0) - (eventOf(one) ?? 0));
      counts.gained += after.filter((episode) => !before.some((other) => isSame(other, episode, eventOf))).length;
      return pairs;
    },
    kept: (): Kept => ({ kept: delays.length, ...counts, delay: delayOf(delays) }),
  };
}

/** Whether both are of one time: one begins before the other is over. */
function isSame(schedule: Episode, adaptive: Episode, eventOf: EventOf): boolean {
  const began = eventOf(schedule) ?? Number.NaN;
  const beganToo = eventOf(adaptive) ?? Number.NaN;
  const end = (episode: Episode) => episode.endedAt ?? Number.POSITIVE_INFINITY;
  return beganToo <= end(schedule) + TOLERANCE_MS && end(adaptive) >= began;
}

function delayOf(delays: readonly number[]): Kept['delay'] {
  const ordered = delays.toSorted((a, b) => a - b);
  const median = ordered[Math.floor((ordered.length - 1) / 2)];
  const greatest = ordered.at(-1);
  if (median === undefined || greatest === undefined) return null;
  return { median, mean: ordered.reduce((sum, delay) => sum + delay, 0) / ordered.length, greatest };
}
