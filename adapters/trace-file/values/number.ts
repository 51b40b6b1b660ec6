/** Numbers as spreadsheets and dashboards write them: with a decimal comma, grouped thousands, and a unit behind the number. */
import type { Fault } from '../entry.ts';

export interface Quantity {
  readonly number: number;
  /** What stands behind the number, `%` or `GiB`; empty where nothing does. */
  readonly suffix: string;
}

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_SUFFIX = /^([+-]?[\d.,]*\d(?:e[+-]?\d+)?)\s*([a-z%]*)$/i;

/** Cells that stand for no value. */
const MISSING = new Set(['', '-', 'null', 'undefined', 'n/a']);

/**
 * A cell's number; null where the cell is empty on purpose. A comma between digits is a decimal comma. Where it may as well
 * separate thousands, as in `1,234` in a file whose columns are separated by commas, the number is refused.
 */
export function readQuantity(cell: string, separator: string): Quantity | Fault | null {
  const text = cell.trim();
  if (MISSING.has(text.toLowerCase())) return null;
  if (PLAIN.test(text)) return finite(text, '') ?? NO_NUMBER;
  const [, digits = '', suffix = ''] = WITH_SUFFIX.exec(text) ?? [];
  if (digits === '') return NO_NUMBER;
  if (separator === ',' && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(digits)) return EITHER_COMMA;
  return finite(withPoint(digits), suffix) ?? NO_NUMBER;
}

const NO_NUMBER: Fault = { why: 'is no number; it may be empty' };
const EITHER_COMMA: Fault = { why: 'has a comma that may be decimal or separate thousands: write it with a point' };

function finite(text: string, suffix: string): Quantity | undefined {
  const number = PLAIN.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? { number, suffix } : undefined;
}

/** `1.234,5`, `1,234.5`, `29,6` and `8.589.934.592` with a decimal point and no groups. */
function withPoint(digits: string): string {
  const [comma, point] = [digits.lastIndexOf(','), digits.lastIndexOf('.')];
  const isGroupedBy = (sign: string) => new RegExp(`^[+-]?\\d{1,3}(\\${sign}\\d{3})+(?!\\d)`).test(digits);
  if (comma < 0) return digits.indexOf('.') < point && isGroupedBy('.') ? digits.replaceAll('.', '') : digits;
  if (point < 0) {
    return digits.indexOf(',') < comma && isGroupedBy(',') ? digits.replaceAll(',', '') : digits.replace(',', '.');
  }
  return comma > point
    ? isGroupedBy('.')
      ? digits.replaceAll('.', '').replace(',', '.')
      : digits
    : isGroupedBy(',')
      ? digits.replaceAll(',', '')
      : digits;
}
