/** Incidents, their log, and what is near them. */
import { curveOf } from '../../core/incidents/curve.ts';
import { ocsfOf, storyFacts } from '../../core/incidents/export-story.ts';
import { labelsOf, mutesOf, readStory, type Story } from '../../core/incidents/incident-story.ts';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { type Related, relatedTo } from '../../core/incidents/related.ts';
import { shortId } from '../../core/messages/short-id.ts';
import { type IncidentSummary, isOfHost } from '../../core/model/incident-summary.ts';
import type { IncidentQuery } from '../../core/ports/incident-list.ts';
import type { Call, HandlersOf, TenantCall } from '../call.ts';
import { notFound, ProblemError } from '../problem.ts';
import { incidentOfRef } from '../refs.ts';
import { eventView } from '../views/event.ts';
import { marksOf } from '../views/history.ts';
import { incidentRow } from '../views/incident.ts';
import { linksOf } from '../views/links.ts';
import { incidentsOf as incidentsOfMarks, labelView, muteView } from '../views/marks.ts';
import { readHostNames } from '../views/names.ts';
import { hostOf, storyView } from '../views/story.ts';

const HOUR = 3_600_000;

/** Answers of the store that one page is made of at the most: with a filter that matches nothing it ends as well. */
const MOST_ANSWERS = 10;

export const incidentHandlers: HandlersOf<
  'listIncidents' | 'getIncident' | 'listIncidentEvents' | 'listRelated' | 'exportIncident' | 'listEvents'
> = {
  async listIncidents({ tenant, query }) {
    const { incidents, cursor } = await incidentsOf(tenant, query);
    return { items: incidents.map(incidentRow), cursor };
  },

  async getIncident({ tenant, params, now, api }) {
    const { id, ports, stored } = tenant;
    const story = await storyOf(tenant, params.incident);
    const start = curveOf(story)?.start ?? now - 14 * 24 * HOUR;
    const [mutes, labels, related, marks] = await Promise.all([
      ports.mutes.list(id),
      ports.labels.list(id),
      relatedTo(story.named, ports),
      marksOf(story, start, ports),
    ]);
    const facts = storyView(story, { stored, now, stage: api.signIn().stage ?? undefined });
    if (facts === undefined) throw notKept(story);
    const touching = { mutes: mutesOf(story, mutes), labels: labelsOf(story, labels) };
    const names = await readHostNames(incidentsOfMarks([...touching.mutes, ...touching.labels]), ports);
    const linked = { id: story.named.id, host: hostOf(story), body: facts.body };
    const span = { start, end: facts.endedAt === null ? now : Date.parse(facts.endedAt) };
    return {
      ...facts,
      marks,
      mutes: touching.mutes.map((mute) => muteView(mute, now, names)),
      labels: touching.labels.map((label) => labelView(label, names)),
      related: (related?.items ?? []).map(relatedView),
      links: linksOf(stored.config, linked, span),
    };
  },

  async listIncidentEvents({ tenant, params, query: { limit, cursor } }) {
    const { id } = incidentOfRef(params.incident, tenant.id);
    const request = { limit, ...(cursor !== undefined && { cursor }) };
    const page = await tenant.ports.log.ofIncident(tenant.id, id, request);
    return { items: page.events.map(eventView), cursor: page.cursor };
  },

  async listRelated({ tenant, params, query: { by, withinHours, limit } }) {
    const named = { ...incidentOfRef(params.incident, tenant.id), tenant: tenant.id };
    const options = { near: withinHours * HOUR, limit, ...(by && { by }) };
    const related = await relatedTo(named, tenant.ports, options);
    if (related === undefined) throw notFound('such incident');
    return { items: related.items.map(relatedView), truncated: related.isTruncated };
  },

  async exportIncident({ tenant, params, query: { format } }) {
    const story = await storyOf(tenant, params.incident);
    const filename = `incident-${shortId(story.named.id)}.${format === 'ocsf' ? 'ocsf.' : ''}json`;
    if (format === 'json') return { body: withIsoTimes(storyFacts(story), 2), filename };
    const finding = ocsfOf(story);
    if (finding === undefined) throw notKept(story);
    return { body: JSON.stringify(finding, null, 2), filename };
  },

  async listEvents({ tenant, query: { from, to, limit, cursor }, now }) {
    const span = { from: from === undefined ? 0 : Date.parse(from), to: to === undefined ? now + 1 : Date.parse(to) };
    const page = await tenant.ports.log.list(tenant.id, { ...span, limit, ...(cursor !== undefined && { cursor }) });
    return { items: page.events.map(eventView), cursor: page.cursor };
  },
};

/** Throws a 404 where there is no such incident. */
export async function storyOf({ id, ports }: TenantCall, ref: string): Promise<Story> {
  const story = await readStory({ ...incidentOfRef(ref, id), tenant: id }, ports);
  if (story === undefined) throw notFound('such incident');
  return story;
}

function notKept({ named }: Story): ProblemError {
  const detail = `The log has no change of the incident ${shortId(named.id)} any more. Its entries are at …/events.`;
  return new ProblemError(404, detail, { kind: 'not-kept' });
}

function relatedView({ by, incident }: Related) {
  return { by, incident: incidentRow(incident) };
}

type Query = Call<'listIncidents'>['query'];

/** As many as are wanted, from as many answers as that takes: the store knows some of the filters. */
async function incidentsOf({ id, ports }: TenantCall, query: Query) {
  const incidents: IncidentSummary[] = [];
  let cursor: string | null = query.cursor ?? null;
  for (let answers = 0; answers < MOST_ANSWERS && incidents.length < query.limit; answers++) {
    const limit = query.limit - incidents.length;
    const page = await ports.list.list(id, { ...storeQuery(query), limit, ...(cursor !== null && { cursor }) });
    incidents.push(...page.incidents.filter((incident) => isWanted(incident, query)));
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return { incidents, cursor };
}

function storeQuery({ status, severity, account, group, from, to }: Query): Omit<IncidentQuery, 'limit'> {
  return {
    ...(status && { statuses: status }),
    ...(severity && { severities: severity }),
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
}

function isWanted(incident: IncidentSummary, { provider, region, host, finding }: Query): boolean {
  const { key } = incident;
  return (
    (provider === undefined || key.provider === provider) &&
    (region === undefined || key.region === region) &&
    (finding === undefined || finding.includes(key.finding)) &&
    (host === undefined || isOfHost(incident, host))
  );
}
