/** A story that grows: whether its cycle goes on, gets worse or better, or is over. */
import { compareSeverity, type Severity } from '../../model/finding.ts';
import { type Growth, MOST_RATES, type Story } from '../../model/story.ts';
import type { Advanced, StoryPolicy } from './advanced.ts';
import { daysWith, risesByDays } from './days.ts';
import { HOUR_MS, type Verdicts } from './facts.ts';
import { isGivenBack } from './given-back.ts';
import { ended, type Found, type Growing, isFound, isPressing, latest, reported } from './growth.ts';
import { hoursKnownSince, rounded } from './levels.ts';
import { standsStill } from './standstill.ts';

/** From this confidence on it may still be a leak: one that grows in bursts falls below the threshold now and then. */
const DOUBTFUL = 0.1;
/** From this age on a leak may grow too slowly for the lookback window. */
const SLOW_HOURS = 96;

export function follow(before: Story, facts: Verdicts, { recoverAfter }: StoryPolicy): Advanced {
  const { growth } = before;
  if (growth === null) throw new TypeError('a story that grows has a growth');
  const story = { ...takenIn(before, facts), growth };
  if (isGivenBack(story, facts)) return ended(story, 'memory_given_back');
  if (isFound(facts)) return found(story, facts);
  const { steadyRuns, quietHours, days } = story;
  if (steadyRuns < recoverAfter || !standsStill(growth, facts, quietHours)) return { story, happened: null };
  const grownHours = (facts.at - growth.since) / HOUR_MS - quietHours;
  if (grownHours >= SLOW_HOURS && risesByDays(days)) return { story: { ...story, quietHours: 0 }, happened: null };
  return ended(story, growth.hasPaged ? 'levelled_off' : 'faded');
}

/** The story with what every inspection adds to it. */
function takenIn(before: Story, facts: Verdicts): Story {
  const { at, leak, confidence, isFull, floors } = facts;
  const isSign = leak !== null || confidence >= DOUBTFUL || isFull;
  const restartedAt = latest(before.restartedAt, facts.restartedAt);
  return {
    ...before,
    asOf: at,
    quietHours: isSign ? 0 : before.quietHours + hoursKnownSince(floors, before.asOf),
    steadyRuns: leak === null ? before.steadyRuns + 1 : 0,
    restartedAt,
    days: daysWith(before.days, floors, restartedAt),
    isWithoutVerdict: false,
  };
}

function found(story: Growing, facts: Found): Advanced {
  const { grade, at, leak } = facts;
  const { severity, rate } = leak;
  const growth: Growth = { ...story.growth, rates: [...story.growth.rates, rounded(rate)].slice(-MOST_RATES) };
  const isWorse = compareSeverity(severity, growth.severity) > 0;
  if (!growth.hasPaged && (grade === 'confirmed' || isPressing(facts))) {
    // The suspicion was reported with a severity of its own, which may have been greater than the confirmed one.
    const opened: Growth = { ...growth, severity, greatest: severity, hasPaged: true };
    return reported({ ...story, phase: 'open', hasPaged: true, growth: opened }, 'opened');
  }
  if (!isWorse) return growth.hasPaged ? lessened({ ...story, growth }, severity, at) : withGrowth(story, growth);
  const worse: Growth = { ...growth, severity, greatest: greater(severity, growth.greatest), lesser: null };
  return growth.hasPaged ? reported({ ...story, growth: worse }, 'worse') : withGrowth(story, worse);
}

/** A severity has fallen for good when every finding of a day is below what was reported. */
const LESSER_HOURS = 24;

function lessened(story: Growing, severity: Severity, at: number): Advanced {
  const { growth } = story;
  if (severity === growth.severity) return withGrowth(story, { ...growth, lesser: null });
  const since = growth.lesser?.since ?? at;
  const lesser = { since, severity: greater(severity, growth.lesser?.severity ?? severity) };
  if (at - since < LESSER_HOURS * HOUR_MS) return withGrowth(story, { ...growth, lesser });
  return reported({ ...story, growth: { ...growth, severity: lesser.severity, lesser: null } }, 'better');
}

function withGrowth(story: Story, growth: Growth): Advanced {
  return { story: { ...story, growth }, happened: null };
}

function greater(one: Severity, other: Severity): Severity {
  return compareSeverity(one, other) > 0 ? one : other;
}
