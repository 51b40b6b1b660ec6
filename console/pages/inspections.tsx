/** Scheduled runs, what they found and cost, and an inspection now. */
import './lists.css';
import './inspections.css';
import { useCallback, useState } from 'preact/hooks';
import type { RunView } from '../../api/contract/tenants.ts';
import { counted } from '../../core/messages/units.ts';
import { FilterChips } from '../components/chips.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Failure, Loading } from '../components/states.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { useListState } from '../components/use-filters.ts';
import { useSource } from '../data/use-answer.ts';
import { type Page as PageOf, usePages } from '../data/use-pages.ts';
import { passes } from '../filters.ts';
import { InspectDialog } from './inspections/inspect-dialog.tsx';
import { InspectionProgress } from './inspections/progress.tsx';
import { RunTable } from './inspections/run-table.tsx';

const FIELDS = ['outcome', 'account', 'region', 'provider'];
const LABELS = { outcome: 'outcome', account: 'account', region: 'region', provider: 'cloud' };
/** Runs of one request, and those that are read before somebody wants more. */
const PAGE = 100;

type RunPage = PageOf<RunView>;

export default function Inspections() {
  const { tenant } = useTenant();
  const source = useSource();
  const may = useMay('operator') && source.live;
  const state = useListState(FIELDS);
  const [isAsking, setAsking] = useState(false);
  const requested = state.parameter('inspection');
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<RunPage> =>
      source.get('/tenants/{tenant}/runs', { tenant }, { query: { limit: PAGE, cursor }, signal }),
    [source, tenant],
  );
  const pages = usePages<RunView, RunPage>(read, { most: PAGE });
  const rows = pages.items.filter((run) => passes(state.filters, (field) => fieldOf(run, field)));
  return (
    <Page
      title="Inspections"
      lead={
        pages.error !== undefined
          ? 'Not read'
          : pages.latest === undefined
            ? 'Reading…'
            : `The newest ${counted(pages.items.length, 'run')}`
      }
      actions={
        may && (
          <button type="button" class="button button-main" onClick={() => setAsking(true)}>
            Inspect now
          </button>
        )
      }
    >
      {requested !== '' && <InspectionProgress id={requested} onClose={() => state.set({ inspection: '' })} />}
      <FilterChips state={state} labels={LABELS} />
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.reload} />}
      {pages.latest === undefined && pages.error === undefined && <Loading rows={12} />}
      {pages.latest !== undefined && (
        <Panel title="Scheduled runs">
          {rows.length === 0 ? (
            <NoRuns isFiltered={pages.items.length > 0} />
          ) : (
            <RunTable runs={rows} onFilter={state.toggle} />
          )}
        </Panel>
      )}
      {pages.hasMore && (
        <p>
          <button type="button" class="button" onClick={pages.more}>
            Read earlier runs
          </button>
        </p>
      )}
      {isAsking && (
        <InspectDialog onClose={() => setAsking(false)} onRequested={(id) => state.set({ inspection: id })} />
      )}
    </Page>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="No run passes the filters" />
  ) : (
    <Empty title="No run yet">The first one is at the next time of the schedule.</Empty>
  );
}

function fieldOf(run: RunView, field: string): string {
  switch (field) {
    case 'outcome':
    case 'account':
    case 'provider':
      return run[field];
    default:
      return run.region ?? '(none)';
  }
}
