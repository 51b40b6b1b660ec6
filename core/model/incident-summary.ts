/** What a list shows of an incident. It changes only where the incident changes, and not with every inspection that sees it again. */
import * as z from 'zod';
import { SEVERITIES } from './finding.ts';
import { INCIDENT_STATUSES, type Incident, incidentId, incidentKeySchema, remindedSchema } from './incident.ts';

/** Characters of names that a list shows: providers allow far longer ones than people read. */
const NAME_LENGTH = 200;

export const incidentSummarySchema = z
  .strictObject({
    /** Of the episode. */
    id: z.string(),
    key: incidentKeySchema,
    name: z.string().nullable(),
    group: z.string().nullable(),
    status: z.enum(INCIDENT_STATUSES),
    severity: z.enum(SEVERITIES),
    episode: z.int().min(1),
    cycle: z.int().min(1),
    /** Times are epoch milliseconds, as of the incident. */
    since: z.int(),
    cycleSince: z.int(),
    openedAt: z.int().nullable(),
    endedAt: z.int().nullable(),
    lastChangeAt: z.int(),
    /** As of the incident, so that a list shows what became worse without its log. */
    worseAt: z.int().exactOptional(),
    lastNotifiedAt: z.int().nullable(),
    /** Who acknowledged it. */
    acknowledgedBy: z.string().nullable(),
    owner: z.string().nullable(),
    fleet: z.string().nullable(),
    /** As of the incident, so that a list shows of which a reminder is due. */
    reminded: remindedSchema.exactOptional(),
  })
  .readonly();

export type IncidentSummary = z.output<typeof incidentSummarySchema>;

export function summaryOf(incident: Incident): IncidentSummary {
  const { key, resource, status, severity, episode, cycle, since, cycleSince, openedAt, endedAt } = incident;
  return {
    id: incidentId(key, episode),
    key,
    name: resource.name?.slice(0, NAME_LENGTH) ?? null,
    group: resource.group?.slice(0, NAME_LENGTH) ?? null,
    status,
    severity,
    episode,
    cycle,
    since,
    cycleSince,
    openedAt,
    endedAt,
    lastChangeAt: incident.lastChangeAt,
    ...(incident.worseAt !== undefined && { worseAt: incident.worseAt }),
    lastNotifiedAt: incident.lastNotifiedAt,
    acknowledgedBy: incident.acknowledged?.by ?? null,
    owner: incident.owner,
    fleet: incident.fleet,
    ...(incident.reminded && { reminded: incident.reminded }),
  };
}

/** Azure writes its ids and names in any case, and so may whoever pastes one. */
export function isOfHost({ key, name }: IncidentSummary, host: string): boolean {
  if (key.provider !== 'azure') return key.host === host || name === host;
  const called = host.toLowerCase();
  return key.host.toLowerCase() === called || name?.toLowerCase() === called;
}
