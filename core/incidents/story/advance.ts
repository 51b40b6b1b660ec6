/**
 * What one inspection changes of a leak's story, as a pure function, and what is to be reported about it.
 *
 *     (nothing) ── suspected, confirmed ─▶ suspected, open ── it stands still, or its memory is given back ─▶ watched
 *     watched ── it grows again: the next cycle ─▶ open          watched ── nothing grows for 1.5 times its age ─▶ (nothing)
 *     (nothing), watched ── it refills after a restart, up to where it was ─▶ watched: nothing is reported
 *
 * Time is counted in hours with samples and not in runs: inspections may be hours apart, and one without a verdict proves nothing.
 */
import type { Story } from '../../model/story.ts';
import { absent } from './absence.ts';
import type { Advanced, StoryPolicy } from './advanced.ts';
import type { Facts, Verdicts } from './facts.ts';
import { follow } from './follow.ts';
import { begun, isFound, refilling, rescaled } from './growth.ts';
import { remainingPlateau } from './refill.ts';
import { watch } from './watch.ts';

/** Facts that are not newer than the story change nothing. */
export function advance(before: Story | undefined, facts: Facts, policy: StoryPolicy): Advanced {
  if (before === undefined) return facts.kind === 'verdict' ? begin(facts) : { story: null, happened: null };
  if (facts.at <= before.asOf) return { story: before, happened: null };
  if (facts.kind !== 'verdict') return absent(before, facts);
  const story = rescaled(before, facts.capacity);
  return story.phase === 'watched' ? watch(story, facts) : follow(story, facts, policy);
}

function begin(facts: Verdicts): Advanced {
  if (!isFound(facts) && !facts.refills) return { story: null, happened: null };
  const plateau = remainingPlateau(null, facts, facts.restartedAt);
  if (plateau !== null) return refilling(undefined, facts, plateau);
  return isFound(facts) ? begun(undefined, facts) : { story: null, happened: null };
}
