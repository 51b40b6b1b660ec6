/** A story whose growth is over: whether it grows again, or nothing has to be remembered any more. */
import type { Story } from '../../model/story.ts';
import type { Advanced } from './advanced.ts';
import { curedWith } from './cured.ts';
import type { Verdicts } from './facts.ts';
import { begun, isFound, latest, refilledBy, refilling, reported } from './growth.ts';
import { remainingPlateau } from './refill.ts';

/** Inspections in a row that begin the next cycle of a leak that has paged. */
const GROWING_RUNS = 2;

export function watch(story: Story, facts: Verdicts): Advanced {
  const plateau = remainingPlateau(story.plateau, facts, restartToRefill(story, facts));
  if (!isFound(facts) && !facts.refills) return steady(withPlateau(story, facts, plateau), facts);
  if (plateau !== null) return refilling(story, facts, plateau);
  if (!isFound(facts)) return steady(story, facts);
  const growing = story.growing + 1;
  const isSure = !story.hasPaged || facts.grade === 'confirmed' || growing >= GROWING_RUNS;
  return isSure ? begun(story, facts) : { story: { ...story, asOf: facts.at, growing }, happened: null };
}

/** The restart that the host may be refilling after: a kill that ended a climb leaves no plateau. What was suspected alone may have been none. */
function restartToRefill({ ended, hasPaged }: Story, { restartedAt }: Verdicts): number | null {
  const isOfClimb = hasPaged && ended?.how === 'memory_given_back' && restartedAt !== null && restartedAt <= ended.at;
  return isOfClimb ? null : restartedAt;
}

/**
 * The plateau of a restart is remembered for as long as it may be filled: the window soon shows it no more. Not of a leak that has paged:
 * whether it is cured is reported first.
 */
function withPlateau(story: Story, { at, restartedAt }: Verdicts, plateau: number | null): Story {
  const isKnown = story.plateau !== null && (restartedAt ?? 0) <= (story.restartedAt ?? 0);
  if (story.hasPaged || plateau === null || restartedAt === null || isKnown) return story;
  const watchedUntil = Math.max(story.watchedUntil ?? 0, refilledBy(restartedAt));
  return { ...story, asOf: at, plateau, restartedAt: latest(story.restartedAt, restartedAt), watchedUntil };
}

function steady(story: Story, facts: Verdicts): Advanced {
  const { watchedUntil, growing } = story;
  if (watchedUntil !== null && facts.at >= watchedUntil) return over(story, facts);
  if (growing === 0 && !story.isWithoutVerdict) return { story, happened: null };
  return { story: { ...story, asOf: facts.at, growing: 0, isWithoutVerdict: false }, happened: null };
}

function over(story: Story, facts: Verdicts): Advanced {
  const { growth, ended } = story;
  if (growth === null || !growth.hasPaged || ended?.how !== 'memory_given_back') return { story: null, happened: null };
  const confidence = curedWith(growth, ended.at, facts);
  if (confidence === null) return { story: null, happened: null };
  const end = { how: 'cured', ageHours: (facts.at - ended.at) / 3_600_000, confidence } as const;
  return { ...reported({ ...story, asOf: facts.at }, 'cleared', end), story: null };
}
