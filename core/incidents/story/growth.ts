/** Begins and ends the cycles of a story. */
import type { CycleEnd, Cycles, End } from '../../model/change.ts';
import { type Growth, MOST_CYCLES, type Story } from '../../model/story.ts';
import type { Advanced, Happened } from './advanced.ts';
import { daysWith } from './days.ts';
import { HOUR_MS, type Verdicts } from './facts.ts';
import { hourAt, lowest, rounded } from './levels.ts';

/** Hours before the growth whose lowest floor it grew from. */
const BASE_HOURS = 6;
/** An ended story is watched for so many times its age, … */
const WATCHED_AGES = 1.5;
/** … a day at the least, and no longer than what is remembered by days. */
const WATCHED_HOURS = { least: 24, most: 30 * 24 } as const;

/** A host that refills is watched for so long after its last finding: a plateau may take days to fill. */
const REFILL_HOURS = 5 * 24;

/** Levels in points of another capacity. Of bytes without a limit the capacity is the highest sample that was read. */
export function rescaled(story: Story, capacity: number): Story {
  if (story.capacity === capacity) return story;
  const factor = story.capacity / capacity;
  const { growth, days, plateau } = story;
  const level = (points: number) => Math.min(200, points * factor);
  return {
    ...story,
    capacity,
    growth: growth && { ...growth, base: level(growth.base), rates: growth.rates.map((rate) => rate * factor) },
    days: days.map(({ day, floor }) => ({ day, floor: level(floor) })),
    plateau: plateau && level(plateau),
  };
}

/** A story with a growth. */
export type Growing = Story & { readonly growth: Growth };

/** A finding: a cycle begins with it. */
export type Found = Verdicts & { readonly leak: NonNullable<Verdicts['leak']> };

export function isFound(facts: Verdicts): facts is Found {
  return facts.leak !== null;
}

/** A leak that fills its host within hours is over before a day of history confirms it: it pages as soon as it is as sure. */
const PRESSING_FROM = 0.9;

/** Whether a suspicion is taken for confirmed. */
export function isPressing({ confidence, leak: { severity, lasting } }: Found): boolean {
  return severity === 'critical' && Math.min(confidence, lasting) >= PRESSING_FROM;
}

/** Begins a cycle, the first one of a story or the next. What grows again after it has paged pages at once. */
export function begun(before: Story | undefined, facts: Found): Advanced {
  const shared = beginning(before, facts);
  const isOpen = facts.grade === 'confirmed' || isPressing(facts) || shared.hasPaged;
  const story: Story = {
    ...shared,
    phase: isOpen ? 'open' : 'suspected',
    cycle: Math.max(1, shared.cycle + (before?.growth?.hasPaged ? 1 : 0)),
    hasPaged: isOpen,
    growth: { ...growthOf(before, facts), hasPaged: isOpen },
    plateau: null,
    watchedUntil: null,
  };
  return reported(story, isOpen ? 'opened' : 'suspected');
}

/** Watches a host that may refill up to a plateau: nothing is reported. */
export function refilling(before: Story | undefined, facts: Verdicts, plateau: number): Advanced {
  const watchedUntil = Math.max(before?.watchedUntil ?? 0, refilledBy(facts.at));
  const growth = before?.growth ?? null;
  return { story: { ...beginning(before, facts), phase: 'watched', growth, plateau, watchedUntil }, happened: null };
}

/** Until when a host is watched that refills at a time. */
export function refilledBy(at: number): number {
  return at + REFILL_HOURS * HOUR_MS;
}

/** What a finding begins with, whatever becomes of it. */
function beginning(before: Story | undefined, { at, capacity, floors, restartedAt: shownAt }: Verdicts) {
  const restartedAt = latest(before?.restartedAt ?? null, shownAt);
  return {
    asOf: at,
    capacity,
    cycle: before?.cycle ?? 0,
    firstAt: before === undefined || before.cycle === 0 ? at : before.firstAt,
    lastedHours: before?.lastedHours ?? [],
    hasPaged: before?.hasPaged ?? false,
    quietHours: 0,
    steadyRuns: 0,
    growing: 0,
    days: daysWith(before?.days ?? [], floors, restartedAt),
    restartedAt,
    ended: before?.ended ?? null,
    isWithoutVerdict: false,
  };
}

function growthOf(before: Story | undefined, { at, floors, leak }: Found): Growth {
  const { rate, severity } = leak;
  const endedAt = before?.ended?.how === 'memory_given_back' ? before.ended.at : Number.NEGATIVE_INFINITY;
  const since = Math.max(leak.since, endedAt);
  const base = lowest(floors.hourly, hourAt(floors, Math.max(since - BASE_HOURS * HOUR_MS, endedAt)), Infinity);
  const rates = [rounded(rate)];
  return {
    since,
    foundAt: at,
    base: rounded(base),
    severity,
    greatest: severity,
    lesser: null,
    rates,
    hasPaged: false,
  };
}

/** Ends the cycle; the story goes on to be watched. */
export function ended(story: Story, how: CycleEnd): Advanced {
  const { growth, asOf } = story;
  if (growth === null) throw new TypeError('only a growth ends');
  const ageHours = Math.max(0, asOf - growth.since) / HOUR_MS;
  const hours = Math.min(WATCHED_HOURS.most, Math.max(WATCHED_HOURS.least, ageHours * WATCHED_AGES));
  const watched: Story = {
    ...story,
    phase: 'watched',
    quietHours: 0,
    steadyRuns: 0,
    growing: 0,
    ended: { at: asOf, how },
    watchedUntil: asOf + hours * HOUR_MS,
    lastedHours: growth.hasPaged ? [...story.lastedHours, ageHours].slice(-MOST_CYCLES) : story.lastedHours,
    ...(how === 'memory_given_back' && { restartedAt: asOf, days: [] }),
  };
  const { happened } = reported(story, growth.hasPaged ? 'recovered' : 'cleared', { how, ageHours, confidence: null });
  return { story: watched, happened };
}

export function reported(story: Story, kind: Happened['kind'], end?: End): Advanced & { happened: Happened } {
  const severity = story.growth?.severity ?? 'low';
  return { story, happened: { kind, severity, cycles: cyclesOf(story), ...(end && { end }) } };
}

export function cyclesOf({ cycle, firstAt, lastedHours, ended: end }: Story): Cycles {
  return { cycle: Math.max(1, cycle), firstAt, lastedHours, reopened: end !== null };
}

export function latest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other);
}
