/** Lines that were added and removed. */
import type { DiffLine } from '../config/text-diff.ts';

const MARKS: Readonly<Record<DiffLine['kind'], string>> = { added: '+', removed: '−', same: ' ', gap: '' };
const NAMES: Readonly<Record<DiffLine['kind'], string>> = { added: 'added ', removed: 'removed ', same: '', gap: '' };
const MOST_LINES = 2000;

export function DiffView({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  if (lines.length === 0) return <p class="muted">Nothing differs.</p>;
  return (
    <div class="diff-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard. */}
      <section class="diff" tabIndex={0} aria-label={label}>
        {lines.slice(0, MOST_LINES).map((line, index) => (
          <div class={`diff-line diff-${line.kind}`} key={index}>
            <span class="diff-number" aria-hidden="true">
              {line.before ?? ''}
            </span>
            <span class="diff-number" aria-hidden="true">
              {line.after ?? ''}
            </span>
            <span class="diff-mark" aria-hidden="true">
              {MARKS[line.kind]}
            </span>
            <code>
              <span class="visually-hidden">{NAMES[line.kind]}</span>
              {line.kind === 'gap' ? '⋯' : visible(line.text)}
            </code>
          </div>
        ))}
      </section>
      {lines.length > MOST_LINES && <p class="muted">and {lines.length - MOST_LINES} lines more</p>}
    </div>
  );
}

/** Characters that nobody sees are written out, so that a text is what it looks like. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
