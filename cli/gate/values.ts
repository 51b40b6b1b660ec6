/** Values of the options of a check of a job. What does not fit throws commander's own error. */
import { InvalidArgumentError } from 'commander';
import { parseSize } from '../option-values.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `10m` or `1h` in milliseconds; `0s` is nothing. */
export function parseSpan(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  const span = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isFinite(span)) return span;
  throw new InvalidArgumentError('Give a duration with its unit, for example 30s, 10m or 1h.');
}

/** Reading all processes takes some milliseconds: more often than this the measuring would be the load. */
const LEAST_EVERY_MS = 50;
const MOST_EVERY_MS = 60_000;

export function parseEvery(text: string): number {
  const span = parseSpan(text);
  if (span >= LEAST_EVERY_MS && span <= MOST_EVERY_MS) return span;
  throw new InvalidArgumentError('Give a duration from 50ms to 1m.');
}

/** A timer takes no more than 2^31 ms: a longer one would be up at once. */
const MOST_FOR_MS = 500 * 3_600_000;

export function parseFor(text: string): number {
  const span = parseSpan(text);
  if (span > 0 && span <= MOST_FOR_MS) return span;
  throw new InvalidArgumentError('Give a duration of more than nothing and at most 500h, for example 10m.');
}

/** `200KiB` in bytes. Growth is per minute; `200KiB/min` is the same. */
export function parseGrowth(text: string): number {
  return parseSize(text.replace(/\/min$/, ''));
}

export function parseConfidence(text: string): number {
  const confidence = Number(text);
  if (text.trim() !== '' && confidence > 0 && confidence < 1) return confidence;
  throw new InvalidArgumentError('Give a number between 0 and 1, for example 0.8.');
}
