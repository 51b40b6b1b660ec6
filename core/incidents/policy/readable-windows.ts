/** Windows and quiet hours of a stored config that can be expanded. One that cannot be would hold up all decisions of its tenant. */
import { Cron } from 'croner';
import type { Alerts } from '../../model/alerts.ts';
import { parseCron } from '../../model/cron.ts';
import { isTimeZone } from '../../model/time-zone.ts';

interface ReadableWindows {
  readonly alerts: Alerts | undefined;
  /** What is left out, in words; undefined where nothing is. */
  readonly leftOut: string | undefined;
}

/** The alerts without windows whose time zone or cron expression the runtime does not know: an earlier version may have accepted them. */
export function readableWindows(alerts: Alerts | undefined): ReadableWindows {
  const { maintenance = [], quietHours = [] } = alerts ?? {};
  const windows = maintenance.filter(({ cron, timezone }) => !isTimeZone(timezone) || !isCron(cron));
  const quiet = quietHours.filter(({ timezone }) => !isTimeZone(timezone));
  if (windows.length + quiet.length === 0) return { alerts, leftOut: undefined };
  const names = [
    ...windows.map(({ name }) => `maintenance window ${name}`),
    ...quiet.map(({ from }) => `quiet hours from ${from}`),
  ];
  const readable = {
    ...alerts,
    maintenance: maintenance.filter((one) => !windows.includes(one)),
    quietHours: quietHours.filter((one) => !quiet.includes(one)),
  };
  return { alerts: readable, leftOut: `left out, as they cannot be read: ${names.join(', ')}` };
}

function isCron(text: string): boolean {
  if (parseCron(text).kind === 'cron') return true;
  try {
    new Cron(text, { paused: true });
    return true;
  } catch {
    return false;
  }
}
