/** What an incident's address keeps: the range of the curve, and which part of the past is read. */
import type { IncidentView } from '../api/contract/incidents.ts';
import type { Range } from './chart/model.ts';

/** The parts of the page, each with an address: `#who-grew`. In the order of the page. */
export const SECTIONS = [
  ['curve', 'Curve'],
  ['who-grew', 'Who grew'],
  ['siblings', 'Siblings'],
  ['checks', 'Checks'],
  ['what-if', 'What if'],
  ['history', 'History'],
  ['notifications', 'Notifications'],
  ['related', 'Related'],
  ['attributes', 'Attributes'],
] as const;
export type SectionId = (typeof SECTIONS)[number][0];

/** `?from=2026-11-23T10:00Z&to=2026-11-23T16:00Z`; undefined where it names no range. */
export function rangeOfAddress(parameter: (name: string) => string): Range | undefined {
  const [from, to] = [secondsOf(parameter('from')), secondsOf(parameter('to'))];
  return from === undefined || to === undefined || from >= to ? undefined : { from, to };
}

function secondsOf(text: string): number | undefined {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs / 1000;
}

export function addressOfRange(range: Range | undefined): { from: string; to: string } {
  if (range === undefined) return { from: '', to: '' };
  return { from: minuteText(range.from), to: minuteText(range.to) };
}

function minuteText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}

export interface ReadWindow {
  /** The end of the part that is read, ISO 8601; undefined: now. */
  readonly to: string | undefined;
  readonly lookbackHours: number | undefined;
}

const HOUR = 3_600_000;
/** The fall after a growth is seen within these hours. */
const AFTER_END_HOURS = 12;
/** A growth that is older than the usual hours of history is read from so long before it on. */
const BEFORE_HOURS = 24;
const USUAL_HOURS = 100;
/** The contract's greatest window. */
const MOST_HOURS = 720;

/** What is read of the host: the growth of an incident that is over with its end, else up to now. `now` is epoch milliseconds. */
export function readWindowOf({ status, endedAt, since }: IncidentView, now: number): ReadWindow {
  const isOver = (status === 'closed' || status === 'watched') && endedAt !== null;
  const after = isOver ? Date.parse(endedAt) + AFTER_END_HOURS * HOUR : now;
  const end = Math.min(now, after);
  const age = (end - Date.parse(since)) / HOUR + BEFORE_HOURS;
  const lookbackHours = age > USUAL_HOURS ? Math.min(MOST_HOURS, Math.ceil(age)) : undefined;
  return { to: end < now ? new Date(end).toISOString() : undefined, lookbackHours };
}
