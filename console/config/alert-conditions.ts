/** What a rule or a route matches, in words. */
import { isRecord } from './json.ts';

/** Fields that are no conditions. */
const OTHER = new Set(['name', 'action', 'receivers', 'continue', 'match']);

const NAMES: Readonly<Record<string, string>> = {
  minConfidence: 'confidence at least',
  minGrowthPerHour: 'growth at least, percent an hour',
  minGrownPercent: 'grown at least, percent',
  minDurationHours: 'lasts at least, hours',
  minOccurrences: 'cycles at least',
  cooldownMinutes: 'at most once in, minutes',
};

/** One text a condition; empty where everything matches. */
export function conditionsOf(rule: Readonly<Record<string, unknown>>): string[] {
  const { match } = rule;
  const own = Object.entries(rule).filter(([name, value]) => !OTHER.has(name) && value !== undefined && value !== null);
  return [
    ...(isRecord(match) ? matchTexts(match) : []),
    ...own.map(([name, value]) => `${NAMES[name] ?? name}: ${textOf(value)}`),
  ];
}

/** `groups: web-*`, one a field. */
export function matchTexts(match: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(match).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}: ${textOf(value)}`],
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (isRecord(value)) {
    return Object.entries(value)
      .map(([name, pattern]) => `${name}=${textOf(pattern)}`)
      .join(', ');
  }
  return String(value);
}
