/** What each evaluator made of a host, in one sentence. */
import type { Vote, VoteReason } from '../model/vote.ts';
import { counted, formatPercent, formatPoints } from './units.ts';

type Facts = Vote['facts'];

/** What a sentence may name beside the facts. */
export interface VoteNames {
  /** `its process java`, of the consumer that grew most; absent where none is known. */
  readonly consumer?: string;
}

/** A new reason needs a sentence. */
const SENTENCES: Readonly<Record<VoteReason, (facts: Facts, names: VoteNames) => string>> = {
  curve: () => 'The shape of its own curve.',
  siblings_do_not_rise: (facts) => `${ownRise(facts)}; ${siblingsRise(facts)}. The rise is its own.`,
  moves_beside_siblings: (facts) =>
    `${ownRise(facts)}; ${siblingsRise(facts)}. What it does beside them does not look like a leak.`,
  siblings_rise: (facts) =>
    `${ownRise(facts)}; ${siblingsRise(facts)}. What rises on all of them is load, or a leak that all of them have.`,
  siblings_rise_since_release: (facts) => {
    const { deployedHoursAgo = 0 } = facts;
    const began = `It began about when a version was deployed, ${hoursText(deployedHoursAgo)} ago`;
    return `${ownRise(facts)}; ${siblingsRise(facts)}. ${began}.`;
  },
  fleet_rises: ({ hours = 0, together = 0, expected = 0 }) => {
    const others = counted(together, 'other host or group', 'other hosts or groups');
    return `${others} of its account and region began to rise within two hours of it, ${hoursText(hours)} ago; by chance it would be about ${Math.round(expected)}.`;
  },
  consumer_grows: ({ risePoints = 0, hours = 0 }, { consumer = 'one of its consumers' }) =>
    `By itself ${consumer} grows like a leak: by ${pointsText(risePoints)} in ${hoursText(hours)}.`,
  growers_level_off: ({ risePoints = 0 }) =>
    `It rose by ${pointsText(risePoints)}, and none of the consumers that rose with it still grows.`,
  beyond_normal: ({ rise = 0, hours = 0, times = 0, above = 0 }) => {
    const normal = times > 0 ? `, ${formatTimes(times)} its greatest normal rise of that length` : '';
    const level = above > 0 ? `, and stands ${pointsText(above)} above its highest normal level` : '';
    return `It rose by ${pointsText(rise)} in ${hoursText(hours)}${normal}${level}.`;
  },
  normal_growth: ({ rise = 0, hours = 0 }) =>
    `It rose by ${pointsText(rise)} in ${hoursText(hours)}, as it has before, and that ended by itself.`,
  refill: ({ plateau = 0 }) => `After a restart it comes back to its level before, ${formatPercent(plateau / 100)}.`,
  grows_for_weeks: ({ rise = 0, hours = 0, restarts = 0, asOf = 0 }) => {
    const across = restarts > 0 ? `, across ${counted(restarts, 'restart', 'restarts')}` : '';
    const known = asOf >= 1 ? ` (as of ${hoursText(asOf)} ago)` : '';
    return `It rose by ${pointsText(rise)} in ${Math.round(hours / 24)} days${across}${known}.`;
  },
  steady_rise: ({ rise = 0, hours = 0, times = 0 }) =>
    `It rose steadily by ${pointsText(rise)} in ${hoursText(hours)}, ${formatTimes(times)} its noise.`,
  moved_to_swap: ({ risePoints = 0, ofMemory = 0 }) =>
    `Memory and swap together grow like a leak: swap rose by ${pointsText(risePoints)} of ${ofMemory === 1 ? 'the memory' : 'its size'}.`,
  growth_from_swap: () => 'Memory and swap together do not grow: what one gained the other lost.',
  nobody_grows: ({ consumers = 0 }) => `None of its ${consumers} consumers grows.`,
};

/** Why an evaluator votes as it does. */
export function voteText({ reason, facts }: Pick<Vote, 'reason' | 'facts'>, names: VoteNames = {}): string {
  return SENTENCES[reason](facts, names);
}

function ownRise({ rise = 0, hours = 0 }: Facts): string {
  return `It rose by ${pointsText(rise)} in ${hoursText(hours)}`;
}

function siblingsRise({ siblingRise = 0, compared = 0, alike = 0 }: Facts): string {
  const change = siblingRise < 0 ? `fell by ${pointsText(-siblingRise)}` : `rose by ${pointsText(siblingRise)}`;
  if (compared === 1) return `the other host of its group ${change}`;
  return `the ${compared} others of its group ${change} in the median, ${alike} of them by half as much or more`;
}

function formatTimes(times: number): string {
  return `${Math.round(times * 10) / 10} times`;
}

/** Percentage points of the capacity. */
function pointsText(points: number): string {
  return formatPoints(points / 100);
}

function hoursText(hours: number): string {
  return `${Math.round(hours)} h`;
}
