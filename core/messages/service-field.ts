/** A labelled line of the emails about Plimsoll itself. */
import { asciiText } from './plain-text.ts';
import { formatTime } from './times.ts';

/** Columns of the labels at the left. */
const LABEL_WIDTH = 12;

export function field(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)} ${asciiText(text)}`.trimEnd();
}

export function timeText(iso: string): string {
  return formatTime(Date.parse(iso));
}
