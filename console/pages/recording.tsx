/** A recording: what is kept of which hosts, who leaks, and the memory of each process. */
import './recordings/recordings.css';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type { RecordedHostView, RecordingDetailView } from '../../api/contract/recordings.ts';
import { CopyButton } from '../components/copy.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Remote } from '../components/states.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { plain, Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { useListState } from '../components/use-filters.ts';
import { useAnswer, useSource } from '../data/use-answer.ts';
import { pagePath } from '../paths.ts';
import { everyText, hostsText, leaksOf, processesText } from '../recording-view.ts';
import { DeleteDialog, ExportButton, StopDialog } from './recordings/actions.tsx';
import { HostPanels } from './recordings/host-panels.tsx';
import { HostTable } from './recordings/host-table.tsx';
import { RecordingState } from './recordings/state.tsx';

const NO_FILTERS: readonly string[] = [];
const POLL_MS = 60_000;

export default function Recording() {
  const { tenant } = useTenant();
  const { params } = useRoute();
  const recording = params['recording'] ?? '';
  // One that is over is read again as well: its live samples become an archive.
  const answer = useAnswer('/tenants/{tenant}/recordings/{recording}', { tenant, recording }, { every: POLL_MS });
  const { value } = answer;
  return (
    <Page
      title={value === undefined ? 'Recording' : plain(value.name)}
      lead={<a href={pagePath(tenant, 'recordings')}>All recordings</a>}
      actions={value && <Actions recording={value} onChanged={answer.reload} />}
    >
      <Remote answer={answer} rows={10}>
        {(detail) => (
          <>
            <Panel title="Recording" actions={<RecordingState recording={detail} />}>
              <Facts recording={detail} />
            </Panel>
            <Hosts recording={detail} />
          </>
        )}
      </Remote>
    </Page>
  );
}

function Actions({ recording, onChanged }: { recording: RecordingDetailView; onChanged: () => void }) {
  const { tenant } = useTenant();
  const { route } = useLocation();
  const source = useSource();
  const may = useMay('operator') && source.live && !recording.demo;
  const [open, setOpen] = useState<'stop' | 'delete'>();
  const close = () => setOpen(undefined);
  return (
    <>
      <ExportButton recording={recording}>Export</ExportButton>
      {may && recording.state !== 'ended' && (
        <button type="button" class="button button-small" onClick={() => setOpen('stop')}>
          Stop…
        </button>
      )}
      {may && (
        <button type="button" class="button button-small" onClick={() => setOpen('delete')}>
          Delete…
        </button>
      )}
      {open === 'stop' && <StopDialog recording={recording} onClose={close} onDone={onChanged} />}
      {open === 'delete' && (
        <DeleteDialog recording={recording} onClose={close} onDone={() => route(pagePath(tenant, 'recordings'))} />
      )}
    </>
  );
}

function Facts({ recording }: { recording: RecordingDetailView }) {
  const { id, selection, startedBy, startedAt, stoppedBy, stoppedAt, demo } = recording;
  return (
    <>
      {demo && (
        <p class="panel-body muted">
          The demo is always there. Its samples are made by a formula, and nobody's hosts are in it.
        </p>
      )}
      <dl class="facts">
        <Fact name="Id">
          <span class="mono">{id}</span> <CopyButton value={id} what="the id of the recording" />
        </Fact>
        <Fact name="Account">
          <Text value={selection.account} />
        </Fact>
        <Fact name="Hosts">
          <Text value={hostsText(selection)} length={400} />
        </Fact>
        <Fact name="Processes">
          <Text value={processesText(selection)} length={400} />
        </Fact>
        <Fact name="From">
          <Moment at={selection.from} show="both" />
        </Fact>
        <Fact name={stoppedAt === null ? 'Until' : 'Planned until'}>
          <Moment at={selection.to} show="both" />
        </Fact>
        <Fact name="Samples">{everyText(selection)}</Fact>
        <Fact name="Started">
          <Moment at={startedAt} /> by <Text value={startedBy} length={120} />
        </Fact>
        {stoppedAt !== null && (
          <Fact name="Stopped">
            <Moment at={stoppedAt} show="both" /> by <Text value={stoppedBy ?? ''} length={120} />
          </Fact>
        )}
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Hosts({ recording }: { recording: RecordingDetailView }) {
  const state = useListState(NO_FILTERS);
  const { hosts } = recording;
  const shown = chosenHost(hosts, state.parameter('host'));
  return (
    <>
      <Panel title="Hosts">
        {hosts.length === 0 ? (
          <Empty title="No sample yet">
            Hosts that run plimsoll record look every few minutes what to record, and sample processes that their option
            --allow admits. A collector sends with its next batch.
          </Empty>
        ) : (
          <HostTable recording={recording} shown={shown?.host} />
        )}
      </Panel>
      {shown !== undefined && <HostPanels key={shown.host} recording={recording} host={shown} />}
    </>
  );
}

/** The host that the address names; else the first on which something leaks, or the first. */
function chosenHost(hosts: readonly RecordedHostView[], named: string): RecordedHostView | undefined {
  return hosts.find(({ host }) => host === named) ?? hosts.find((one) => (leaksOf(one) ?? 0) > 0) ?? hosts[0];
}
