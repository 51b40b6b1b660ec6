/** One host of a recording: its processes as a table, and a chart of each. */
import { useMemo } from 'preact/hooks';
import type { RecordedHostView, RecordingDetailView } from '../../../api/contract/recordings.ts';
import { Panel } from '../../components/panel.tsx';
import { Empty, Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain } from '../../components/text.tsx';
import { now } from '../../components/time.tsx';
import { useListState } from '../../components/use-filters.ts';
import { useAnswer } from '../../data/use-answer.ts';
import { inOrder, keptOf } from '../../recording-view.ts';
import { Charts } from './charts.tsx';
import { ProcessTable } from './process-table.tsx';

interface HostPanelsProps {
  readonly recording: RecordingDetailView;
  readonly host: RecordedHostView;
}

const NO_FILTERS: readonly string[] = [];
const POLL_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Hours back from now, or the end of the recording; the first is shown at first. */
const RANGES: readonly (readonly [value: string, label: string])[] = [
  ['', 'All'],
  ['168', '7 d'],
  ['24', '24 h'],
  ['6', '6 h'],
];

export function HostPanels({
  recording: { id, selection, stoppedAt, state },
  host: { host, name: hostName, processes },
}: HostPanelsProps) {
  const { tenant } = useTenant();
  const list = useListState(NO_FILTERS);
  const hours = list.parameter('hours');
  const of = { tenant, recording: id };
  const isKnown = processes !== null;
  const detail = useAnswer('/tenants/{tenant}/recordings/{recording}', of, { query: { host }, enabled: !isKnown });
  const end = Math.min(now.peek(), Date.parse(stoppedAt ?? selection.to));
  const from = useMemo(() => beginOf(hours, end), [hours]);
  const samples = useAnswer('/tenants/{tenant}/recordings/{recording}/samples', of, {
    query: { host, from },
    every: state === 'running' ? POLL_MS : undefined,
  });
  const kept = useMemo(() => keptOf(samples.value?.processes ?? []), [samples.value]);
  const summaries = processes ?? detail.value?.hosts.find((one) => one.host === host)?.processes;
  const rows = useMemo(() => inOrder(summaries ?? []), [summaries]);
  const name = plain(hostName ?? host, 60);
  const table =
    rows.length === 0 ? (
      <Empty title="No process is kept of this host" />
    ) : (
      <ProcessTable processes={rows} kept={kept} />
    );
  return (
    <>
      <Panel title={`Processes of ${name}`}>{isKnown ? table : <Remote answer={detail}>{() => table}</Remote>}</Panel>
      <Panel
        title={`Memory on ${name}`}
        actions={<Ranges hours={hours} onHours={(value) => list.set({ hours: value })} />}
      >
        <div class="panel-body">
          <Remote answer={samples} rows={8}>
            {(value) => <Charts samples={value.processes} summaries={rows} state={list} />}
          </Remote>
        </div>
      </Panel>
    </>
  );
}

/** Since when samples are shown; undefined: all of them. */
function beginOf(hours: string, end: number): string | undefined {
  const isChoice = hours !== '' && RANGES.some(([value]) => value === hours);
  return isChoice ? new Date(end - Number(hours) * HOUR_MS).toISOString() : undefined;
}

function Ranges({ hours, onHours }: { hours: string; onHours: (value: string) => void }) {
  return (
    <fieldset class="switches" aria-label="Range of the charts">
      {RANGES.map(([value, label]) => (
        <button
          type="button"
          key={value}
          class="button button-small"
          aria-pressed={hours === value}
          onClick={() => onHours(value)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
