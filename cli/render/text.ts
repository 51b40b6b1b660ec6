/** Text as a terminal shows it: how many columns it takes, cut and padded to columns, and made harmless. */
import { stripVTControlCharacters } from 'node:util';

/** What a piece of text means. How it looks is the terminal's business. */
export type Tone = 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent';

/** Colours text, or returns it as it is where colours are not wanted. */
export type Paint = (tone: Tone, text: string) => string;

export const plain: Paint = (_tone, text) => text;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What takes two columns: East Asian wide and full-width characters (UAX #11), and emoji that are shown as such (UTS #51). */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{RGI_Emoji}|\p{Emoji_Presentation})/v;

/** Controls, and the marks that turn the direction of what follows: a host's name must not rewrite a terminal. */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gv;

/** Text from outside (names, labels, providers' messages) on one line and without anything that a terminal obeys. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(UNSAFE, '');
}

/** Columns that the text takes, escape sequences not counted. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) width += columnsOf(segment);
  return width;
}

function columnsOf(grapheme: string): number {
  if (/^\p{Mark}|^\p{Cc}|^\u200b/v.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** The text in at most `width` columns; what is cut off shows as an ellipsis. The text holds no escape sequences. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    columns += columnsOf(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/**
 * Breaks text at spaces into lines of at most `width` columns; a longer word stands alone. With an `indent` the first
 * line takes its room too, for what the caller puts before it, and the others begin with it.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const room = width - displayWidth(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

/** `1 host`, `2 hosts`, `no hosts`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  if (count === 0) return `no ${plural}`;
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
