/** Incidents, their log, and what people do about them. */
import * as z from 'zod';
import { RELATIONS } from '../../core/incidents/related.ts';
import { CHANGE_KINDS } from '../../core/model/change.ts';
import { POLICY_STAGES } from '../../core/model/decision.ts';
import { INCIDENT_STATUSES } from '../../core/model/incident.ts';
import { FINDING_KINDS } from '../../core/model/metrics.ts';
import { leakSchema, notificationSchema } from '../../core/model/notification.ts';
import { labelView, muteView } from './marks.ts';
import {
  count,
  curveView,
  exhaustionView,
  grade,
  hostView,
  provider,
  severity,
  spanView,
  time,
  unit,
} from './places.ts';
import { csv, pageOf, pageQuery, type Route, refSchema } from './route.ts';

export const incidentRow = z.strictObject({
  ref: refSchema,
  id: z.string(),
  /** Eight digits for people; the command line takes them. */
  shortId: z.string(),
  host: hostView,
  metric: z.string(),
  finding: z.enum(FINDING_KINDS),
  status: z.enum(INCIDENT_STATUSES),
  severity,
  episode: count,
  cycle: count,
  since: time,
  cycleSince: time,
  openedAt: time.nullable(),
  endedAt: time.nullable(),
  lastChangeAt: time,
  lastNotifiedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  owner: z.string().nullable(),
  fleet: refSchema.nullable(),
});
export type IncidentRow = z.output<typeof incidentRow>;

/**
 * An entry of the log. `body` is what the topic accepted. `put_off` is of a change that the alert policy put off for the first time, at the
 * time when it did; what becomes of the change is an entry of its own.
 */
export const eventView = z.strictObject({
  id: z.string(),
  at: time,
  kind: z.enum(['change', 'put_off', 'dropped', 'action']),
  incident: refSchema.nullable(),
  host: hostView.nullable(),
  /** One sentence. */
  headline: z.string(),
  /** Of a change. */
  change: z
    .strictObject({
      number: count,
      kind: z.enum(CHANGE_KINDS),
      severity,
      grade: grade.nullable(),
      cycle: count,
      episode: count,
    })
    .nullable(),
  decision: z
    .strictObject({
      outcome: z.enum(['sent', 'held', 'put_off']),
      stage: z.enum(POLICY_STAGES).nullable(),
      reason: z.string(),
      page: z.boolean(),
      receivers: z.array(z.string()),
      until: time.nullable(),
    })
    .nullable(),
  /** Of an action: what was done, by whom and why. Of a body that was dropped: why. */
  action: z.string().nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  body: notificationSchema.nullable(),
});
export type EventView = z.output<typeof eventView>;

/** One growth and its end. */
const cycleView = z.strictObject({
  cycle: count,
  /** When it was noticed: from then to its end an incident lasts. */
  startedAt: time,
  openedAt: time.nullable(),
  endedAt: time.nullable(),
  /** How it ended: see `CYCLE_ENDS`; null while it goes on. */
  ended: z.string().nullable(),
  /** Hours that memory grew, from before it was noticed; null while it goes on. */
  grewHours: z.number().nullable(),
  severity,
});

const markView = z.strictObject({
  at: time,
  kind: z.enum(['deployment', 'scaling', 'restart', 'change', 'action']),
  text: z.string(),
});

export const relatedView = z.strictObject({ by: z.enum(RELATIONS), incident: incidentRow });

export const linkView = z.strictObject({
  /** `cloud`: of the host in its cloud's console; `template`: of the tenant's own; `runbook`. */
  kind: z.enum(['cloud', 'template', 'runbook']),
  title: z.string(),
  url: z.url(),
});
export type LinkView = z.output<typeof linkView>;

