/** The units in which used memory is stated, by the names that people and tools give them. */
import type { BaseUnit } from '../entry.ts';

/** A value times `factor` is in the base unit. */
export interface Scale {
  readonly baseUnit: BaseUnit;
  readonly factor: number;
}

/** The names that `--unit` takes. `kB` and its like count in thousands, `KiB` and its like in 1024s (IEC 80000-13). */
export const UNIT_NAMES = ['fraction', 'percent', 'bytes', 'kB', 'KiB', 'MB', 'MiB', 'GB', 'GiB', 'TB', 'TiB'] as const;
export type UnitName = (typeof UNIT_NAMES)[number];

const FRACTION: Scale = { baseUnit: 'fraction', factor: 1 };
const PERCENT: Scale = { baseUnit: 'percent', factor: 1 };
const inBytes = (factor: number): Scale => ({ baseUnit: 'bytes', factor });

/** Words that can only be a unit. */
const UNIT_WORDS: ReadonlyMap<string, Scale> = new Map([
  ['fraction', FRACTION],
  ['ratio', FRACTION],
  ['percent', PERCENT],
  ['percentage', PERCENT],
  ['pct', PERCENT],
  ['bytes', inBytes(1)],
  ['byte', inBytes(1)],
  ['kb', inBytes(1e3)],
  ['kilobytes', inBytes(1e3)],
  ['kib', inBytes(2 ** 10)],
  ['mb', inBytes(1e6)],
  ['megabytes', inBytes(1e6)],
  ['mib', inBytes(2 ** 20)],
  ['gb', inBytes(1e9)],
  ['gigabytes', inBytes(1e9)],
  ['gib', inBytes(2 ** 30)],
  ['tb', inBytes(1e12)],
  ['terabytes', inBytes(1e12)],
  ['tib', inBytes(2 ** 40)],
]);

/** Symbols that mean a unit only behind a number or in brackets: in a name a single character may be anything. */
const UNIT_SYMBOLS: ReadonlyMap<string, Scale> = new Map([
  ['%', PERCENT],
  ['b', inBytes(1)],
  ['k', inBytes(1e3)],
  ['ki', inBytes(2 ** 10)],
  ['m', inBytes(1e6)],
  ['mi', inBytes(2 ** 20)],
  ['g', inBytes(1e9)],
  ['gi', inBytes(2 ** 30)],
  ['t', inBytes(1e12)],
  ['ti', inBytes(2 ** 40)],
]);

/** The unit that a word of a name states. */
export function unitOfWord(word: string): Scale | undefined {
  return UNIT_WORDS.get(word.toLowerCase());
}

/** The unit that stands behind a number, in brackets or in `--unit`. */
export function unitOfSuffix(suffix: string): Scale | undefined {
  return unitOfWord(suffix) ?? UNIT_SYMBOLS.get(suffix.toLowerCase());
}

/** The scale of a unit that `--unit` or a field names. */
export function scaleOf(unit: UnitName | undefined): Scale | undefined {
  return unit === undefined ? undefined : unitOfWord(unit);
}

/**
 * Infers the unit from the size of values where nothing states it: values above 1 and up to 200 are percent, values from a
 * megabyte on are bytes. Values of at most 1 may be fractions, or the percent of a large idle host: undefined.
 */
export function unitOfValues(values: Iterable<number>): UnitName | undefined {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least >= 0 && greatest > 1 && greatest <= 200) return 'percent';
  return least >= 1e6 && Number.isFinite(greatest) ? 'bytes' : undefined;
}

/** `16GiB` as bytes; undefined where the text is no size above 0. */
export function parseByteSize(text: string): number | undefined {
  const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const scale = unitOfSuffix(suffix);
  const bytes = Number(digits) * (scale?.factor ?? Number.NaN);
  return scale?.baseUnit === 'bytes' && bytes > 0 && Number.isFinite(bytes) ? bytes : undefined;
}
