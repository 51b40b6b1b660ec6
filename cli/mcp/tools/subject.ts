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

/** The newest incident that is named so. Throws `UsageError` where there is none. */
export async function namedIncident(
  client: ApiClient,
  tenant: string,
  name: string,
): Promise<{ readonly ref: string }> {
  const path = `/tenants/${segment(tenant)}/incidents`;
  const [ofHost] = (await client.get(path, pageSchema, { host: name.slice(0, 1000), limit: 1 })).items;
  if (ofHost !== undefined) return ofHost;
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, cursor: next } = await client.get(path, pageSchema, { limit: 200, cursor });
    const found = items.find(({ ref, shortId }) => ref === name || shortId === name);
    if (found !== undefined) return found;
    if (next === null) break;
    cursor = next;
  }
  throw new UsageError('There is no such incident. `list_incidents` lists them.');
}

const hostsSchema = z.object({ items: z.array(host), cursor: z.string().nullable() });

const ANY_VERDICT = 'leaking,steady,insufficient_data,not_monitored,unreadable';

/** The host with this ref, id or name. Throws `UsageError` where there is none, or several have the name. */
export async function namedHost(client: ApiClient, tenant: string, name: string): Promise<{ readonly ref: string }> {
  const path = `/tenants/${segment(tenant)}/hosts`;
  const query = { text: name.slice(0, 200), verdict: ANY_VERDICT };
  const { items } = await client.get(path, hostsSchema, query);
  const found = items.filter((one) => one.id === name || one.name === name);
  if (found.length > 1)
    throw new UsageError(`Several hosts have this name. Give an id: ${found.map(({ id }) => id).join(', ')}.`);
  return found[0] ?? { ref: name };
}