/** One incident: what a person who was paged needs, without a read of the cloud. */
export const incidentView = incidentRow.extend({
  /** Whether the host has no later incident. */
  isCurrent: z.boolean(),
  /** Of the newest change; where that is past, with the time as of which it holds. */
  headline: z.string(),
  /** What to do by now, in words, the first first. */
  steps: z.array(z.string()),
  acknowledged: z.strictObject({ by: z.string(), at: time, note: z.string().nullable() }).nullable(),
  /** The newest message about it, sent or not. */
  body: notificationSchema.nullable(),
  /** The facts of the newest message that states a leak, sent or not: after an end those before it. Null where none does. */
  lastLeak: leakSchema.nullable(),
  cycles: z.array(cycleView),
  /** From the samples that its messages kept; null where none has any. */
  curve: z
    .strictObject({
      unit,
      curve: curveView,
      evaluated: spanView.nullable(),
      onset: spanView.nullable(),
      /** As it was expected last; null where it is over. */
      exhaustion: exhaustionView.nullable(),
      level: z.number().nullable(),
    })
    .nullable(),
  /** Null where it is over or not known. A time that is past means: as soon as possible. */
  restartBy: z
    .strictObject({
      at: time,
      window: z.strictObject({ name: z.string().nullable(), start: time, end: time }).nullable(),
    })
    .nullable(),
  marks: z.array(markView),
  mutes: z.array(muteView),
  labels: z.array(labelView),
  related: z.array(relatedView),
  links: z.array(linkView),
  /** Commands that do the same as the page's actions. */
  commands: z.array(z.strictObject({ title: z.string(), command: z.string() })),
  labelsOfHost: z.record(z.string(), z.string()),
  /** Hours from the exception to the recovery, or to now. */
  durationHours: z.number(),
});
export type IncidentView = z.output<typeof incidentView>;

export const incidentQuery = z.object({
  ...pageQuery,
  status: csv(z.enum(INCIDENT_STATUSES)).optional(),
  severity: csv(severity).optional(),
  provider: provider.optional(),
  account: z.string().max(200).optional(),
  region: z.string().max(200).optional(),
  group: z.string().max(300).optional(),
  /** Id or name. */
  host: z.string().max(1000).optional(),
  finding: csv(z.enum(FINDING_KINDS)).optional(),
  /** Of the last change. */
  from: time.optional(),
  to: time.optional(),
});

const ONE = '/tenants/{tenant}/incidents/{incident}';
const base = { tag: 'incidents' } as const;

export const INCIDENT_ROUTES = [
  {
    ...base,
    id: 'listIncidents',
    method: 'get',
    path: '/tenants/{tenant}/incidents',
    summary: 'Incidents, the latest change first',
    role: 'viewer',
    query: incidentQuery,
    answer: pageOf(incidentRow),
  },
  {
    ...base,
    id: 'getIncident',
    method: 'get',
    path: ONE,
    summary: 'One incident',
    role: 'viewer',
    answer: incidentView,
  },
  {
    ...base,
    id: 'listIncidentEvents',
    method: 'get',
    path: `${ONE}/events`,
    summary: 'Its log, the latest first',
    role: 'viewer',
    query: z.object(pageQuery),
    answer: pageOf(eventView),
  },
  {
    ...base,
    id: 'listRelated',
    method: 'get',
    path: `${ONE}/related`,
    summary: 'Incidents near it, by what they have in common',
    role: 'viewer',
    query: z.object({
      by: csv(z.enum(RELATIONS)).optional(),
      withinHours: z.coerce.number().min(0.25).max(720).default(24),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.strictObject({
      items: z.array(relatedView),
      /** Whether so many incidents changed since that not all were looked at: those whose last change is the oldest are missing. */
      truncated: z.boolean(),
    }),
  },
  {
    ...base,
    id: 'exportIncident',
    method: 'get',
    path: `${ONE}/export`,
    summary: 'The incident as JSON, or as an OCSF Detection Finding',
    role: 'viewer',
    query: z.object({ format: z.enum(['json', 'ocsf']).default('json') }),
    mediaType: 'application/json',
  },
  {
    ...base,
    id: 'acknowledge',
    method: 'post',
    path: `${ONE}/acknowledgement`,
    summary: 'Acknowledge it: no reminder, no escalation',
    role: 'operator',
    body: z.strictObject({ note: z.string().max(2000).nullable().default(null) }),
    status: 204,
  },
  {
    ...base,
    id: 'unacknowledge',
    method: 'delete',
    path: `${ONE}/acknowledgement`,
    summary: 'Take the acknowledgement back',
    role: 'operator',
    status: 204,
  },
  {
    ...base,
    id: 'setOwner',
    method: 'put',
    path: `${ONE}/owner`,
    summary: 'State who takes care of it',
    role: 'operator',
    body: z.strictObject({ owner: z.string().min(1).max(300).nullable() }),
    status: 204,
  },
  {
    ...base,
    id: 'addNote',
    method: 'post',
    path: `${ONE}/notes`,
    summary: 'Write a note into its log',
    role: 'operator',
    body: z.strictObject({ note: z.string().min(1).max(2000) }),
    status: 204,
  },
  {
    ...base,
    id: 'listEvents',
    method: 'get',
    path: '/tenants/{tenant}/events',
    summary: 'The log of all incidents, the latest first',
    role: 'viewer',
    query: z.object({ ...pageQuery, from: time.optional(), to: time.optional() }),
    answer: pageOf(eventView),
  },
] as const satisfies readonly Route[];
