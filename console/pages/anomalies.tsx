/** Points that the jobs of the config found anomalous, the newest first. */
import './lists.css';
import { useCallback, useMemo } from 'preact/hooks';
import type { AnomalyRow } from '../../api/contract/anomalies.ts';
import { ANOMALY_WORDS, formatMetric, partValues } from '../../core/messages/metric-values.ts';
import { counted } from '../../core/messages/units.ts';
import { pointMetric } from '../../core/model/point-metrics.ts';
import {
  ANOMALY_FIELD_LABELS,
  ANOMALY_FIELDS,
  type AnomalyGroup,
  anomalyField,
  groupAnomalies,
  hasPoints,
  scoreText,
} from '../anomaly-rows.ts';
import { Filterable, FilterChips } from '../components/chips.tsx';
import { HostName } from '../components/host.tsx';
import { Page } from '../components/panel.tsx';
import { Empty, Failure, Loading } from '../components/states.tsx';
import { type Column, Table } from '../components/table.tsx';
import { useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { Moment, now } from '../components/time.tsx';
import { type ListState, useListState } from '../components/use-filters.ts';
import { useSource } from '../data/use-answer.ts';
import { type Pages, usePages } from '../data/use-pages.ts';
import { passes } from '../filters.ts';
import { anomalyPath, pagePath } from '../paths.ts';

/** Points of one request, and points that are read before somebody wants more. */
const PAGE = 200;
const MOST = 1_000;

const SCORES = ['0.5', '0.99', '0.999'] as const;
/** Anomalous points of a row: one of 100 healthy points is anomalous alone, and five or more may be reported. */
const POINTS = ['5', '2', '1'] as const;
const DAYS = ['1', '3', '7'] as const;
const DAY_MS = 86_400_000;

interface AnomalyPage {
  readonly items: readonly AnomalyRow[];
  readonly cursor: string | null;
  readonly unreadable: readonly string[];
}

export default function Anomalies() {
  const { tenant } = useTenant();
  const source = useSource();
  const state = useListState(ANOMALY_FIELDS);
  const minScore = SCORES.find((score) => score === state.parameter('score')) ?? SCORES[0];
  const points = POINTS.find((one) => one === state.parameter('points')) ?? POINTS[0];
  const days = DAYS.find((one) => one === state.parameter('days')) ?? DAYS[0];
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<AnomalyPage> => {
      const from = new Date(now.peek() - Number(days) * DAY_MS).toISOString();
      return source.get(
        '/tenants/{tenant}/anomalies',
        { tenant },
        { query: { limit: PAGE, cursor, minScore, from }, signal },
      );
    },
    [source, tenant, minScore, days],
  );
  const pages = usePages<AnomalyRow, AnomalyPage>(read, { most: MOST });
  const groups = useMemo(() => groupAnomalies(pages.items), [pages.items]);
  const lasting = groups.filter((group) => hasPoints(group, Number(points)));
  const rows = lasting.filter((group) => passes(state.filters, (field) => anomalyField(group, field)));
  const brief = groups.length - lasting.length;
  return (
    <Page title="Anomalies" lead={leadOf(pages, { shown: rows.length, brief })}>
      <div class="controls">
        <Choice
          label="From"
          options={DAYS}
          value={days}
          text={daysText}
          onChange={(value) => state.set({ days: value })}
        />
        <Choice
          label="Score from"
          options={SCORES}
          value={minScore}
          text={(score) => score}
          onChange={(value) => state.set({ score: value })}
        />
        <Choice
          label="Points from"
          options={POINTS}
          value={points}
          text={(least) => least}
          onChange={(value) => state.set({ points: value })}
        />
        <FilterChips state={state} labels={ANOMALY_FIELD_LABELS} />
      </div>
      {pages.latest?.unreadable.map((gap) => (
        <p class="gap" key={gap}>
          <span aria-hidden="true">✕ </span>
          <Text value={gap} length={400} />
        </p>
      ))}
      <AnomalyTable pages={pages} rows={rows} state={state} isBrief={lasting.length === 0} />
    </Page>
  );
}

function daysText(days: string): string {
  return days === '1' ? '24 hours ago' : `${days} days ago`;
}

interface Counts {
  readonly shown: number;
  /** Rows that have too few points to be shown. */
  readonly brief: number;
}

function leadOf({ items, latest, error, reading }: Pages<AnomalyRow, AnomalyPage>, { shown, brief }: Counts): string {
  if (latest === undefined) return error === undefined ? 'Reading…' : 'Not read';
  const points = counted(items.length, 'anomalous point');
  const hidden = brief === 0 ? '' : `; ${counted(brief, 'row')} of fewer points not shown`;
  const all = items.length === 0 ? points : `${points}, in ${counted(shown, 'row')}${hidden}`;
  return reading ? `${all} so far, reading…` : all;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly Value[];
  readonly value: Value;
  readonly text: (value: Value) => string;
  readonly onChange: (value: string) => void;
}

