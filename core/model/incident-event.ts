/** The log of an incident: what happened, what was decided about it, what was sent, and what people did. Append-only. */
import * as z from 'zod';
import { changeSchema } from './change.ts';
import { decisionSchema } from './decision.ts';
import { notificationSchema } from './notification.ts';
import { resourceSchema } from './series.ts';

const shared = {
  /**
   * Deterministic: the same fact has the same id however often it is written. Of a change: incident id, `/` and its number; that it was put
   * off: the same and `/put_off`.
   */
  id: z.string(),
  tenant: z.string(),
  /** Incident id; null where no incident is concerned. */
  incident: z.string().nullable(),
  /** Epoch milliseconds: when it happened; the log is in this order. */
  at: z.int(),
};

const text = z.string().max(2000);
const person = z.string().max(2048);

export const incidentEventSchema = z.discriminatedUnion('kind', [
  /** A change that was decided. `body` is what the topic accepted; absent of what was held back. */
  z.strictObject({
    kind: z.literal('change'),
    ...shared,
    /** What it happened to. Entries of earlier versions do not name it. */
    host: resourceSchema.exactOptional(),
    change: changeSchema,
    decision: decisionSchema,
    body: notificationSchema.optional(),
  }),
  /**
   * A change that was put off for the first time: what becomes of it is an entry of its own. Its facts are left to that one; `decision`
   * states why, and until when.
   */
  z.strictObject({
    kind: z.literal('put_off'),
    ...shared,
    host: resourceSchema,
    change: changeSchema,
    decision: decisionSchema,
  }),
  /** A change whose body was not sent: the topic will never accept it, or no room was left for it. */
  z.strictObject({
    kind: z.literal('dropped'),
    ...shared,
    host: resourceSchema.exactOptional(),
    change: changeSchema,
    decision: decisionSchema,
    /** Absent where no room was left for it. */
    body: notificationSchema.optional(),
    reason: text,
  }),
  /** What a person did: acknowledged, took over, noted, muted, labelled. */
  z.strictObject({
    kind: z.literal('action'),
    ...shared,
    action: z.enum(['acknowledged', 'unacknowledged', 'owner', 'note', 'muted', 'unmuted', 'labelled', 'unlabelled']),
    by: person,
    reason: text,
    /** Of a mute or a label: its id. Of an owner: the name. */
    subject: text.nullable(),
  }),
]);

export type IncidentEvent = z.output<typeof incidentEventSchema>;

/** What became of a change for good. Beside it the log may have an entry that the change was put off. */
export type DecidedEvent = Extract<IncidentEvent, { kind: 'change' | 'dropped' }>;

export function isDecided(event: IncidentEvent): event is DecidedEvent {
  return event.kind === 'change' || event.kind === 'dropped';
}
