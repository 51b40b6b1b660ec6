/** The columns of the list of incidents. */
import type { IncidentRow } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import { Filterable } from '../../components/chips.tsx';
import { HostName } from '../../components/host.tsx';
import type { Column } from '../../components/table.tsx';
import { plain, Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import type { FilterKind } from '../../filters.ts';
import type { RowMark } from '../../incident-marks.ts';

export interface ColumnContext {
  readonly hrefOf: (row: IncidentRow) => string;
  readonly onFilter: (field: string, value: string, kind: FilterKind) => void;
  /** Mutes and labels that are about it. */
  readonly marksOf: (row: IncidentRow) => readonly RowMark[];
  /** Absent where the person may not acknowledge. */
  readonly onAcknowledge?: ((row: IncidentRow) => void) | undefined;
}

const STATUS = {
  open: { tone: 'bad', text: 'open' },
  suspected: { tone: 'warning', text: 'suspected' },
  watched: { tone: 'good', text: 'recovered' },
  closed: { tone: 'neutral', text: 'closed' },
} as const;

export function incidentColumns({
  hrefOf,
  marksOf,
  onFilter,
  onAcknowledge,
}: ColumnContext): readonly Column<IncidentRow>[] {
  const filterable = (field: 'group' | 'region'): Column<IncidentRow>['cell'] =>
    function FilterCell({ host }, { tabIndex }) {
      const value = host[field];
      if (value === null) return <span class="muted">–</span>;
      return <Filterable field={field} value={value} onFilter={onFilter} tabIndex={tabIndex} />;
    };
  return [
    {
      id: 'severity',
      title: 'Severity',
      width: 6.5,
      narrow: 5.5,
      priority: 1,
      sort: 'severity',
      cell: (row, { tabIndex }) => <SeverityCell row={row} onFilter={onFilter} tabIndex={tabIndex} />,
    },
    {
      id: 'name',
      title: 'Host',
      priority: 1,
      sort: 'host',
      cell: (row, { tabIndex }) => <NameCell row={row} href={hrefOf(row)} marks={marksOf(row)} tabIndex={tabIndex} />,
    },
    {
      id: 'status',
      title: 'Status',
      width: 7,
      narrow: 7.25,
      priority: 1,
      sort: 'status',
      cell: (row) => <StatusCell row={row} marks={marksOf(row)} />,
    },
    {
      id: 'since',
      title: 'Since',
      width: 8.75,
      priority: 2,
      sort: 'since',
      cell: ({ since }) => <Moment at={since} />,
    },
    { id: 'lasted', title: 'Lasted', width: 6, priority: 5, isNumber: true, cell: (row) => <Lasted row={row} /> },
    { id: 'change', title: 'Last change', width: 8, priority: 4, sort: 'change', cell: changeCell },
    { id: 'group', title: 'Group', width: 9.5, priority: 3, cell: filterable('group') },
    { id: 'region', title: 'Region', width: 8.5, priority: 4, cell: filterable('region') },
    {
      id: 'acknowledged',
      title: 'Taken by',
      width: 9.5,
      priority: 2,
      cell: (row, { tabIndex }) => <Taken row={row} onAcknowledge={onAcknowledge} tabIndex={tabIndex} />,
    },
  ];
}

interface CellProps {
  readonly row: IncidentRow;
  readonly tabIndex: 0 | -1;
}

function SeverityCell({ row: { severity }, onFilter, tabIndex }: CellProps & Pick<ColumnContext, 'onFilter'>) {
  return (
    <button
      type="button"
      class="badge-button"
      tabIndex={tabIndex}
      title={`Show only ${severity}`}
      onClick={() => onFilter('severity', severity, 'include')}
    >
      <SeverityBadge severity={severity} />
    </button>
  );
}

/** More of them stand on the page of the incident. */
const MOST_MARKS = 2;

function NameCell({ row, href, marks, tabIndex }: CellProps & { href: string; marks: readonly RowMark[] }) {
  return (
    <span class="cell-name">
      <HostName host={row.host} href={href} tabIndex={tabIndex} />
      <Marks marks={marks} class="cell-marks" />
      <span class="cell-below cell-below-wide mono">{row.shortId}</span>
      <span class="cell-below cell-below-narrow">
        <Moment at={row.since} />
        {row.host.region !== null && (
          <>
            , <Text value={row.host.region} length={40} />
          </>
        )}
      </span>
    </span>
  );
}

function Marks({ marks, class: name }: { marks: readonly RowMark[]; class: string }) {
  if (marks.length === 0) return null;
  return (
    <span class={name}>
      {marks.slice(0, MOST_MARKS).map(({ id, kind, title, reason }) => (
        <span key={id} class={`badge tone-${kind === 'mute' ? 'warning' : 'info'}`} title={plain(reason, 300)}>
          {title}
        </span>
      ))}
    </span>
  );
}

/** On a narrow screen the marks stand here, where they do not take the room of the host's name. */
function StatusCell({ row: { status }, marks }: { row: IncidentRow; marks: readonly RowMark[] }) {
  return (
    <span class="cell-status">
      <Badge tone={STATUS[status].tone}>{STATUS[status].text}</Badge>
      <Marks marks={marks.slice(0, 1)} class="cell-marks-narrow" />
    </span>
  );
}

function changeCell({ lastChangeAt }: IncidentRow) {
  return <Moment at={lastChangeAt} />;
}

function Lasted({ row: { since, endedAt } }: { row: IncidentRow }) {
  const end = endedAt === null ? now.value : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(since)));
}

function Taken({ row, onAcknowledge, tabIndex }: CellProps & Pick<ColumnContext, 'onAcknowledge'>) {
  const by = row.owner ?? row.acknowledgedBy;
  if (by !== null) {
    return (
      <span title={plain(by)}>
        <span aria-hidden="true">✓ </span>
        <Text value={by} length={60} />
      </span>
    );
  }
  if (onAcknowledge === undefined || row.status === 'closed' || row.status === 'watched')
    return <span class="muted">–</span>;
  return (
    <button type="button" class="button button-small" tabIndex={tabIndex} onClick={() => onAcknowledge(row)}>
      Acknowledge
    </button>
  );
}
