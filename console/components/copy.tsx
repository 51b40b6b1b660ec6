/** Copies a text with one click. */
import { useState } from 'preact/hooks';
import { announce, notify } from './toast.tsx';

interface CopyProps {
  readonly value: string;
  /** What is copied, for the button's name: `the id of the host`. */
  readonly what: string;
  /** Shows a word rather than the icon alone. */
  readonly label?: string;
}

const SHOWN_MS = 1_500;

export function CopyButton({ value, what, label }: CopyProps) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setDone(true);
      announce(`Copied ${what}.`);
      setTimeout(() => setDone(false), SHOWN_MS);
    } catch {
      notify(`The browser did not let this page copy ${what}. Select it and copy it by hand.`, 'bad');
    }
  };
  return (
    <button
      type="button"
      class={label === undefined ? 'copy' : 'button button-small copy-labelled'}
      title={`Copy ${what}`}
      aria-label={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
        {isDone ? <path d="M3 8.5l3.5 3.5L13 4.5" /> : <path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7" />}
      </svg>
      {label !== undefined && (isDone ? 'Copied' : label)}
    </button>
  );
}
