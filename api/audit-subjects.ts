/** What a write is done to, in words: the audit log has it before it is done. */
import { incidentText, subjectText } from '../core/messages/subject-text.ts';
import type { Call, TenantCall } from './call.ts';
import type { RouteId } from './contract/routes.ts';
import { idOfIncidentRef } from './refs.ts';
import { incidentsOf } from './views/marks.ts';
import { type HostNames, readHostNames } from './views/names.ts';

type Describe<Id extends RouteId> = (call: Call<Id>) => string | Promise<string>;

/** Of writes whose address does not name in words what is done. */
export const SUBJECTS: { readonly [Id in RouteId]?: Describe<Id> } = {
  putGrant: ({ body }) => grantSubject(body),
  async deleteGrant({ tenant, api, params }) {
    const grant = (await api.access.ofTenant(tenant.id)).find(({ id }) => id === params.grant);
    return grant === undefined ? `/grants/${params.grant}` : grantSubject(grant, grant.id);
  },
  createIngestToken: ({ body }) => ingestTokenSubject(body),
  addMute: async ({ body, tenant }) => muteSubject(body, undefined, await namesFor(body, tenant)),
  removeMute: ({ params, query }) => `/mutes/${params.mute} (${query.reason})`,
  addLabel: async ({ body, tenant }) => labelSubject(body, undefined, await namesFor(body, tenant)),
  removeLabel: ({ params, query }) => `/labels/${params.label} (${query.reason})`,
  startRecording: ({ body }) => recordingSubject(body),
  requestInspection: ({ body }) => inspectionSubject(body),
  acknowledge: async (call) => `/acknowledgement of ${await incidentOf(call)}${noteText(call.body.note)}`,
  unacknowledge: async (call) => `/acknowledgement of ${await incidentOf(call)}`,
  setOwner: async (call) => `/owner of ${await incidentOf(call)}: ${call.body.owner ?? 'nobody'}`,
  addNote: async (call) => `/notes of ${await incidentOf(call)}${noteText(call.body.note)}`,
  setEnabled: ({ body }) => enabledSubject(body),
};

/** @param id Once it is given. */
export function grantSubject({ role, kind, name, issuer }: Call<'putGrant'>['body'], id?: string): string {
  return `${pathOf('/grants', id)} (${role} to ${kind} ${name} of ${issuer})`;
}

export function ingestTokenSubject({
  account,
  name,
  id,
}: Call<'createIngestToken'>['body'] & { readonly id?: string }) {
  return `${pathOf('/ingest-tokens', id)} (${name} for account ${account})`;
}

export function muteSubject(
  { subject, until, reason }: Call<'addMute'>['body'],
  id?: string,
  names?: HostNames,
): string {
  return `${pathOf('/mutes', id)} (${subjectText(subject, names)} until ${until}: ${reason})`;
}

export function labelSubject(
  { kind, subject, reason }: Call<'addLabel'>['body'],
  id?: string,
  names?: HostNames,
): string {
  return `${pathOf('/labels', id)} (${kind}: ${subjectText(subject, names)}: ${reason})`;
}

/** @param id Once it is given. */
export function recordingSubject({ name, selection }: Call<'startRecording'>['body'], id?: string): string {
  const processes = selection.processes.map(({ name: process, pid }) => process ?? `pid ${pid}`).join(', ');
  return `${pathOf('/recordings', id)} (${name}: ${processes} of ${selection.account})`;
}

/** What it names; everything where it names nothing. */
export function inspectionSubject(body: Call<'requestInspection'>['body'], id?: string): string {
  const fields = Object.entries(body).filter(([, value]) => value !== undefined);
  const named = fields.map(([field, value]) => `${field} ${[value].flat().join(' ')}`);
  return `${pathOf('/inspections', id)} (${named.length === 0 ? 'all accounts' : named.join(', ')})`;
}

function enabledSubject({ enabled, account, provider }: Call<'setEnabled'>['body']): string {
  const of = account === undefined ? 'the tenant' : `account ${account}${provider ? ` of ${provider}` : ''}`;
  return `/enabled (${enabled ? 'on' : 'off'}: ${of})`;
}

function pathOf(path: string, id: string | undefined): string {
  return id === undefined ? path : `${path}/${id}`;
}

interface OfIncident {
  readonly tenant: TenantCall;
  readonly params: { readonly incident: string };
}

/** By the name of its host, where it has one. */
async function incidentOf({ tenant, params }: OfIncident): Promise<string> {
  const id = idOfIncidentRef(params.incident);
  const names = await readHostNames([id], tenant.ports);
  return incidentText(id, names(id));
}

/** Of the incident that a mute or a label is about. */
function namesFor(mark: Pick<Call<'addMute'>['body'], 'subject'>, { ports }: TenantCall): Promise<HostNames> {
  return readHostNames(incidentsOf([mark]), ports);
}

function noteText(note: string | null | undefined): string {
  return note ? `: ${note}` : '';
}
