/** Text as a terminal shows it: fitted to columns, and made harmless. */
import { stripVTControlCharacters } from 'node:util';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** What a piece of text means. How it looks is the terminal's business. */
export type Tone = 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent';

/** Colours text, or returns it as it is where colours are not wanted. */
export type Paint = (tone: Tone, text: string) => string;

export const plain: Paint = (_tone, text) => text;

/**
 * Controls, characters that take no columns (zero-width spaces and joiners, soft hyphens), and the marks that turn the
 * direction of what follows: a host's name must not rewrite a terminal, nor look like another host's.
 */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[\t\n\v\f\r]]/gv;

/** Text from outside (names, labels, providers' messages) on one line and without anything that a terminal obeys. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(UNSAFE, '').replace(/\s+/g, ' ');
}

/** JSON from `JSON.stringify`, which leaves C1 controls and invisible marks raw, with these escaped too: it stays the same value. */
export function harmlessJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Without the line breaks of JSON that is printed for people: inside a string they are escaped already. */
const UNSAFE_IN_JSON = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]--[\n]]/gv;

/** The text in at most `width` columns (finite); an ellipsis stands for what is left out. */
export function truncate(text: string, width: number): string {
  return cliTruncate(text, width);
}

/** The text in at most `width` columns; an ellipsis stands for its middle: names differ at their ends. */
export function clip(text: string, width: number): string {
  return stringWidth(text) <= width ? text : cliTruncate(text, width, { position: 'middle' });
}

/** Pads the text by columns, escape sequences not counted. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/**
 * Breaks text at spaces into lines of at most `width` columns; a longer word stands alone. With an `indent` the first
 * line takes its room too, for what the caller puts before it, and the others begin with it.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const joined = text.replace(BEFORE_UNIT, NO_BREAK);
  return wrapAnsi(joined, width - stringWidth(indent))
    .replaceAll(NO_BREAK, ' ')
    .replaceAll('\n', `\n${indent}`);
}

/** The space between a figure and its unit, at which no line ends: one that begins with `%` is hard to read. */
const BEFORE_UNIT = /(?<=\d) (?=%|(?:h|d|min|[KMGTP]?i?B)\b)/g;

/** Stands for such a space meanwhile: of a private range, because texts have no-break spaces of their own. */
const NO_BREAK = '\ue000';
