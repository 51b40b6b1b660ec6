/** Leaves parts of a message out until its receiver takes it: the last steps first, then facts, links at the end. */
import type { Brief } from './brief.ts';

/** Facts that always stay: which host it is, and when its memory is full. */
const FACTS_KEPT = 4;

/** The payload of as much of the brief as fits; of the least of it where even that does not. */
export function fitted<Payload>(
  brief: Brief,
  render: (brief: Brief) => Payload,
  fits: (payload: Payload) => boolean,
): Payload {
  let current = brief;
  for (;;) {
    const payload = render(current);
    const less = fits(payload) ? undefined : withLess(current);
    if (less === undefined) return payload;
    current = less;
  }
}

function withLess(brief: Brief): Brief | undefined {
  const { steps, facts, links } = brief;
  if (steps.length > 0) return { ...brief, steps: steps.slice(0, -1) };
  if (facts.length > FACTS_KEPT) return { ...brief, facts: facts.slice(0, -1) };
  return links.length > 0 ? { ...brief, links: [] } : undefined;
}
