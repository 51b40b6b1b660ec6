/** What a write is done to, in words: the audit log has it before it is done. */
import { incidentText, subjectText } from '../core/messages/subject-text.ts';
import type { Call } from './call.ts';
import type { RouteId } from './contract/routes.ts';
import { idOfIncidentRef } from './refs.ts';

type Describe<Id extends RouteId> = (call: Call<Id>) => string | Promise<string>;

/** Of writes whose address does not name in words what is done. */
export const SUBJECTS: { readonly [Id in RouteId]?: Describe<Id> } = {
  putGrant: ({ body }) => grantSubject(body),
  async deleteGrant({ tenant, api, params }) {
    const grant = (await api.access.ofTenant(tenant.id)).find(({ id }) => id === params.grant);
    return grant === undefined ? `/grants/${params.grant}` : grantSubject(grant, grant.id);
  },
  addMute: ({ body }) => muteSubject(body),
  removeMute: ({ params, query }) => `/mutes/${params.mute} (${query.reason})`,
  addLabel: ({ body }) => labelSubject(body),
  removeLabel: ({ params, query }) => `/labels/${params.label} (${query.reason})`,
  requestInspection: ({ body }) => inspectionSubject(body),
  acknowledge: ({ params, body }) => `/acknowledgement of ${incidentOf(params)}${noteText(body.note)}`,
  unacknowledge: ({ params }) => `/acknowledgement of ${incidentOf(params)}`,
  setOwner: ({ params, body }) => `/owner of ${incidentOf(params)}: ${body.owner ?? 'nobody'}`,
  addNote: ({ params, body }) => `/notes of ${incidentOf(params)}${noteText(body.note)}`,
  setEnabled: ({ body }) => enabledSubject(body),
};

/** @param id Once it is given. */
export function grantSubject({ role, kind, name, issuer }: Call<'putGrant'>['body'], id?: string): string {
  return `${pathOf('/grants', id)} (${role} to ${kind} ${name} of ${issuer})`;
}

export function muteSubject({ subject, until, reason }: Call<'addMute'>['body'], id?: string): string {
  return `${pathOf('/mutes', id)} (${subjectText(subject)} until ${until}: ${reason})`;
}

export function labelSubject({ kind, subject, reason }: Call<'addLabel'>['body'], id?: string): string {
  return `${pathOf('/labels', id)} (${kind}: ${subjectText(subject)}: ${reason})`;
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

function incidentOf({ incident }: { readonly incident: string }): string {
  return incidentText(idOfIncidentRef(incident));
}

function noteText(note: string | null | undefined): string {
  return note ? `: ${note}` : '';
}
