/** What happened to a group where the growth of one of its hosts began. Pure. */
import { scalingText } from '../messages/scaling.ts';
import type { Change } from '../model/change.ts';
import { isoText } from '../model/notation.ts';
import type { NotificationData } from '../model/notification.ts';
import type { ScalingEvent } from '../model/scaling-event.ts';
import type { Window } from '../model/series.ts';

type OnsetContext = NonNullable<NotificationData['context']>;

/** What is deployed reaches the last of its hosts, and grows, some time later. (Convention: most rollouts take less.) */
const LEAD_MS = 3 * 3_600_000;

/** Events of a kind that a message states: those nearest to the onset. */
const STATED = 5;

/** From when to when something may have caused the growth, epoch milliseconds, both ends included; undefined where nobody knows when it began. */
export function onsetSpan({ leak }: Change): Window | undefined {
  if (!leak?.onset) return undefined;
  return { start: Date.parse(leak.onset.earliest) - LEAD_MS, end: Date.parse(leak.onset.latest) };
}

/** @param events Of the host's group, oldest first. */
export function onsetEvents(change: Change, events: readonly ScalingEvent[]): OnsetContext {
  const span = onsetSpan(change);
  if (span === undefined) return {};
  const within = (time: number) => time >= span.start && time <= span.end;
  const near = events.filter(({ time }) => within(time));
  const deployments = near.filter(({ kind }) => kind === 'deployed').slice(-STATED);
  const scaling = near.filter(({ kind }) => kind !== 'deployed').slice(-STATED);
  const restarts = (change.leak?.restarts ?? []).filter((at) => within(Date.parse(at)));
  return {
    ...(deployments.length > 0 && { deployments: deployments.map((one) => stated(one, one.name ?? 'a deployment')) }),
    ...(scaling.length > 0 && { scaling: scaling.map((one) => stated(one, scalingText(one))) }),
    ...(restarts.length > 0 && { restarts }),
  };
}

function stated({ time }: ScalingEvent, name: string) {
  return { at: isoText(time), name };
}
