/** The incidents of a tenant: the current ones first, acknowledged from the list. */
import './lists.css';
import { useCallback, useMemo } from 'preact/hooks';
import type { IncidentRow } from '../../api/contract/incidents.ts';
import { counted } from '../../core/messages/units.ts';
import { FilterChips } from '../components/chips.tsx';
import { hostName } from '../components/host.tsx';
import { Page } from '../components/panel.tsx';
import { FILTER_FIELD } from '../components/shortcuts.tsx';
import { Empty, Failure, Loading } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { now } from '../components/time.tsx';
import { notify } from '../components/toast.tsx';
import { type ListState, useListState } from '../components/use-filters.ts';
import { asApiError } from '../data/api-error.ts';
import { useAnswer, useSource } from '../data/use-answer.ts';
import { type Page as PageOf, type Pages, usePages } from '../data/use-pages.ts';
import { type RowMark, rowMarks } from '../incident-marks.ts';
import {
  filterIncidents,
  INCIDENT_FIELD_LABELS,
  INCIDENT_FIELDS,
  STATUS_TABS,
  sortIncidents,
} from '../incident-rows.ts';
import { incidentPath, pagePath } from '../paths.ts';
import { incidentColumns } from './incidents/columns.tsx';

/** Incidents of one request, and those that are read before somebody wants more. */
const PAGE = 200;
const MOST = 1_000;

type IncidentPage = PageOf<IncidentRow>;

export default function Incidents() {
  const { tenant } = useTenant();
  const source = useSource();
  const state = useListState(INCIDENT_FIELDS);
  const tab = STATUS_TABS.find(({ id }) => id === state.parameter('status')) ?? STATUS_TABS[0];
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<IncidentPage> => {
      const query = { limit: PAGE, cursor, status: tab.status };
      return source.get('/tenants/{tenant}/incidents', { tenant }, { query, signal });
    },
    [source, tenant, tab],
  );
  const pages = usePages<IncidentRow, IncidentPage>(read, { most: MOST });
  const text = state.parameter('text');
  const sort = state.parameter('sort');
  const rows = useMemo(
    () => sortIncidents(filterIncidents(pages.items, state.filters, text), sort),
    [pages.items, state.filters, text, sort],
  );
  return (
    <Page title="Incidents" lead={leadOf(pages, rows.length)}>
      <Tabs
        label="Status"
        tabs={STATUS_TABS.map(({ id, title }) => ({
          title,
          href: pagePath(tenant, 'incidents', { status: id, text, sort }),
          isCurrent: id === tab.id,
        }))}
      />
      <Controls state={state} />
      <IncidentTable pages={pages} rows={rows} state={state} sort={sort} />
    </Page>
  );
}

function leadOf({ items, latest, error, reading, hasMore }: Pages<IncidentRow, IncidentPage>, shown: number): string {
  if (latest === undefined) return error === undefined ? 'Reading…' : 'Not read';
  const all = `${counted(items.length, 'incident')}${hasMore ? ' or more' : ''}`;
  const some = shown === items.length ? all : `${shown.toLocaleString('en')} of ${all}`;
  return reading ? `${some} so far, reading…` : some;
}

function Controls({ state }: { state: ListState }) {
  return (
    <div class="controls">
      <label class="filter-field">
        <span class="visually-hidden">Filter by host, group or id</span>
        <input
          class="field"
          type="search"
          placeholder="Host, group or id"
          value={state.parameter('text')}
          onInput={({ currentTarget }) => state.set({ text: currentTarget.value })}
          {...FILTER_FIELD}
        />
      </label>
      <FilterChips state={state} labels={INCIDENT_FIELD_LABELS} />
    </div>
  );
}

interface IncidentTableProps {
  readonly pages: Pages<IncidentRow, IncidentPage>;
  readonly rows: readonly IncidentRow[];
  readonly state: ListState;
  readonly sort: string;
}

function IncidentTable({ pages, rows, state, sort }: IncidentTableProps) {
  const { tenant } = useTenant();
  const acknowledge = useAcknowledge(pages.reload);
  const marksOf = useMarks();
  const hrefOf = ({ ref }: IncidentRow) => incidentPath(tenant, ref);
  if (pages.latest === undefined && pages.error === undefined) return <Loading rows={12} />;
  return (
    <>
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.reload} />}
      {pages.items.length === 0 && pages.error === undefined && <None />}
      {pages.items.length > 0 && rows.length === 0 && (
        <Empty title="No incident passes the filters">
          <button type="button" class="button" onClick={state.clear}>
            Clear filters
          </button>
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          caption="Incidents"
          columns={incidentColumns({ hrefOf, marksOf, onFilter: state.toggle, onAcknowledge: acknowledge })}
          rows={rows}
          keyOf={({ ref }) => ref}
          hrefOf={hrefOf}
          sort={sort}
          onSort={(next) => state.set({ sort: next })}
        />
      )}
      {pages.hasMore && (
        <p>
          <button type="button" class="button" onClick={pages.more}>
            Read more
          </button>
        </p>
      )}
    </>
  );
}

function None() {
  return (
    <Empty title="No incident here">
      Hosts that grow like a leak become incidents. Whether all hosts were inspected is on the overview.
    </Empty>
  );
}

const MARKS_EVERY_MS = 60_000;
const NO_MARKS: never[] = [];

/** Where they cannot be read the list is shown without them. */
function useMarks(): (row: IncidentRow) => readonly RowMark[] {
  const { tenant } = useTenant();
  const { live } = useSource();
  const options = { every: MARKS_EVERY_MS, enabled: live };
  const mutes = useAnswer('/tenants/{tenant}/mutes', { tenant }, options).value?.items ?? NO_MARKS;
  const labels = useAnswer('/tenants/{tenant}/labels', { tenant }, options).value?.items ?? NO_MARKS;
  return (row) => rowMarks(row, { mutes, labels }, now.value);
}

/** Undefined where the person may not. */
function useAcknowledge(reload: () => void): ((row: IncidentRow) => void) | undefined {
  const source = useSource();
  const { tenant } = useTenant();
  const may = useMay('operator') && source.live;
  const acknowledge = async ({ ref, host }: IncidentRow) => {
    try {
      const params = { tenant, incident: ref };
      await source.send('post', '/tenants/{tenant}/incidents/{incident}/acknowledgement', params, {
        body: { note: null },
      });
      notify(`The incident of ${hostName(host)} is acknowledged: no reminder, no escalation.`);
      reload();
    } catch (error) {
      notify(`The incident of ${hostName(host)} was not acknowledged. ${asApiError(error).message}`, 'bad');
    }
  };
  return may ? (row) => void acknowledge(row) : undefined;
}
