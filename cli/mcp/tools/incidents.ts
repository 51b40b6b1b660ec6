/** Tools about incidents. */
import * as z from 'zod';
import { type ApiClient, segment } from '../api-client.ts';
import { chosenTenant, incidentInput, namedIncident } from './subject.ts';
import { defineTool, limitInput, type Tool, tenantInput } from './tool.ts';
import { attribution, check, event, exhaustion, incidentRow, vote } from './views.ts';

/** Of the log, what an explanation states. */
const EXPLAINED_EVENTS = 15;

const leakSchema = z.looseObject({
  votes: z.array(vote).optional(),
  decidedBy: z.string().optional(),
  checks: z.array(check.partial({ passed: true })).optional(),
  attribution: attribution.optional(),
});

const incidentView = incidentRow.extend({
  headline: z.string(),
  steps: z.array(z.string()),
  acknowledged: z.object({ by: z.string(), at: z.string(), note: z.string().nullable() }).nullable(),
  durationHours: z.number(),
  restartBy: z.object({ at: z.string() }).nullable(),
  body: z.object({ data: z.object({ leak: leakSchema.optional(), context: z.looseObject({}).optional() }) }).nullable(),
  curve: z.object({ level: z.number().nullable(), unit: z.string(), exhaustion: exhaustion.nullable() }).nullable(),
  cycles: z.array(
    z.object({
      cycle: z.number(),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      ended: z.string().nullable(),
      severity: z.string(),
    }),
  ),
  marks: z.array(z.object({ at: z.string(), kind: z.string(), text: z.string() })),
  mutes: z.array(
    z.object({ about: z.string(), reason: z.string(), by: z.string(), until: z.string(), active: z.boolean() }),
  ),
  labels: z.array(z.object({ kind: z.string(), about: z.string(), reason: z.string(), by: z.string() })),
  related: z.array(z.object({ by: z.string(), incident: incidentRow })),
  commands: z.array(z.object({ title: z.string(), command: z.string() })),
});

const explanation = incidentView.omit({ body: true, curve: true }).extend({
  tenant: z.string(),
  /** Where its host has several incidents: which one this is, and which others there are. */
  choice: z.string().nullable(),
  /** Absent where no message has it: the host has recovered, or its incident is of another kind. */
  evidence: z.looseObject({}).nullable(),
  checks: z.array(check.partial({ passed: true })),
  attribution: attribution.nullable(),
  context: z.looseObject({}).nullable(),
  level: z.number().nullable(),
  unit: z.string().nullable(),
  exhaustion: exhaustion.nullable(),
  decisions: z.array(event),
});

const eventsPage = z.object({ items: z.array(event), cursor: z.string().nullable() });

export function incidentTools(client: ApiClient): Tool[] {
  return [listIncidents(client), explainIncident(client), incidentEvents(client)];
}

function listIncidents(client: ApiClient): Tool {
  const page = z.object({ items: z.array(incidentRow), cursor: z.string().nullable() });
  return defineTool({
    name: 'list_incidents',
    title: 'List incidents',
    description: 'Incidents of hosts whose memory grows like a leak, the latest change first.',
    input: {
      tenant: tenantInput,
      status: z.array(z.string().max(20)).max(6).optional().describe('open, suspected, watched, recovered, cleared …'),
      severity: z.array(z.enum(['low', 'medium', 'high', 'critical'])).optional(),
      host: z.string().max(1000).optional().describe('Id or name.'),
      group: z.string().max(300).optional(),
      limit: limitInput,
      cursor: z.string().max(2000).optional().describe('Of the page before.'),
    },
    output: page,
    answer: async ({ tenant, status, severity, ...query }) =>
      client.get(`/tenants/${segment(await chosenTenant(client, tenant))}/incidents`, page, {
        ...query,
        status: status?.join(','),
        severity: severity?.join(','),
      }),
  });
}

function explainIncident(client: ApiClient): Tool {
  return defineTool({
    name: 'explain_incident',
    title: 'Explain an incident',
    description:
      'Why somebody was paged, or was not: the evidence with each check and its limit, which evaluator decided where there were several votes, the processes or pods that grew most, when the memory is full, what was deployed, who decided what, and why each notification was sent or held back. Where the host has several incidents, `choice` states which one this is.',
    input: { tenant: tenantInput, incident: incidentInput },
    output: explanation,
    async answer({ tenant, incident }) {
      const { tenant: of, ref, choice } = await namedIncident(client, tenant, incident);
      const path = `/tenants/${segment(of)}/incidents/${segment(ref)}`;
      const [{ body, curve, ...view }, { items }] = await Promise.all([
        client.get(path, incidentView),
        client.get(`${path}/events`, eventsPage, { limit: EXPLAINED_EVENTS }),
      ]);
      const { checks = [], attribution: grew = null, curve: _, ...evidence } = body?.data.leak ?? {};
      return {
        tenant: of,
        choice,
        ...view,
        evidence: body?.data.leak === undefined ? null : evidence,
        checks,
        attribution: grew,
        context: body?.data.context ?? null,
        level: curve?.level ?? null,
        unit: curve?.unit ?? null,
        exhaustion: curve?.exhaustion ?? null,
        decisions: items,
      };
    },
  });
}

function incidentEvents(client: ApiClient): Tool {
  return defineTool({
    name: 'incident_events',
    title: 'Log of an incident',
    description:
      'What happened to an incident, the latest first: changes with what was decided about them, and what people did.',
    input: {
      tenant: tenantInput,
      incident: incidentInput,
      limit: limitInput,
      cursor: z.string().max(2000).optional().describe('Of the page before.'),
    },
    output: eventsPage,
    async answer({ tenant, incident, ...query }) {
      const { tenant: of, ref } = await namedIncident(client, tenant, incident);
      return client.get(`/tenants/${segment(of)}/incidents/${segment(ref)}/events`, eventsPage, query);
    },
  });
}
