/** What a verdict is, in words: clauses to follow the name of a host, and when its memory is used up. */
import type { Exhaustion, Grade, Steady } from '../model/verdict.ts';
import { EXHAUSTION_REASONS, exhaustionText } from './exhaustion.ts';

/** `web-7 grows like a leak`. It never reads that there is one: steady growth may be legitimate. */
export const LEAKING_TEXT: Readonly<Record<Grade, string>> = {
  suspected: 'may grow like a leak',
  confirmed: 'grows like a leak',
};

/** To follow `web-7 is steady: `. Of a host that is more likely to leak than not nobody should read that it does not. */
export function steadyText({ evidence: { confidence } }: Steady): string {
  return confidence < 0.5
    ? 'its memory does not grow like a leak'
    : `it is not sure enough for its policy that its memory ${LEAKING_TEXT.confirmed}`;
}

/** `when its memory is used up is not known: …`; undefined where it is known. */
export function unknownEndText(exhaustion: Exhaustion, what: string): string | undefined {
  if (exhaustion.kind === 'expected') return undefined;
  return `when ${what} is used up is not known: ${EXHAUSTION_REASONS[exhaustion.reason]}`;
}

/** A clause, seen from `asOf` (epoch ms): `if it goes on, its memory is used up in 3 d 4 h (2–6 d)`. */
export function endText(exhaustion: Exhaustion, asOf: number): string {
  const unknown = unknownEndText(exhaustion, 'its memory');
  if (unknown !== undefined) return unknown;
  const when = exhaustionText(exhaustion, asOf);
  return when === 'now' ? 'its memory is used up' : `if it goes on, its memory is used up ${when}`;
}
