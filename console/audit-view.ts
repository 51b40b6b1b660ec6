/** Entries of the audit log for people: what was done, and to what. */
import type { AuditView } from '../api/contract/access.ts';
import { pagePath } from './paths.ts';

/** By the id of the route that did it. One that is not here is shown by its id. */
const ACTIONS: Readonly<Record<string, string>> = {
  acknowledge: 'acknowledged',
  unacknowledge: 'took the acknowledgement back',
  setOwner: 'set the owner',
  addNote: 'wrote a note',
  addMute: 'muted',
  removeMute: 'took a mute back',
  addLabel: 'labelled',
  removeLabel: 'took a label back',
  putConfig: 'stored the config',
  setEnabled: 'enabled or disabled',
  requestInspection: 'requested an inspection',
  startRecording: 'started a recording',
  stopRecording: 'stopped a recording',
  deleteRecording: 'deleted a recording',
  putGrant: 'gave a role',
  deleteGrant: 'took a role away',
  createIngestToken: 'created an ingest token',
  revokeIngestToken: 'revoked an ingest token',
};

export function actionText(action: string): string {
  return ACTIONS[action] ?? action;
}

/** What an entry is about: a text, and the page that shows it. */
export interface AuditSubject {
  readonly text: string;
  /** Absent where no page shows it. */
  readonly href?: string;
}

/**
 * `/mutes/m-1 (incident 1f0c22ab (web-7): known)` is what is in the brackets, and the page of mutes; `/owner of incident 1f0c22ab (web-7): sre`
 * is what stands behind `of`, and the incident in the list.
 */
export function auditSubject({ subject, version }: AuditView, tenant: string): AuditSubject {
  const [, about, shortId] = /^\/\w+ of (incident ([\da-f]{8}) .*)$/s.exec(subject) ?? [];
  if (about !== undefined)
    return { text: about, href: pagePath(tenant, 'incidents', { status: 'all', text: shortId }) };
  const [, path = subject, detail] = /^(\/[^ ]*) \((.*)\)$/s.exec(subject) ?? [];
  const [, noun = '', id = ''] = path.split('/');
  const text = detail ?? (id === '' ? noun || subject : id);
  switch (noun) {
    case 'mutes':
      return { text, href: pagePath(tenant, 'mutes') };
    case 'labels':
      return { text, href: pagePath(tenant, 'mutes', { view: 'labels' }) };
    case 'config':
      return { text: version === null ? 'config' : `version ${version}`, href: pagePath(tenant, 'config') };
    case 'inspections':
      return { text, href: pagePath(tenant, 'inspections', { inspection: id }) };
    case 'recordings':
      return { text, href: pagePath(tenant, 'recordings') };
    case 'grants':
      return { text, href: pagePath(tenant, 'access') };
    default:
      return { text: detail ?? subject };
  }
}
