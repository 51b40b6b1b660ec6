/** Which incident a person names: by its id, as messages have it; by the short id of the list; or by its host. */

import { shortId } from '../../core/messages/short-id.ts';
import type { IncidentStatus } from '../../core/model/incident.ts';
import { type NamedIncident, parseIncidentId } from '../../core/model/incident-id.ts';
import { type IncidentSummary, isOfHost } from '../../core/model/incident-summary.ts';
import type { IncidentList } from '../../core/ports/incident-list.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless } from '../render/text.ts';
import { UsageError } from '../usage-error.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

const PAGE_SIZE = 200;

/** Incidents that an error lists. */
const LISTED = 8;

const CURRENT: readonly IncidentStatus[] = ['open', 'suspected', 'watched'];

/**
 * An id names its incident without a look-up. Of a host the incident that is not closed is meant, where there is one.
 * Throws `UsageError` where nothing, or more than one, has the name.
 */
export async function namedIncident(
  name: string,
  options: TenantOptions,
  context: CommandContext,
  list: IncidentList,
): Promise<NamedIncident> {
  const parsed = parseIncidentId(name);
  if (parsed !== undefined) {
    const { tenant } = parsed.key;
    if (options.tenant === undefined || options.tenant === tenant) return { ...parsed, id: name, tenant };
    throw new UsageError(`The incident is of tenant ${tenant}, not of ${options.tenant}. Leave --tenant out.`);
  }
  const tenants = await chosenTenants(options, context);
  for (const statuses of [CURRENT, ['closed']] as const) {
    const found = await search(name, { tenants, statuses, list }, context);
    const [one, another] = found;
    if (another !== undefined) throw new UsageError(severalText(name, found));
    if (one !== undefined) return { key: one.key, episode: one.episode, id: one.id, tenant: one.key.tenant };
  }
  throw new UsageError(noneText(name, options));
}

interface Search {
  readonly tenants: readonly string[];
  readonly statuses: readonly IncidentStatus[];
  readonly list: IncidentList;
}

async function search(name: string, { tenants, statuses, list }: Search, { terminal, signal }: CommandContext) {
  const found: IncidentSummary[] = [];
  for (const tenant of tenants) {
    let cursor: string | null | undefined;
    while (cursor !== null) {
      signal.throwIfAborted();
      terminal.progress(`looking for ${name} among the incidents of tenant ${tenant} …`);
      const page = await list.list(tenant, { statuses, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) });
      found.push(...page.incidents.filter((incident) => isCalled(incident, name)));
      cursor = page.cursor;
    }
  }
  return found;
}

function isCalled(incident: IncidentSummary, name: string): boolean {
  return shortId(incident.id) === name || isOfHost(incident, name);
}

function severalText(name: string, found: readonly IncidentSummary[]): string {
  const lines = found.slice(0, LISTED).map(({ id, key, status, severity }) => {
    const where = [key.tenant, key.provider, key.account, key.region ?? ''].join(' ').trim();
    return `  ${shortId(id)}  ${status} ${severity}, finding ${key.finding}, ${harmless(where)}`;
  });
  const more = found.length > LISTED ? [`  and ${found.length - LISTED} more`] : [];
  return [`${found.length} incidents are of ${harmless(name)}. Give the id of one:`, ...lines, ...more].join('\n');
}

function noneText(name: string, { tenant, ...deployment }: TenantOptions): string {
  const of = tenant === undefined ? '' : ` of tenant ${tenant}`;
  const narrowed = tenant === undefined ? '' : ` --tenant ${tenant}`;
  return (
    `There is no incident${of} with the id, or of the host, ${harmless(name)}. ` +
    `\`${PLIMSOLL} incidents list${narrowed}${deploymentArguments(deployment)} --status all\` lists them. A change shows there after some seconds.`
  );
}
