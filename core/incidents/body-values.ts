/** How values are written into the body of an event: short enough to be read, exact enough to be used. */

/** Characters of a name or a label's value: providers allow far longer ones than people read. */
const TEXT_LENGTH = 200;

/** Digits that numbers keep: more is noise, and makes bodies hard to read. */
const SIGNIFICANT_DIGITS = 6;

export function clip(text: string, length = TEXT_LENGTH): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function round(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
