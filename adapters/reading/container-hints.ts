/** Why a container has no memory, and what its owner can do: words only. */
import { formatTime } from '../../core/messages/times.ts';
import type { NotMonitored, Resource, Window } from '../../core/model/series.ts';

/** A container that runs and whose memory nobody reports. @param turnOn What to do about it. */
export function neverReported(resource: Resource, { start }: Window, turnOn: string): NotMonitored {
  const hint = `The cluster has reported no memory of this container since ${formatTime(start)}. ${turnOn}`;
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}
