/** The columns of the list of hosts. */
import type { HostRow } from '../../../api/contract/hosts.ts';
import { formatGrowth, formatLevel, formatShare } from '../../../core/messages/units.ts';
import { SeverityBadge, STATES, StateBadge } from '../../components/badge.tsx';
import { Filterable } from '../../components/chips.tsx';
import { HostName, hostName, PROVIDER_NAMES } from '../../components/host.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import type { Column } from '../../components/table.tsx';
import { plain, Text } from '../../components/text.tsx';
import { now } from '../../components/time.tsx';
import type { FilterKind } from '../../filters.ts';
import { rangeText } from '../../forecast.ts';
import { fieldOf, NONE, verdictOf } from '../../host-rows.ts';
import type { Sparklines } from './use-sparklines.ts';

export interface ColumnContext {
  readonly hrefOf: (row: HostRow) => string;
  readonly onFilter: (field: string, value: string, kind: FilterKind) => void;
  readonly sparklines: Sparklines;
}

export function hostColumns({ hrefOf, onFilter, sparklines }: ColumnContext): readonly Column<HostRow>[] {
  const filterable = (field: string, text?: (value: string) => string): Column<HostRow>['cell'] =>
    function FilterCell(row, { tabIndex }) {
      const value = fieldOf(row, field);
      if (value === NONE) return <span class="muted">–</span>;
      return (
        <Filterable field={field} value={value} text={text?.(value) ?? value} onFilter={onFilter} tabIndex={tabIndex} />
      );
    };
  return [
    {
      id: 'name',
      title: 'Host',
      priority: 1,
      sort: 'name',
      cell: (row, { tabIndex }) => <NameCell row={row} href={hrefOf(row)} tabIndex={tabIndex} />,
    },
    {
      id: 'verdict',
      title: 'Verdict',
      width: 11.75,
      narrow: 7.75,
      priority: 1,
      sort: 'verdict',
      cell: (row, { tabIndex }) => (
        <span class="cell-badges">
          <button
            type="button"
            class="badge-button"
            tabIndex={tabIndex}
            title={`Show only hosts that are ${STATES[verdictOf(row)].label}`}
            onClick={() => onFilter('verdict', verdictOf(row), 'include')}
          >
            <StateBadge state={verdictOf(row)} />
          </button>
          {row.incident !== null && verdictOf(row) === 'leaking' && <SeverityBadge severity={row.incident.severity} />}
        </span>
      ),
    },
    {
      id: 'spark',
      title: 'Last day',
      width: 7.25,
      priority: 2,
      cell: (row) => <SparkCell row={row} known={sparklines} />,
    },
    { id: 'level', title: 'Level', width: 4.75, priority: 3, isNumber: true, sort: 'level', cell: levelCell },
    { id: 'growth', title: 'Growth', width: 6.5, priority: 2, isNumber: true, sort: 'growth', cell: growthCell },
    {
      id: 'full',
      title: 'Time left',
      width: 6,
      narrow: 4.75,
      priority: 1,
      sort: 'full',
      cell: (row) => <FullCell row={row} />,
    },
    {
      id: 'confidence',
      title: 'Conf.',
      width: 4,
      priority: 4,
      isNumber: true,
      sort: 'confidence',
      cell: confidenceCell,
    },
    { id: 'group', title: 'Group', width: 9.5, priority: 3, sort: 'group', cell: filterable('group') },
    { id: 'provider', title: 'Cloud', width: 8, priority: 5, cell: filterable('provider', providerName) },
    { id: 'region', title: 'Region', width: 8.5, priority: 4, sort: 'region', cell: filterable('region') },
  ];
}

function providerName(value: string): string {
  return Object.entries(PROVIDER_NAMES).find(([provider]) => provider === value)?.[1] ?? value;
}

function NameCell({ row, href, tabIndex }: { row: HostRow; href: string; tabIndex: 0 | -1 }) {
  const below = row.detail ?? row.reason ?? row.group;
  return (
    <span class="cell-name">
      <HostName host={row} href={href} tabIndex={tabIndex} />
      {below !== null && (
        <span class={row.reason === null ? 'cell-below cell-below-narrow' : 'cell-below'}>
          <Text value={below} length={120} />
        </span>
      )}
    </span>
  );
}

function SparkCell({ row, known }: { row: HostRow; known: Sparklines }) {
  if (row.level === null) return null;
  return <Sparkline values={known.get(row.ref)} label={`Level of ${plain(hostName(row), 60)} over its last runs`} />;
}

function levelCell({ level, unit }: HostRow) {
  return level === null || unit === null ? <None /> : formatLevel(level, unit);
}

function growthCell({ growth, growthLow, growthHigh, unit, verdict }: HostRow) {
  if (growth === null || unit === null || verdict === 'steady') return <None />;
  const title =
    growthLow === null || growthHigh === null
      ? ''
      : `${formatGrowth(growthLow, unit)} to ${formatGrowth(growthHigh, unit)}`;
  return <span title={title}>{formatGrowth(growth, unit)}</span>;
}

function confidenceCell({ confidence }: HostRow) {
  return confidence === null ? <None /> : formatShare(confidence);
}

function FullCell({ row: { exhaustion } }: { row: HostRow }) {
  if (exhaustion === null) return <None />;
  return rangeText(exhaustion, now.value);
}

function None() {
  return <span class="muted">–</span>;
}
