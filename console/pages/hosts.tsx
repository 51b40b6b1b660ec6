/** Every host as the newest runs left it: ten thousand rows, filtered and sorted in the browser. */
import './lists.css';
import { useCallback, useMemo } from 'preact/hooks';
import type { HostRow } from '../../api/contract/hosts.ts';
import { counted } from '../../core/messages/units.ts';
import { FilterChips } from '../components/chips.tsx';
import { Page } from '../components/panel.tsx';
import { saveFile } from '../components/save.ts';
import { FILTER_FIELD } from '../components/shortcuts.tsx';
import { Empty, Failure, Loading } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { type ListState, useListState } from '../components/use-filters.ts';
import { toCsv } from '../csv.ts';
import { useSource } from '../data/use-answer.ts';
import { type Pages, usePages } from '../data/use-pages.ts';
import { fieldOf, filterHosts, HOST_FIELD_LABELS, HOST_FIELDS, NONE, sortHosts } from '../host-rows.ts';
import { hostPath, incidentPath } from '../paths.ts';
import { hostColumns } from './hosts/columns.tsx';
import { useSparklines } from './hosts/use-sparklines.ts';

/** Hosts of one request, and hosts that are read before somebody wants more. */
const PAGE = 2_000;
const MOST = 50_000;
const ALL_VERDICTS = 'leaking,steady,insufficient_data,not_monitored,unreadable';

interface HostPage {
  readonly items: readonly HostRow[];
  readonly cursor: string | null;
  readonly total: number | null;
  readonly unreadable: readonly string[];
}

export default function Hosts() {
  const { tenant } = useTenant();
  const source = useSource();
  const state = useListState(HOST_FIELDS);
  const isAll = state.parameter('steady') === '1';
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<HostPage> => {
      const query = { limit: PAGE, cursor, verdict: isAll ? ALL_VERDICTS : undefined };
      return source.get('/tenants/{tenant}/hosts', { tenant }, { query, signal });
    },
    [source, tenant, isAll],
  );
  const pages = usePages<HostRow, HostPage>(read, { most: MOST });
  const text = state.parameter('text');
  const sort = state.parameter('sort');
  const rows = useMemo(
    () => sortHosts(filterHosts(pages.items, state.filters, text), sort),
    [pages.items, state.filters, text, sort],
  );
  return (
    <Page title="Hosts" lead={leadOf(pages, rows.length)} actions={<Export rows={rows} />}>
      <Controls state={state} isAll={isAll} />
      {pages.latest?.unreadable.map((gap) => (
        <p class="gap" key={gap}>
          <span aria-hidden="true">✕ </span>
          <Text value={gap} length={400} />
        </p>
      ))}
      <HostTable pages={pages} rows={rows} state={state} sort={sort} />
    </Page>
  );
}

function leadOf({ items, latest, error, reading }: Pages<HostRow, HostPage>, shown: number): string {
  if (latest === undefined) return error === undefined ? 'Reading…' : 'Not read';
  const all = counted(items.length, 'host');
  const some = shown === items.length ? all : `${shown.toLocaleString('en')} of ${all}`;
  return reading ? `${some} so far, reading…` : some;
}

function Controls({ state, isAll }: { state: ListState; isAll: boolean }) {
  return (
    <div class="controls">
      <label class="filter-field">
        <span class="visually-hidden">Filter by name, id or group</span>
        <input
          class="field"
          type="search"
          placeholder="Name, id or group"
          value={state.parameter('text')}
          onInput={({ currentTarget }) => state.set({ text: currentTarget.value })}
          {...FILTER_FIELD}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isAll}
          onChange={({ currentTarget }) => state.set({ steady: currentTarget.checked ? '1' : '' })}
        />
        with steady hosts
      </label>
      <FilterChips state={state} labels={HOST_FIELD_LABELS} />
    </div>
  );
}

interface HostTableProps {
  readonly pages: Pages<HostRow, HostPage>;
  readonly rows: readonly HostRow[];
  readonly state: ListState;
  readonly sort: string;
}

function HostTable({ pages, rows, state, sort }: HostTableProps) {
  const { tenant } = useTenant();
  const { known, show } = useSparklines();
  const hrefOf = useCallback(
    ({ ref, incident }: HostRow) => (incident === null ? hostPath(tenant, ref) : incidentPath(tenant, incident.ref)),
    [tenant],
  );
  const columns = hostColumns({ hrefOf, onFilter: state.toggle, sparklines: known });
  if (pages.latest === undefined && pages.error === undefined) return <Loading rows={14} />;
  return (
    <>
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.reload} />}
      {pages.items.length === 0 && pages.error === undefined && <NoHosts isAll={state.parameter('steady') === '1'} />}
      {pages.items.length > 0 && rows.length === 0 && (
        <Empty title="No host passes the filters">
          <button type="button" class="button" onClick={state.clear}>
            Clear filters
          </button>
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          caption="Hosts"
          columns={columns}
          rows={rows}
          keyOf={({ ref }) => ref}
          hrefOf={hrefOf}
          sort={sort}
          onSort={(next) => state.set({ sort: next })}
          onVisible={show}
        />
      )}
      {pages.hasMore && (
        <p class="remark-plain">
          The first {counted(pages.items.length, 'host')} are shown.{' '}
          <button type="button" class="button button-small" onClick={pages.more}>
            Read more
          </button>
        </p>
      )}
    </>
  );
}

function NoHosts({ isAll }: { isAll: boolean }) {
  return isAll ? (
    <Empty title="No host is known yet">
      The first inspection lists the hosts of each account that the config names.
    </Empty>
  ) : (
    <Empty title="Nothing to look at">Every host that was inspected is steady, or none was inspected yet.</Empty>
  );
}

const EXPORTED = ['verdict', 'severity', 'group', 'provider', 'account', 'region', 'version', 'pattern', 'reason'];
const FIGURES = [
  'level',
  'growth_per_hour',
  'unit',
  'confidence',
  'full_earliest',
  'full_likely',
  'full_latest',
  'as_of',
];

function Export({ rows }: { rows: readonly HostRow[] }) {
  const save = () => {
    const head = ['id', 'name', ...EXPORTED, ...FIGURES];
    const lines = rows.map((row) => [
      row.id,
      row.name,
      ...EXPORTED.map((field) => fieldOf(row, field)).map((value) => (value === NONE ? null : value)),
      row.level,
      row.growth,
      row.unit,
      row.confidence,
      row.exhaustion?.earliest ?? null,
      row.exhaustion?.likely ?? null,
      row.exhaustion?.latest ?? null,
      row.asOf,
    ]);
    saveFile('hosts.csv', toCsv([head, ...lines]), 'text/csv');
  };
  return (
    <button type="button" class="button" disabled={rows.length === 0} onClick={save}>
      Export CSV
    </button>
  );
}
