/** Who changed what, the newest first. */
import './lists.css';
import { useCallback } from 'preact/hooks';
import type { AuditView } from '../../api/contract/access.ts';
import { actionText, auditSubject } from '../audit-view.ts';
import { Badge } from '../components/badge.tsx';
import { Filterable, FilterChips } from '../components/chips.tsx';
import { Page } from '../components/panel.tsx';
import { Empty, Failure, Loading } from '../components/states.tsx';
import { type Column, Table } from '../components/table.tsx';
import { useTenant } from '../components/tenant.ts';
import { plain, Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { type ListState, useListState } from '../components/use-filters.ts';
import { useSource } from '../data/use-answer.ts';
import { type Page as PageOf, usePages } from '../data/use-pages.ts';
import { passes } from '../filters.ts';

const FIELDS = ['by', 'action', 'role'];
const LABELS = { by: 'by', action: 'action', role: 'role' };
const PAGE = 200;

type AuditPage = PageOf<AuditView>;

export default function Audit() {
  const { tenant } = useTenant();
  const source = useSource();
  const state = useListState(FIELDS);
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<AuditPage> =>
      source.get('/tenants/{tenant}/audit', { tenant }, { query: { limit: PAGE, cursor }, signal }),
    [source, tenant],
  );
  const pages = usePages<AuditView, AuditPage>(read, { most: PAGE });
  const rows = pages.items.filter((entry) => passes(state.filters, (field) => fieldOf(entry, field)));
  return (
    <Page title="Audit" lead="Every change that was made or refused, by whom.">
      <FilterChips state={state} labels={LABELS} />
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.reload} />}
      {pages.latest === undefined && pages.error === undefined && <Loading rows={12} />}
      {pages.latest !== undefined && rows.length === 0 && <Empty title="No entry here">Reads leave none.</Empty>}
      {rows.length > 0 && (
        <Table
          caption="Audit log"
          columns={columns(state)}
          rows={rows}
          keyOf={(entry) => `${entry.at} ${entry.by} ${entry.action} ${entry.subject}`}
        />
      )}
      {pages.hasMore && (
        <p>
          <button type="button" class="button" onClick={pages.more}>
            Read earlier entries
          </button>
        </p>
      )}
    </Page>
  );
}

function columns({ toggle }: ListState): readonly Column<AuditView>[] {
  return [
    {
      id: 'at',
      title: 'When',
      width: 11,
      narrow: 6.5,
      priority: 1,
      cell: ({ at }) => <Moment at={at} show="absolute" />,
    },
    {
      id: 'by',
      title: 'By',
      width: 14,
      narrow: 6,
      priority: 1,
      cell: ({ by }, { tabIndex }) => <Filterable field="by" value={by} onFilter={toggle} tabIndex={tabIndex} />,
    },
    {
      id: 'what',
      title: 'What',
      priority: 1,
      cell: (entry, { tabIndex }) => <What entry={entry} tabIndex={tabIndex} />,
    },
    { id: 'role', title: 'Role', width: 6, priority: 3, cell: ({ role }) => role },
    { id: 'outcome', title: 'Outcome', width: 12, priority: 2, cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  ];
}

function What({ entry, tabIndex }: { entry: AuditView; tabIndex: 0 | -1 }) {
  const { tenant } = useTenant();
  const { toggle } = useListState(FIELDS);
  const { text, href } = auditSubject(entry, tenant);
  return (
    <span class="cell-name" title={plain(entry.subject, 1000)}>
      <Filterable
        field="action"
        value={entry.action}
        text={actionText(entry.action)}
        onFilter={toggle}
        tabIndex={tabIndex}
      />
      <span class="audit-subject">
        {href === undefined ? (
          <Text value={text} length={600} />
        ) : (
          <a href={href} tabIndex={tabIndex}>
            <Text value={text} length={600} />
          </a>
        )}
      </span>
    </span>
  );
}

function Outcome({ outcome }: { outcome: string }) {
  if (outcome === 'done') return <span>done</span>;
  return (
    <span title={outcome}>
      <Badge tone="warning">not done</Badge> <Text value={outcome} />
    </span>
  );
}

function fieldOf(entry: AuditView, field: string): string {
  return field === 'action' || field === 'role' ? entry[field] : entry.by;
}
