/** Lists of incidents: summaries out of the index `incidents`, which has one partition for each status of a tenant. */
import { INCIDENT_STATUSES } from '../../core/model/incident.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import type { IncidentList, IncidentQuery } from '../../core/ports/incident-list.ts';
import { summaryItem } from './items.ts';
import { incidentsPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';
import { latestOf, merged, pageOf } from './time-list.ts';

export function createIncidentList(options: StoreOptions): IncidentList {
  const table = openTable(options);
  return {
    async list(tenant, query) {
      const statuses = new Set(query.statuses ?? INCIDENT_STATUSES);
      const lists = [...statuses].map((status) => latestOf(table, incidentsPartition(tenant, status), query));
      const { values, cursor } = await pageOf(merged(lists), query.limit, (item) => {
        const { summary } = table.parse(item, summaryItem);
        return matches(summary, query) ? summary : undefined;
      });
      return { incidents: values, cursor };
    },
  };
}

function matches(
  { key, group, severity }: IncidentSummary,
  query: Pick<IncidentQuery, 'severities' | 'account' | 'group' | 'host'>,
): boolean {
  return (
    (query.severities?.includes(severity) ?? true) &&
    (query.account === undefined || key.account === query.account) &&
    (query.group === undefined || group === query.group) &&
    (query.host === undefined || key.host === query.host)
  );
}
