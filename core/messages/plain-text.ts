/** Texts for receivers that know little: ASCII whoever wrote it, on one line, and bounded. */

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
  return value.length <= length ? value : `${value.slice(0, length - ellipsis.length)}${ellipsis}`;
}
