/** Which tenant, incident or host an assistant speaks of. */
import * as z from 'zod';
import { UsageError } from '../../usage-error.ts';
import { type ApiClient, segment } from '../api-client.ts';
import { host, incidentRow } from './views.ts';

const meSchema = z.object({ tenants: z.array(z.object({ tenant: z.string(), name: z.string().nullable() })) });

export async function tenantsOf(client: ApiClient): Promise<z.output<typeof meSchema>['tenants']> {
  return (await client.get('/me', meSchema)).tenants;
}

/** The named one, or the only one. Throws `UsageError` where it has to be named. */
export async function chosenTenant(client: ApiClient, tenant: string | undefined): Promise<string> {
  if (tenant !== undefined) return tenant;
  const tenants = await tenantsOf(client);
  const [only, ...others] = tenants;
  if (only === undefined) throw new UsageError('There is no tenant yet.');
  if (others.length === 0) return only.tenant;
  throw new UsageError(`There are several tenants. Name one of them: ${tenants.map((one) => one.tenant).join(', ')}.`);
}

export const incidentInput = z
  .string()
  .min(1)
  .max(2800)
  .describe('The ref or the short id of an incident, or the id or name of its host.');

const pageSchema = z.object({ items: z.array(incidentRow), cursor: z.string().nullable() });

/** Pages of the list that are searched for a short id. */
const MOST_PAGES = 10;

export interface NamedIncident {
  readonly tenant: string;
  readonly ref: string;
  /** Which one was chosen, and which others there are, in words; null where the name is of one incident alone. */
  readonly choice: string | null;
}

/**
 * The incident that is named so, of the named tenant or of the only one that has it. Of several of a host the one that is open, and of
 * these the most severe. Throws `UsageError` where there is none, or several tenants have one.
 */
export async function namedIncident(
  client: ApiClient,
  tenant: string | undefined,
  name: string,
): Promise<NamedIncident> {
  const nothing = 'There is no such incident. `list_incidents` lists them.';
  return ofOneTenant(client, tenant, nothing, (one) => incidentIn(client, one, name));
}

async function incidentIn(client: ApiClient, tenant: string, name: string): Promise<NamedIncident | undefined> {
  const path = `/tenants/${segment(tenant)}/incidents`;
  const { items } = await client.get(path, pageSchema, { host: name.slice(0, 1000), limit: MOST_OF_HOST });
  const [first, ...others] = items.toSorted(byUrgency);
  if (first !== undefined) return { tenant, ref: first.ref, choice: choiceText(first, others) };
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items: all, cursor: next } = await client.get(path, pageSchema, { limit: 200, cursor });
    const found = all.find(({ ref, shortId }) => ref === name || shortId === name);
    if (found !== undefined) return { tenant, ref: found.ref, choice: null };
    if (next === null) break;
    cursor = next;
  }
  return undefined;
}

/** Incidents of a host that are compared and named. */
const MOST_OF_HOST = 20;

type Row = z.output<typeof incidentRow>;

const STATUSES = ['open', 'suspected', 'watched'];
const SEVERITIES = ['low', 'medium', 'high', 'critical'];

/** What goes on first, of these the most severe, and of these the one that changed last, as the API lists them. */
function byUrgency(a: Row, b: Row): number {
  const rank = ({ status }: Row) => (STATUSES.includes(status) ? STATUSES.indexOf(status) : STATUSES.length);
  return rank(a) - rank(b) || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
}

function choiceText(chosen: Row, others: readonly Row[]): string | null {
  if (others.length === 0) return null;
  const text = ({ shortId, status, severity, finding }: Row) => `${shortId} (${status}, ${severity}, ${finding})`;
  return `The host has ${others.length + 1} incidents. This is ${text(chosen)}; the others are ${others.map(text).join(', ')}.`;
}

/** What is looked for in the named tenant, or in each. Throws `UsageError` where none has it, or several have. */
async function ofOneTenant<Found extends { readonly tenant: string }>(
  client: ApiClient,
  tenant: string | undefined,
  nothing: string,
  find: (tenant: string) => Promise<Found | undefined>,
): Promise<Found> {
  const tenants = tenant === undefined ? (await tenantsOf(client)).map((one) => one.tenant) : [tenant];
  if (tenants.length > MOST_TENANTS)
    throw new UsageError(`There are ${tenants.length} tenants, too many to search. Name one: \`status\` lists them.`);
  const found: Found[] = [];
  for (const one of tenants) {
    const here = await find(one);
    if (here !== undefined) found.push(here);
  }
  const [first, ...others] = found;
  if (first === undefined) throw new UsageError(nothing);
  if (others.length === 0) return first;
  throw new UsageError(`Several tenants have it. Name one of them: ${found.map((one) => one.tenant).join(', ')}.`);
}

/** Tenants that are searched for a name. */
const MOST_TENANTS = 50;

const hostsSchema = z.object({ items: z.array(host), cursor: z.string().nullable() });

const ANY_VERDICT = 'leaking,steady,insufficient_data,not_monitored,unreadable';

/**
 * The host with this ref, id or name, of the named tenant or of the only one that has it. Throws `UsageError` where there is none, or
 * several have the name.
 */
export async function namedHost(
  client: ApiClient,
  tenant: string | undefined,
  name: string,
): Promise<{ readonly tenant: string; readonly ref: string }> {
  const nothing = 'There is no such host. `findings` lists hosts.';
  return ofOneTenant(client, tenant, nothing, async (one) => {
    const path = `/tenants/${segment(one)}/hosts`;
    const { items } = await client.get(path, hostsSchema, { text: name.slice(0, 200), verdict: ANY_VERDICT });
    const found = items.filter(({ id, name: called }) => id === name || called === name);
    if (found.length > 1)
      throw new UsageError(`Several hosts have this name. Give an id: ${found.map(({ id }) => id).join(', ')}.`);
    const [first] = found;
    if (first !== undefined) return { tenant: one, ref: first.ref };
    // A ref is of one host of one tenant; whether it exists, the API states.
    return tenant === undefined ? undefined : { tenant: one, ref: name };
  });
}
