/** The columns of the list of incidents. */
import type { IncidentRow } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import { Filterable } from '../../components/chips.tsx';
import { HostName } from '../../components/host.tsx';
import type { Column } from '../../components/table.tsx';
import { Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import type { FilterKind } from '../../filters.ts';

export interface ColumnContext {
  readonly hrefOf: (row: IncidentRow) => string;
  readonly onFilter: (field: string, value: string, kind: FilterKind) => void;
  /** Absent where the person may not acknowledge. */
  readonly onAcknowledge?: ((row: IncidentRow) => void) | undefined;
}

const STATUS = {
  open: { tone: 'bad', text: 'open' },
  suspected: { tone: 'warning', text: 'suspected' },
  watched: { tone: 'good', text: 'recovered' },
  closed: { tone: 'neutral', text: 'closed' },
} as const;

export function incidentColumns({ hrefOf, onFilter, onAcknowledge }: ColumnContext): readonly Column<IncidentRow>[] {
  return [
    {
      id: 'severity',
      title: 'Severity',
      width: 6.5,
      priority: 1,
      sort: 'severity',
      cell: ({ severity }, { tabIndex }) => (
        <button
          type="button"
          class="badge-button"
          tabIndex={tabIndex}
          title={`Show only ${severity}`}
          onClick={() => onFilter('severity', severity, 'include')}
        >
          <SeverityBadge severity={severity} />
        </button>
      ),
    },
    {
      id: 'name',
      title: 'Host',
      priority: 1,
      sort: 'host',
      cell: (row, { tabIndex }) => (
        <span class="cell-name">
          <HostName host={row.host} href={hrefOf(row)} tabIndex={tabIndex} />
          <span class="cell-below mono">{row.shortId}</span>
        </span>
      ),
    },
    {
      id: 'status',
      title: 'Status',
      width: 7,
      narrow: 6,
      priority: 1,
      cell: ({ status }) => <Badge tone={STATUS[status].tone}>{STATUS[status].text}</Badge>,
    },
    { id: 'since', title: 'Since', width: 7.75, priority: 2, sort: 'since', cell: ({ since }) => <Moment at={since} /> },
    { id: 'lasted', title: 'Lasted', width: 6, priority: 5, isNumber: true, cell: (row) => <Lasted row={row} /> },
    { id: 'change', title: 'Last change', width: 8, priority: 4, sort: 'change', cell: (row) => <Moment at={row.lastChangeAt} /> },
    {
      id: 'group',
      title: 'Group',
      width: 9.5,
      priority: 3,
      cell: ({ host: { group } }, { tabIndex }) =>
        group === null ? (
          <span class="muted">–</span>
        ) : (
          <Filterable field="group" value={group} onFilter={onFilter} tabIndex={tabIndex} />
        ),
    },
    {
      id: 'region',
      title: 'Region',
      width: 8.5,
      priority: 4,
      cell: ({ host: { region } }, { tabIndex }) =>
        region === null ? null : <Filterable field="region" value={region} onFilter={onFilter} tabIndex={tabIndex} />,
    },
    {
      id: 'acknowledged',
      title: 'Taken by',
      width: 9.5,
      priority: 2,
      cell: (row, { tabIndex }) => <Taken row={row} onAcknowledge={onAcknowledge} tabIndex={tabIndex} />,
    },
  ];
}

function Lasted({ row: { since, endedAt } }: { row: IncidentRow }) {
  const end = endedAt === null ? now.value : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(since)));
}

interface TakenProps {
  readonly row: IncidentRow;
  readonly onAcknowledge: ((row: IncidentRow) => void) | undefined;
  readonly tabIndex: 0 | -1;
}

function Taken({ row, onAcknowledge, tabIndex }: TakenProps) {
  const by = row.owner ?? row.acknowledgedBy;
  if (by !== null) {
    return (
      <span title={by}>
        <span aria-hidden="true">✓ </span>
        <Text value={by} length={60} />
      </span>
    );
  }
  if (onAcknowledge === undefined || row.status === 'closed') return <span class="muted">–</span>;
  return (
    <button type="button" class="button button-small" tabIndex={tabIndex} onClick={() => onAcknowledge(row)}>
      Acknowledge
    </button>
  );
}
