/** Texts, numbers and durations of PromQL: https://prometheus.io/docs/prometheus/latest/querying/basics/#literals */
import { badData } from './errors.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gi;

/** The text of a literal with its quotes. Between backticks nothing is escaped. */
export function textOf(literal: string): string {
  const [quote = ''] = literal;
  if (literal.length < 2 || !literal.endsWith(quote)) throw badData(`unterminated string ${literal}`);
  const inner = literal.slice(1, -1);
  if (quote === '`') return inner;
  return inner.replaceAll(ESCAPE, (sequence: string, byte?: string, unit?: string, simple?: string) => {
    const code = byte ?? unit;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    const text = simple === quote ? quote : SIMPLE_ESCAPES[simple ?? ''];
    if (text === undefined) throw badData(`unknown escape sequence ${sequence} in ${literal}`);
    return text;
  });
}

export function numberOf(literal: string): number {
  const sign = literal.startsWith('-') ? -1 : 1;
  const text = literal.replace(/^[+-]\s*/, '').toLowerCase();
  if (text === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (text === 'nan') return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw badData(`not a number: ${literal}`);
  return sign * value;
}

const UNITS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** Milliseconds of a duration such as `1h30m`; undefined for any other text. */
export function durationOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[ywdhms]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
}
