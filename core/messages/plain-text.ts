/** The pieces of a mail's text: labelled lines, amounts, times, and words that are ASCII whoever wrote them. */

/** Characters of a text that comes from a provider or a tenant. */
const TEXT_LENGTH = 200;

/** Columns of the labels at the left. */
const LABEL_WIDTH = 10;

/** Printable ASCII on one line: accents are taken off, whatever else is not ASCII becomes a question mark. */
export function asciiText(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
}

export function text(value: string, length = TEXT_LENGTH): string {
  return clip(asciiText(value), length);
}

export function clip(value: string, length: number): string {
  return value.length <= length ? value : `${value.slice(0, length - 3)}...`;
}

export function line(label: string, value: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${value}`;
}

/** A fraction as percent of the host's memory, bytes in the unit that keeps the number short. */
export function amount(value: number, unit: 'By' | '1'): string {
  if (unit === '1') return `${round(value * 100)} %`;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 1024 && step < units.length - 1) {
    scaled /= 1024;
    step++;
  }
  return `${round(scaled)} ${units[step]}`;
}

export function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function between(earliest: string, latest: string): string {
  return `between ${minute(earliest)} and ${minute(latest)}`;
}

/** `2026-11-20T13:05:00.000Z` as `2026-11-20 13:05 UTC`. */
export function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
