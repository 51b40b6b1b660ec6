/** Recordings: which are there, and one that is started. */
import './recordings/recordings.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { RecordingView } from '../../api/contract/recordings.ts';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Remote } from '../components/states.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { plain, Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { useAnswer, useSource } from '../data/use-answer.ts';
import { recordingPath } from '../paths.ts';
import { hostsText, processesText } from '../recording-view.ts';
import { DeleteDialog, ExportButton, StopDialog } from './recordings/actions.tsx';
import { StartDialog } from './recordings/start-dialog.tsx';
import { RecordingState } from './recordings/state.tsx';

const POLL_MS = 60_000;

export default function Recordings() {
  const { tenant } = useTenant();
  const { route } = useLocation();
  const source = useSource();
  const may = useMay('operator') && source.live;
  const answer = useAnswer('/tenants/{tenant}/recordings', { tenant }, { every: POLL_MS });
  const [isStarting, setStarting] = useState(false);
  return (
    <Page
      title="Recordings"
      lead="Chosen processes of chosen hosts, sample by sample: what each holds, and whether it grows like a leak."
      actions={
        may && (
          <button type="button" class="button button-main" onClick={() => setStarting(true)}>
            Start a recording…
          </button>
        )
      }
    >
      <Remote answer={answer} rows={6}>
        {({ items }) => (
          <Panel title="Recordings">
            {items.some(({ demo }) => !demo) ? null : <NoneYet />}
            {items.length > 0 && <RecordingTable items={items} may={may} onChanged={answer.reload} />}
          </Panel>
        )}
      </Remote>
      {isStarting && (
        <StartDialog
          onClose={() => setStarting(false)}
          onStarted={({ id }) => {
            answer.reload();
            route(recordingPath(tenant, id));
          }}
        />
      )}
    </Page>
  );
}

function NoneYet() {
  return (
    <Empty title="No recording yet">
      Hosts send their samples by OpenTelemetry or with <code>plimsoll record</code>. The demo shows what becomes of
      them.
    </Empty>
  );
}

interface RecordingTableProps {
  readonly items: readonly RecordingView[];
  readonly may: boolean;
  readonly onChanged: () => void;
}

function RecordingTable({ items, may, onChanged }: RecordingTableProps) {
  const [stopped, setStopped] = useState<RecordingView>();
  const [deleted, setDeleted] = useState<RecordingView>();
  return (
    <>
      <table class="rows recordings">
        <caption class="visually-hidden">Recordings, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Processes</th>
            <th scope="col">Hosts</th>
            <th scope="col">From, until</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((recording) => (
            <RecordingRow
              key={recording.id}
              recording={recording}
              onStop={may ? setStopped : undefined}
              onDelete={may ? setDeleted : undefined}
            />
          ))}
        </tbody>
      </table>
      {stopped && <StopDialog recording={stopped} onClose={() => setStopped(undefined)} onDone={onChanged} />}
      {deleted && <DeleteDialog recording={deleted} onClose={() => setDeleted(undefined)} onDone={onChanged} />}
    </>
  );
}

interface RecordingRowProps {
  readonly recording: RecordingView;
  readonly onStop: ((recording: RecordingView) => void) | undefined;
  readonly onDelete: ((recording: RecordingView) => void) | undefined;
}

function RecordingRow({ recording, onStop, onDelete }: RecordingRowProps) {
  const { tenant } = useTenant();
  const { id, name, state, demo, selection, stoppedAt } = recording;
  const of = <span class="visually-hidden"> {plain(name, 80)}</span>;
  return (
    <tr>
      <td class="recording-name">
        <a href={recordingPath(tenant, id)}>
          <Text value={name} length={200} />
        </a>
      </td>
      <td>
        <RecordingState recording={recording} />
      </td>
      <td data-label="Processes">
        <Text value={processesText(selection)} length={160} />
      </td>
      <td class="recording-hosts" data-label="Hosts">
        <Text value={hostsText(selection)} length={160} />
      </td>
      <td class="recording-times">
        <Moment at={selection.from} show="absolute" /> to <Moment at={stoppedAt ?? selection.to} show="both" />
      </td>
      <td class="recording-actions">
        <ExportButton recording={recording}>Export{of}</ExportButton>
        {!demo && state !== 'ended' && onStop && (
          <button type="button" class="button button-small" onClick={() => onStop(recording)}>
            Stop…{of}
          </button>
        )}
        {!demo && onDelete && (
          <button type="button" class="button button-small" onClick={() => onDelete(recording)}>
            Delete…{of}
          </button>
        )}
      </td>
    </tr>
  );
}
