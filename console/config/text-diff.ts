/** What two texts differ in, by lines. */
import { applyPatch, parsePatch, structuredPatch } from 'diff';

export interface DiffLine {
  /** `gap`: lines that both have and that are not shown. */
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
  /** Its number in the old and in the new text; null where it is not in it. */
  readonly before: number | null;
  readonly after: number | null;
}

type Hunk = ReturnType<typeof structuredPatch>['hunks'][number];

const CONTEXT = 3;

export function diffOf(before: string, after: string): DiffLine[] {
  return linesOf(structuredPatch('', '', before, after, '', '', { context: CONTEXT }).hunks);
}

/** The lines of a unified diff, as the API writes it. */
export function linesOfPatch(patch: string): DiffLine[] {
  return patch === '' ? [] : parsePatch(patch).flatMap(({ hunks }) => linesOf(hunks));
}

function linesOf(hunks: readonly Hunk[]): DiffLine[] {
  return hunks.flatMap((hunk, index): DiffLine[] => {
    let [before, after] = [hunk.oldStart, hunk.newStart];
    const lines = hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line): DiffLine => {
        const text = line.slice(1);
        if (line.startsWith('+')) return { kind: 'added', text, before: null, after: after++ };
        if (line.startsWith('-')) return { kind: 'removed', text, before: before++, after: null };
        return { kind: 'same', text, before: before++, after: after++ };
      });
    return index === 0 ? lines : [{ kind: 'gap', text: '', before: null, after: null }, ...lines];
  });
}

/** `mine` with what `newest` has changed since `base`; null where both changed the same lines. */
export function onTopOf(newest: string, base: string, mine: string): string | null {
  const changes = structuredPatch('', '', base, mine, '', '', { context: CONTEXT });
  const merged = applyPatch(newest, changes, { fuzzFactor: 0 });
  return merged === false ? null : merged;
}
