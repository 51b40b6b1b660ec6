/** References: ids that go into an address. Opaque to callers, base64url of the id that they stand for. */
import { incidentId } from '../core/model/incident.ts';
import { type IncidentName, parseIncidentId } from '../core/model/incident-id.ts';
import { PROVIDERS, type Resource, type Scope } from '../core/model/series.ts';
import { notFound } from './problem.ts';

/** What names a host within its tenant. */
export interface HostName extends Scope {
  readonly id: string;
}

export function hostRef({ provider, account, region, id }: Resource | HostName): string {
  return encodedRef(JSON.stringify([provider, account, region, id]));
}

/** The host that a reference names; it need not exist. Throws a 404 where the text is no reference. */
export function hostOfRef(ref: string): HostName {
  const [provider, account, region, id, ...others] = parts(ref);
  const known = PROVIDERS.find((one) => one === provider);
  const isHost = typeof account === 'string' && typeof id === 'string' && others.length === 0;
  if (known === undefined || !isHost || !(region === null || typeof region === 'string')) throw notFound('such host');
  const host = { provider: known, account, region, id };
  // Only what would be written in the same way is a reference.
  if (hostRef(host) !== ref) throw notFound('such host');
  return host;
}

function parts(ref: string): unknown[] {
  try {
    const value: unknown = JSON.parse(decodedRef(ref));
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Also of the id of a fleet's incident. */
export function incidentRef(id: string): string {
  return encodedRef(id);
}

/** An incident by its reference. */
export interface IncidentOfRef extends IncidentName {
  readonly id: string;
}

/** Throws a 404 where the text is no reference, and of an incident of another tenant. */
export function incidentOfRef(ref: string, tenant: string): IncidentOfRef {
  const named = parseIncidentId(decodedRef(ref));
  if (named === undefined || named.key.tenant !== tenant) throw notFound('such incident');
  const id = incidentId(named.key, named.episode);
  if (incidentRef(id) !== ref) throw notFound('such incident');
  return { ...named, id };
}

/** What a reference was made of, whatever it is: for people to read. */
export function idOfIncidentRef(ref: string): string {
  return decodedRef(ref);
}

function encodedRef(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decodedRef(ref: string): string {
  return Buffer.from(ref, 'base64url').toString();
}
