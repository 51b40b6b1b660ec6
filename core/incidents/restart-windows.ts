/** Until when a restart of a host is safe, and the last maintenance window or quiet hours before. Pure. */
import type { Alerts, QuietHours } from '../model/alerts.ts';
import type { Change } from '../model/change.ts';
import { type RestartBy, restartBy } from '../model/restart-by.ts';
import type { Resource, Window } from '../model/series.ts';
import { matchesHost } from './policy/match.ts';
import { readableWindows } from './policy/readable-windows.ts';
import { expandWindows } from './policy/windows.ts';

/** `name` as the config has it; null of quiet hours, which have none. */
interface Planned extends Window {
  readonly name: string | null;
}

const DAY_MS = 24 * 3_600_000;
const MINUTES_OF_A_DAY = 1440;

/** The last window is looked for within so many days before memory is used up: one that recurs every month is among them. */
const LOOK_BEHIND_MS = 35 * DAY_MS;

/** Undefined where the change states no forecast of a leak, or nobody knows when the memory is used up. */
export function restartByOf(
  { leak, lastFinding, at }: Change,
  host: Resource,
  alerts: Alerts,
): RestartBy<Planned> | undefined {
  const { exhaustion: forecast } = leak ?? lastFinding ?? {};
  if (forecast?.kind !== 'expected') return undefined;
  const { maintenance = [], quietHours = [] } = readableWindows(alerts).alerts ?? {};
  const { earliest, likely, latest } = forecast;
  const [first, middle] = [Date.parse(earliest), Date.parse(likely)];
  const from = Math.max(at, first - LOOK_BEHIND_MS);
  const named = maintenance.filter(({ match }) => matchesHost(match, host));
  const quiet = quietHours.filter(({ match }) => matchesHost(match, host)).map(recurring);
  const windows: Planned[] = [
    ...named.flatMap((window) => expandWindows([window], from, first).map((one) => ({ ...one, name: window.name }))),
    ...expandWindows(quiet, from, first).map((one) => ({ ...one, name: null })),
  ];
  const exhaustion = {
    kind: 'expected',
    earliest: first,
    likely: middle,
    latest: latest === null ? null : Date.parse(latest),
  } as const;
  return restartBy(exhaustion, windows, at) ?? undefined;
}

/** As a window that recurs; where they end when they begin they last a day. On days when clocks change they are an hour off. */
export function recurring({ from, to, days = [], timezone }: QuietHours) {
  const minutes = minuteOf(to) - minuteOf(from);
  const durationMinutes = minutes > 0 ? minutes : minutes + MINUTES_OF_A_DAY;
  const [hour, minute] = from.split(':').map(Number);
  return { cron: `${minute} ${hour} * * ${days.length === 0 ? '*' : days.join(',')}`, durationMinutes, timezone };
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