function Choice<Value extends string>({ label, options, value, text, onChange }: ChoiceProps<Value>) {
  return (
    <label class="check">
      {label}
      <select class="field" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {text(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface AnomalyTableProps {
  readonly pages: Pages<AnomalyRow, AnomalyPage>;
  readonly rows: readonly AnomalyGroup[];
  readonly state: ListState;
  /** Whether every row has too few points to be shown. */
  readonly isBrief: boolean;
}

function AnomalyTable({ pages, rows, state, isBrief }: AnomalyTableProps) {
  const { tenant } = useTenant();
  const hrefOf = useCallback(
    ({ host, metric, part, job }: AnomalyGroup) => anomalyPath(tenant, host.ref, metric, { part, job }),
    [tenant],
  );
  if (pages.latest === undefined && pages.error === undefined) return <Loading rows={12} />;
  return (
    <>
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.reload} />}
      {pages.items.length === 0 && pages.error === undefined && !pages.reading && <NoAnomalies />}
      {pages.items.length > 0 && isBrief && (
        <Empty title="Nothing lasts">
          <button type="button" class="button" onClick={() => state.set({ points: '1' })}>
            Show single points
          </button>
        </Empty>
      )}
      {pages.items.length > 0 && rows.length === 0 && !isBrief && (
        <Empty title="No anomaly passes the filters">
          <button type="button" class="button" onClick={state.clear}>
            Clear filters
          </button>
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          caption="Anomalies, the newest first"
          columns={columnsOf(state, hrefOf)}
          rows={rows}
          keyOf={({ key }) => key}
          hrefOf={hrefOf}
        />
      )}
      {pages.hasMore && (
        <p class="remark-plain">
          The newest {counted(pages.items.length, 'point')} are shown.{' '}
          <button type="button" class="button button-small" onClick={pages.more}>
            Read more
          </button>
        </p>
      )}
    </>
  );
}

function NoAnomalies() {
  const { tenant } = useTenant();
  return (
    <Empty title="Nothing is anomalous">
      What is inspected are the metrics of the jobs under <code>anomalies</code> in{' '}
      <a href={pagePath(tenant, 'config')}>the config</a>; without a job nothing is.
    </Empty>
  );
}

function columnsOf({ toggle }: ListState, hrefOf: (row: AnomalyGroup) => string): readonly Column<AnomalyGroup>[] {
  return [
    {
      id: 'since',
      title: 'Newest point',
      width: 9,
      narrow: 6.5,
      priority: 1,
      cell: ({ last }) => <Moment at={last} />,
    },
    {
      id: 'host',
      title: 'Host',
      priority: 1,
      cell: (row, { tabIndex }) => (
        <span class="cell-name">
          <HostName host={row.host} href={hrefOf(row)} tabIndex={tabIndex} />
          <span class={row.part === '' ? 'cell-below cell-below-narrow' : 'cell-below'}>
            <Text
              value={row.part === '' ? (pointMetric(row.metric)?.label ?? row.metric) : partValues(row.part)}
              length={120}
            />
          </span>
        </span>
      ),
    },
    {
      id: 'metric',
      title: 'Metric',
      width: 15,
      priority: 2,
      cell: ({ metric }, { tabIndex }) => (
        <Filterable field="metric" value={metric} onFilter={toggle} tabIndex={tabIndex} />
      ),
    },
    {
      id: 'type',
      title: 'What',
      width: 8.5,
      narrow: 5.5,
      priority: 1,
      cell: ({ type }, { tabIndex }) => (
        <Filterable field="type" value={type} text={ANOMALY_WORDS[type]} onFilter={toggle} tabIndex={tabIndex} />
      ),
    },
    {
      id: 'value',
      title: 'Value',
      width: 6.5,
      narrow: 5.75,
      priority: 1,
      isNumber: true,
      cell: ({ peak, unit }) => formatMetric(peak.value, unit),
    },
    {
      id: 'expected',
      title: 'Expected',
      width: 6.5,
      priority: 2,
      isNumber: true,
      cell: ({ peak, unit }) => formatMetric(peak.expected, unit),
    },
    { id: 'score', title: 'Score', width: 5.5, priority: 3, isNumber: true, cell: ({ peak }) => scoreText(peak.score) },
    { id: 'points', title: 'Points', width: 4.5, priority: 3, isNumber: true, cell: ({ points }) => points },
    {
      id: 'job',
      title: 'Job',
      width: 8,
      priority: 4,
      cell: ({ job }, { tabIndex }) => <Filterable field="job" value={job} onFilter={toggle} tabIndex={tabIndex} />,
    },
  ];
}
