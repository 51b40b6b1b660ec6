/** What the relay remembers: what became of an event at a receiver, how far an incident got there, and whether a receiver works. */
import * as z from 'zod';
import { scopeSchema } from './series.ts';

const moment = z.int();
const reason = z.string().max(500);

/**
 * - `sent`: the receiver accepted it. `superseded`: a later event of its incident was accepted before, and this one would undo that.
 * - `not_meant`: the receiver takes no events of this kind. `refused`: it cannot be sent until somebody changes something.
 */
const DELIVERY_OUTCOMES = ['sent', 'superseded', 'not_meant', 'refused'] as const;

/** One event at one receiver. While it is still tried there is none. */
export const deliverySchema = z
  .strictObject({
    event: z.string(),
    receiver: z.string(),
    outcome: z.enum(DELIVERY_OUTCOMES),
    /** Why, in words without any secret; null where it was sent. */
    reason: reason.nullable(),
    at: moment,
  })
  .readonly();

/** An alert of Alertmanager that fires: it ends by itself unless it is sent again before it does. */
export const firingAlertSchema = z
  .strictObject({
    labels: z.record(z.string(), z.string()).readonly(),
    annotations: z.record(z.string(), z.string()).readonly(),
    startsAt: moment,
    generatorUrl: z.string().nullable(),
    /** Whose inspections keep it firing; null where it is about no host. */
    scope: scopeSchema.nullable(),
  })
  .readonly();

/** How far the events of one incident got at one receiver. */
export const subjectProgressSchema = z
  .strictObject({
    /** The incident, or what else the events are about. */
    subject: z.string(),
    /** What later messages are threads of: the `ts` of Slack's first message. */
    thread: z.string().max(100).nullable(),
    /** The greatest number of the events that were sent: a later event has a greater one. */
    order: z.int(),
    /** Who sends one of its events at the moment, and until when he has to be done. */
    lease: z.strictObject({ event: z.string(), until: moment }).readonly().nullable(),
    /** An event that could not be sent yet: later ones wait for it until then. The receiver wants it not before the time it named. */
    waiting: z
      .strictObject({ order: z.int(), until: moment, notBefore: moment.nullable().optional() })
      .readonly()
      .nullable(),
    alert: firingAlertSchema.nullable(),
  })
  .readonly();

/** Whether a receiver works, so that its tenant is notified once when it does not. */
export const receiverStatusSchema = z
  .strictObject({
    receiver: z.string(),
    /** Since when nothing could be sent; null where the last event was. */
    failingSince: moment.nullable(),
    /** Null where it works. */
    reason: reason.nullable(),
    /** Whether the tenant was notified of this failure. */
    reported: z.boolean(),
  })
  .readonly();

/** The last test notification of a tenant. */
export const notifyTestSchema = z
  .strictObject({
    /** Of its event. */
    event: z.string(),
    /** What the message has and a person types back. */
    code: z.string().max(20),
    at: moment,
    confirmedAt: moment.nullable(),
    confirmedBy: z.string().max(2048).nullable(),
  })
  .readonly();

export type Delivery = z.output<typeof deliverySchema>;
export type FiringAlert = z.output<typeof firingAlertSchema>;
export type SubjectProgress = z.output<typeof subjectProgressSchema>;
export type ReceiverStatus = z.output<typeof receiverStatusSchema>;
export type NotifyTest = z.output<typeof notifyTestSchema>;
