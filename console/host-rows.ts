/** Hosts in a list: what they are filtered and sorted by. */
import type { HostRow } from '../api/contract/hosts.ts';
import { type Filters, passes } from './filters.ts';

/** Fields that a list of hosts can be filtered by, as its address has them. */
export const HOST_FIELDS = [
  'verdict',
  'severity',
  'group',
  'account',
  'region',
  'provider',
  'version',
  'pattern',
  'reason',
];

export const HOST_FIELD_LABELS: Readonly<Record<string, string>> = {
  verdict: 'verdict',
  severity: 'severity',
  group: 'group',
  account: 'account',
  region: 'region',
  provider: 'cloud',
  version: 'version',
  pattern: 'pattern',
  reason: 'reason',
};

/** How a filter writes what a host does not have. */
export const NONE = '(none)';

/** What the list shows as the verdict: a leaking host by its grade. */
export function verdictOf({
  verdict,
  grade,
}: HostRow): 'leaking' | 'suspected' | Exclude<HostRow['verdict'], 'leaking'> {
  return verdict === 'leaking' && grade === 'suspected' ? 'suspected' : verdict;
}

export function fieldOf(row: HostRow, field: string): string {
  switch (field) {
    case 'verdict':
      return verdictOf(row);
    case 'severity':
      return row.incident?.severity ?? NONE;
    case 'group':
    case 'region':
    case 'version':
    case 'pattern':
    case 'reason':
      return row[field] ?? NONE;
    case 'account':
    case 'provider':
      return row[field];
    default:
      return NONE;
  }
}

/** The rows that pass the filters and have the text in their name, id or group. */
export function filterHosts(rows: readonly HostRow[], filters: Filters, text: string): readonly HostRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    const hasText = wanted === '' || `${row.name ?? ''}\n${row.id}\n${row.group ?? ''}`.toLowerCase().includes(wanted);
    return hasText && passes(filters, (field) => fieldOf(row, field));
  });
}

const VERDICT_ORDER = ['leaking', 'suspected', 'unreadable', 'not_monitored', 'insufficient_data', 'steady'] as const;

type Value = string | number | null;

const SORTS: Readonly<Record<string, (row: HostRow) => Value>> = {
  name: (row) => (row.name ?? row.id).toLowerCase(),
  verdict: (row) => VERDICT_ORDER.indexOf(verdictOf(row)),
  group: ({ group }) => group?.toLowerCase() ?? null,
  level: ({ level, unit }) => (unit === '1' ? level : null),
  growth: ({ growth, unit }) => (unit === '1' ? growth : null),
  full: ({ exhaustion }) => exhaustion?.likely ?? exhaustion?.earliest ?? null,
  confidence: ({ confidence }) => confidence,
  region: ({ account, region }) => `${account} ${region ?? ''}`,
};

/**
 * @param sort A key of the list's columns, with a minus for descending; anything else leaves the order of the API, those that leak first.
 * What is not known is last in both directions.
 */
export function sortHosts(rows: readonly HostRow[], sort: string): readonly HostRow[] {
  const isDescending = sort.startsWith('-');
  const read = SORTS[isDescending ? sort.slice(1) : sort];
  if (read === undefined) return rows;
  const keyed = rows.map((row) => ({ row, value: read(row) }));
  const direction = isDescending ? -1 : 1;
  keyed.sort((a, b) => compare(a.value, b.value, direction));
  return keyed.map(({ row }) => row);
}

function compare(a: Value, b: Value, direction: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -direction : direction;
}
