/** A list of incidents as a table: what somebody on call needs first is what gives way last. */

import { shortId } from '../../core/messages/short-id.ts';
import { formatShortMinute } from '../../core/messages/times.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import type { Resource } from '../../core/model/series.ts';
import { callerName } from '../caller-name.ts';
import { locationColumns } from '../findings/location-columns.ts';
import { hostName, SEVERITY_TONE } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';

/** Characters of a person's name. */
const PERSON_LENGTH = 18;

type Row = IncidentSummary;

export function renderIncidents(incidents: readonly IncidentSummary[], options: TableOptions): string {
  if (incidents.length === 0) return 'No incident.';
  return renderTable(incidents, columnsFor(incidents), options);
}

function columnsFor(rows: readonly Row[]): Column<Row>[] {
  const varies = (text: (row: Row) => string) => new Set(rows.map(text)).size > 1;
  const tenant: Column<Row> = { title: 'tenant', text: ({ key }) => key.tenant, expendable: 12 };
  const finding: Column<Row> = { title: 'finding', text: ({ key }) => key.finding, expendable: 6 };
  const group: Column<Row> = {
    title: 'group',
    text: ({ group }) => harmless(group ?? ''),
    leastWidth: 10,
    expendable: 8,
  };
  const cycle: Column<Row> = { title: 'cycle', text: (row) => String(row.cycle), align: 'right', expendable: 4 };
  return [
    { title: 'id', text: ({ id }) => shortId(id), tone: () => 'strong' },
    { title: 'severity', text: ({ severity }) => severity, tone: ({ severity }) => SEVERITY_TONE[severity] },
    { title: 'status', text: statusText },
    ...(varies(tenant.text) ? [tenant] : []),
    { title: 'host', text: (row) => hostName(resourceOf(row)), leastWidth: 16, overflow: 'below' },
    ...(rows.some((row) => row.group !== null) ? [group] : []),
    ...(rows.some(({ key }) => key.finding !== 'leak') ? [finding] : []),
    { title: 'found (UTC)', text: ({ cycleSince }) => formatShortMinute(cycleSince), expendable: 9 },
    ...(rows.some((row) => row.cycle > 1) ? [cycle] : []),
    { title: 'taken by', text: takenBy, expendable: 10 },
    { title: 'notified', text: notifiedText, expendable: 7 },
    { title: 'changed', text: ({ lastChangeAt }) => formatShortMinute(lastChangeAt), expendable: 3 },
    ...locationColumns(rows, resourceOf, 5),
  ];
}

/** Of a fleet that is paged once: nobody is paged for its members. */
function statusText({ status, fleet }: Row): string {
  return fleet === null ? status : `${status}, fleet`;
}

function takenBy({ owner, acknowledgedBy }: Row): string {
  if (owner !== null) return callerName(owner, PERSON_LENGTH);
  return acknowledgedBy === null ? '' : callerName(acknowledgedBy, PERSON_LENGTH);
}

function notifiedText({ lastNotifiedAt }: Row): string {
  return lastNotifiedAt === null ? 'never' : formatShortMinute(lastNotifiedAt);
}

function resourceOf({ key, name, group }: Row): Resource {
  const { provider, account, region, host: id } = key;
  return { provider, account, region, id, ...(name !== null && { name }), ...(group !== null && { group }) };
}
