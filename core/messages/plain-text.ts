/**
 * Texts that others wrote, made inert: on one line and bounded, and in ASCII for receivers that know nothing else. What a receiver
 * takes for markup is its renderer's business.
 */

/** Characters of a text that comes from a provider or a tenant. */
const TEXT_LENGTH = 200;

/** What our own texts and figures are written with. */
const TYPOGRAPHY: Readonly<Record<string, string>> = { '−': '-', '–': '-', '’': "'", '…': '...', '≥': '>=', '≤': '<=' };

/** Printable ASCII on one line: accents are taken off, and any other character becomes a question mark. */
export function asciiText(value: string): string {
  return value
    .replace(/[−–’…≥≤]/gu, (character) => TYPOGRAPHY[character] ?? '?')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
}

/** ASCII of a bounded length. */
export function plainText(value: string, length = TEXT_LENGTH): string {
  return clip(asciiText(value), length, '...');
}

/** The text in at most `length` characters. */
export function clip(value: string, length: number, ellipsis = '…'): string {
  if (value.length <= length) return value;
  // Half of a pair at the end would be no character.
  return `${value.slice(0, length - ellipsis.length).replace(/[\uD800-\uDBFF]$/, '')}${ellipsis}`;
}

/**
 * For receivers that know Unicode: on one line, bounded, without the characters that nobody sees: controls (escape codes among them),
 * and formats, which can turn the direction of what stands beside them. An address is divided: programs that make links of addresses
 * would offer one that a stranger has written.
 */
export function displayText(value: string, length = TEXT_LENGTH): string {
  return beginningOf(value, length, (text) => withoutInvisible(text).replaceAll('://', ': //'));
}

/** The same for what makes no links of a text, such as a page of our own: a command with an address in it can be copied. */
export function visibleText(value: string, length = TEXT_LENGTH): string {
  return beginningOf(value, length, withoutInvisible);
}

/** Texts may have megabytes, and their beginning is all that is shown. */
function beginningOf(value: string, length: number, visible: (text: string) => string): string {
  for (let read = 4 * length; read < value.length; read *= 4) {
    // What follows may change the last characters: half of a pair, or an address that is not yet one.
    const beginning = visible(value.slice(0, read)).slice(0, -2).trim();
    if (beginning.length > length) return clipCharacters(beginning, length);
  }
  return clipCharacters(visible(value).trim(), length);
}

function withoutInvisible(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '');
}

/** A pair that is divided by the end would leave half a character. */
function clipCharacters(value: string, length: number): string {
  return clip(value, length).replace(/\p{Surrogate}/gu, '');
}
