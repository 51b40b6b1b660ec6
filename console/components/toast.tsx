/** What just happened, for a few seconds and for screen readers. */
import { signal } from '@preact/signals';
import { Text } from './text.tsx';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

const SHOWN_MS = 8_000;
const MOST_SHOWN = 4;

const notices = signal<readonly Notice[]>([]);
const announced = signal('');
let lastId = 0;

/** Shows a sentence about an action of the person: done, or failed and why. A failure stays until it is closed. */
export function notify(text: string, tone: Notice['tone'] = 'good'): void {
  const id = ++lastId;
  notices.value = [...notices.value, { id, text, tone }].slice(-MOST_SHOWN);
  if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_MS);
}

/** Reads a sentence aloud without showing it: rows that came, a filter that was set. */
export function announce(text: string): void {
  announced.value = text;
}

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** The two live regions of the page; the layout has them once. */
export function Notices() {
  return (
    <>
      <p class="visually-hidden" role="status" aria-live="polite">
        {announced.value}
      </p>
      <section class="notices" aria-live="polite" aria-label="Notices">
        {notices.value.map(({ id, text, tone }) => (
          <div class={`notice notice-${tone}`} key={id}>
            <span aria-hidden="true">{tone === 'good' ? '✓' : '✕'}</span>
            <span>
              <Text value={text} length={500} />
            </span>
            <button type="button" class="button-plain" aria-label="Close this notice" onClick={() => dismiss(id)}>
              ×
            </button>
          </div>
        ))}
      </section>
    </>
  );
}
