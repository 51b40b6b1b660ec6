/** Values of options: text from the command line in, checked values out. What does not fit throws commander's own error. */
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { parseByteSize, UNIT_NAMES, type UnitName } from '../adapters/trace-file/values/unit.ts';
import { isTimeZone } from '../adapters/trace-file/values/zone.ts';
import { type HostRule, hostFilterSchema } from '../core/model/host-filter.ts';
import { parseInput } from '../core/model/issues.ts';
import { LOOK_BACK_HOURS, policySchema } from '../core/model/policy.ts';
import { tenantIdSchema } from '../core/model/tenant.ts';

const timeSchema = z.union([
  z.iso.datetime({ offset: true }),
  // Without seconds.
  z.iso.datetime({ offset: true, precision: -1 }),
  z.iso.date(),
]);

/** `2026-11-20T12:00Z` or `2026-11-20` (midnight UTC) as epoch milliseconds. A time without its zone is refused. */
export function parseTime(text: string): number {
  const parsed = timeSchema.safeParse(text);
  if (parsed.success) return Date.parse(parsed.data);
  throw new InvalidArgumentError('Give a time with its zone, for example 2026-11-20T12:00:00Z, or a date.');
}

export function parseLookback(text: string): number {
  const parsed = policySchema.safeParse({ lookBackHours: Number(text) });
  if (parsed.success && parsed.data.lookBackHours !== undefined) return parsed.data.lookBackHours;
  throw new InvalidArgumentError(`Give full hours, from ${LOOK_BACK_HOURS.least} to ${LOOK_BACK_HOURS.greatest}.`);
}

/** Values of a policy or the name of a file. Another option instead of them, or nothing, is a slip. */
export function parsePolicy(text: string): string {
  if (text.trim() !== '' && !text.startsWith('-')) return text;
  throw new InvalidArgumentError(
    'Give values such as threshold=0.8,prior=0.05, or a YAML or JSON file that holds them.',
  );
}

/** An integer, 0 included. */
export function parseCount(text: string): number {
  const parsed = z.coerce.number().int().min(0).safeParse(text);
  if (parsed.success && /^\d+$/.test(text)) return parsed.data;
  throw new InvalidArgumentError('Give an integer, for example 3.');
}

export function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count > 0) return count;
  throw new InvalidArgumentError('Give at least 1.');
}

/** A score of an anomaly. */
export function parseScore(text: string): number {
  const score = Number(text);
  if (text.trim() !== '' && score >= 0 && score <= 1) return score;
  throw new InvalidArgumentError('Give a number from 0 to 1, for example 0.5.');
}

export function parseTenantId(text: string): string {
  const parsed = parseInput(tenantIdSchema, text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`The id of a tenant ${parsed.error.issues[0]?.message}.`);
}

/** Days of the past: CloudWatch forgets all after 455. */
const MOST_DAYS = 455;

export function parseDays(text: string): number {
  const days = Number(text);
  if (text.trim() !== '' && days > 0 && days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`Give a number of days, up to ${MOST_DAYS}.`);
}

/** Pages per 100 hosts and week; 0 means a threshold that never pages. */
export function parseBudget(text: string): number {
  const pages = Number(text);
  if (text.trim() !== '' && pages >= 0 && Number.isFinite(pages)) return pages;
  throw new InvalidArgumentError('Give a number of pages, for example 1 or 0.5.');
}

/**
 * Adds a rule to those before it: `name=web-*`, or several fields that must all match, `group=web,label.env=prod`.
 * @example parseHostRule('id=i-0a*', []) // [{ id: 'i-0a*' }]
 */
export function parseHostRule(text: string, before: readonly HostRule[] = []): HostRule[] {
  const fields: Record<string, string> = {};
  const labels: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [, field = '', pattern = ''] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    if (field.startsWith('label.')) labels[field.slice('label.'.length)] = pattern;
    else fields[field] = pattern;
  }
  const rule = { ...fields, ...(Object.keys(labels).length > 0 && { labels }) };
  const parsed = hostFilterSchema.safeParse({ include: [rule] });
  if (parsed.success && parsed.data.include) return [...before, ...parsed.data.include];
  throw new InvalidArgumentError(
    'Give FIELD=PATTERN with the fields id, name, group or label.KEY, for example name=web-*.',
  );
}

/** Adds a value to those before it. */
export function parseRepeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** The unit of values in trace files, in upper or lower case. */
export function parseUnit(text: string): UnitName {
  const unit = UNIT_NAMES.find((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (unit !== undefined) return unit;
  throw new InvalidArgumentError(`Give one of ${UNIT_NAMES.join(', ')}.`);
}

/** The name of a time zone. */
export function parseTimeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Give the name of a time zone, for example Europe/Berlin or UTC.');
}

/** `16GiB` in bytes. */
export function parseSize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Give a size with its unit, for example 16GiB.');
}

const DURATION_UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `7d`, `12h` or `90m` in milliseconds. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const duration = Number(count) * (DURATION_UNITS[unit] ?? Number.NaN);
  if (duration > 0) return duration;
  throw new InvalidArgumentError('Give a duration with its unit, for example 7d, 12h or 90m.');
}
