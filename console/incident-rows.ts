/** Incidents in a list: what they are filtered and sorted by. */
import type { IncidentRow } from '../api/contract/incidents.ts';
import { type Filters, passes } from './filters.ts';

export const INCIDENT_FIELDS = [
  'severity',
  'group',
  'account',
  'region',
  'provider',
  'finding',
  'acknowledged',
  'owner',
  'host',
  'version',
  'metric',
];

export const INCIDENT_FIELD_LABELS: Readonly<Record<string, string>> = {
  severity: 'severity',
  group: 'group',
  account: 'account',
  region: 'region',
  provider: 'cloud',
  finding: 'finding',
  acknowledged: 'acknowledged',
  owner: 'owner',
  host: 'host',
  version: 'version',
  metric: 'metric',
};

/** Tabs of the list, and the statuses that each asks the API for. */
export const STATUS_TABS = [
  { id: '', title: 'Current', status: 'open,suspected,watched' },
  { id: 'open', title: 'Open', status: 'open' },
  { id: 'suspected', title: 'Suspected', status: 'suspected' },
  { id: 'watched', title: 'Recovered, watched', status: 'watched' },
  { id: 'closed', title: 'Closed', status: 'closed' },
  { id: 'all', title: 'All', status: undefined },
] as const;

const NONE = '(none)';

function incidentField(row: IncidentRow, field: string): string {
  switch (field) {
    case 'severity':
    case 'metric':
    case 'finding':
      return row[field];
    case 'group':
    case 'version':
    case 'region':
      return row.host[field] ?? NONE;
    case 'account':
    case 'provider':
      return row.host[field];
    case 'host':
      return row.host.id;
    case 'owner':
      return row.owner ?? NONE;
    case 'acknowledged':
      return row.acknowledgedBy === null ? 'no' : 'yes';
    default:
      return NONE;
  }
}

export function filterIncidents(rows: readonly IncidentRow[], filters: Filters, text: string): readonly IncidentRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    const { name, id, group } = row.host;
    const hasText = `${name ?? ''}\n${id}\n${group ?? ''}\n${row.shortId}`.toLowerCase().includes(wanted);
    return hasText && passes(filters, (field) => incidentField(row, field));
  });
}

const STATUS_ORDER = ['open', 'suspected', 'watched', 'closed'] as const;
const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low'] as const;

const SORTS: Readonly<Record<string, (row: IncidentRow) => string | number>> = {
  severity: ({ severity }) => SEVERITY_ORDER.indexOf(severity),
  status: ({ status }) => STATUS_ORDER.indexOf(status),
  host: ({ host }) => (host.name ?? host.id).toLowerCase(),
  since: ({ since }) => since,
  change: ({ lastChangeAt }) => lastChangeAt,
};

/** @param sort A key with a minus for descending; anything else: those that are open first, of these the worst, and of these the newest change. */
export function sortIncidents(rows: readonly IncidentRow[], sort: string): readonly IncidentRow[] {
  const isDescending = sort.startsWith('-');
  const read = SORTS[isDescending ? sort.slice(1) : sort];
  if (read === undefined) return rows.toSorted(byUrgency);
  const direction = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => direction * compare(read(a), read(b)));
}

function byUrgency(a: IncidentRow, b: IncidentRow): number {
  return (
    STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) ||
    SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
    compare(b.lastChangeAt, a.lastChangeAt)
  );
}

function compare<Value extends string | number>(a: Value, b: Value): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
