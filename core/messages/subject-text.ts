/** What mutes and labels are about, in words. */
import { parseIncidentId } from '../model/incident-id.ts';
import type { Likeness, Mute, Subject } from '../model/mute.ts';
import { displayText } from './plain-text.ts';
import { shortId } from './short-id.ts';
import { formatTime } from './times.ts';
import { formatNumber } from './units.ts';

/**
 * `group web*, pattern linear`; of an incident its host and its short id.
 *
 * @param nameOf The name of an incident's host, where it is known.
 */
export function subjectText(
  { incident, labels = {}, ...fields }: Subject,
  nameOf: (incident: string) => string | undefined = () => undefined,
): string {
  const parts = [
    ...(incident === undefined ? [] : [incidentText(incident, nameOf(incident))]),
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${displayText(value)}`],
    ),
    ...Object.entries(labels).map(([name, value]) => `label ${displayText(name)}=${displayText(value)}`),
  ];
  return parts.join(', ');
}

/** `incident 1a2b3c4d (web-7)`. @param name Of its host; its id stands where it has none. */
export function incidentText(incident: string, name?: string): string {
  const host = name ?? parseIncidentId(incident)?.key.host ?? incident;
  return `incident ${shortId(incident)} (${displayText(host)})`;
}

/** Whether a mute holds something back now. */
export function isActive({ at, until }: Pick<Mute, 'at' | 'until'>, now: number): boolean {
  return at <= now && now < until;
}

/** Empty where it has no bounds. */
export function timeText(from: number | null, to: number | null): string {
  const begin = from === null ? '' : `from ${formatTime(from)}`;
  return [begin, to === null ? '' : `until ${formatTime(to)}`].filter((part) => part !== '').join(' ');
}

/** What a growth is compared with: `pattern linear, +0.4 points/h, begun about 12 h UTC, at 62 %`. */
export function likenessText({ pattern, growthPerHour, hour, level }: Likeness): string {
  const clock = `${String(Math.floor(hour)).padStart(2, '0')}:${String(Math.floor((hour % 1) * 60)).padStart(2, '0')} UTC`;
  return `${pattern === null ? 'no pattern' : `pattern ${pattern}`}, growth of ${formatNumber(growthPerHour)} points/h, begun at ${clock}, at a level of ${Math.round(level)} %`;
}
