/** When a memory is full, in one form wherever it is stated: counted from now, whatever it was computed as of. */
import type { IncidentView } from '../api/contract/incidents.ts';
import type { ExhaustionView } from '../api/contract/places.ts';
import { formatDuration, formatDurationRange } from '../core/messages/times.ts';
import { restartBy } from '../core/model/restart-by.ts';
import type { LeakFacts } from './incident-facts.ts';

const MINUTE = 60_000;

/** `in 11 h`; `now` where that is past. `at` is ISO 8601, `now` epoch milliseconds. */
export function leftText(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return left < MINUTE ? 'now' : `in ${formatDuration(left)}`;
}

/** Time that is left, from the earliest to the latest: `4–13 h`, `2 d or more`, `up to 7 h` where the earliest is past; `none`. */
export function rangeText({ earliest, latest }: ExhaustionView, now: number): string {
  const least = Date.parse(earliest) - now;
  const most = latest === null ? null : Date.parse(latest) - now;
  if (most !== null && most < MINUTE) return 'none';
  if (least < MINUTE) return most === null ? 'any time' : `up to ${formatDuration(most)}`;
  return formatDurationRange(least, most) ?? formatDuration(least);
}

/**
 * Until when a restart is safe, by the forecast that is shown: where the cloud was read by a newer one than the message has. The planned window
 * of the config stands as long as it begins before. Null where it is over or nobody knows.
 */
export function restartByOf(incident: IncidentView, leak: LeakFacts | undefined): IncidentView['restartBy'] {
  const isOver = incident.status === 'watched' || incident.status === 'closed';
  if (isOver) return null;
  if (leak?.source !== 'read' || leak.exhaustion === null) return incident.restartBy;
  const { earliest, likely, latest } = leak.exhaustion;
  const expected = {
    kind: 'expected',
    earliest: Date.parse(earliest),
    likely: Date.parse(likely ?? earliest),
    latest: latest === null ? null : Date.parse(latest),
  } as const;
  const found = restartBy(expected, [], Date.parse(leak.asOf));
  if (found === null) return null;
  const planned = incident.restartBy?.window;
  return {
    at: new Date(found.at).toISOString(),
    window: planned && Date.parse(planned.start) < found.at ? planned : null,
  };
}
