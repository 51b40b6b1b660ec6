/** Names of the hosts of incidents: ids of incidents have those of the hosts alone. */
import pLimit from 'p-limit';
import { parseIncidentId } from '../../core/model/incident-id.ts';
import type { TenantPorts } from '../ports.ts';

/** Items that are read for one answer at the most; what is beyond keeps the id. */
const MOST_READ = 200;
const AT_ONCE = 10;

/** By the id of the incident: the name of its host; undefined where it has none, or is not kept any more. */
export type HostNames = (incident: string) => string | undefined;

/** @param ids Ids of incidents of one tenant, in any number. */
export async function readHostNames(
  ids: Iterable<string>,
  { incidents }: Pick<TenantPorts, 'incidents'>,
): Promise<HostNames> {
  const wanted = [...new Set(ids)].slice(0, MOST_READ);
  const entries = await pLimit(AT_ONCE).map(wanted, async (id): Promise<[string, string | undefined]> => {
    const key = parseIncidentId(id)?.key;
    const item = key && (await incidents.get(key));
    return [id, item?.value.resource.name];
  });
  const names = new Map(entries);
  return (incident) => names.get(incident);
}
