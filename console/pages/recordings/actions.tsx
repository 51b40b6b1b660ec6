/** Stops, deletes and exports a recording. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { RecordingView } from '../../../api/contract/recordings.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { saveFile } from '../../components/save.ts';
import { useTenant } from '../../components/tenant.ts';
import { plain, Text } from '../../components/text.tsx';
import { notify } from '../../components/toast.tsx';
import { asApiError } from '../../data/api-error.ts';
import { useSource } from '../../data/use-answer.ts';

interface ActionProps {
  readonly recording: RecordingView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function StopDialog({ recording: { id, name }, onClose, onDone }: ActionProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const act = async () => {
    await source.send('post', '/tenants/{tenant}/recordings/{recording}/stop', { tenant, recording: id });
    notify(`${plain(name, 80)} is stopped. What it has is kept.`);
    onDone();
  };
  return (
    <ActionDialog title="Stop the recording?" action="Stop" act={act} onClose={onClose}>
      <p>
        <strong>
          <Text value={name} />
        </strong>{' '}
        records nothing more, and cannot be started again. What it has is kept until it is deleted.
      </p>
    </ActionDialog>
  );
}

export function DeleteDialog({ recording: { id, name, state }, onClose, onDone }: ActionProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const act = async () => {
    await source.send('delete', '/tenants/{tenant}/recordings/{recording}', { tenant, recording: id });
    notify(`${plain(name, 80)} is deleted.`);
    onDone();
  };
  return (
    <ActionDialog title="Delete the recording?" action="Delete" act={act} onClose={onClose}>
      <p>
        <strong>
          <Text value={name} />
        </strong>{' '}
        and all of its samples are deleted{state === 'running' && ', and it records nothing more'}. Nobody can bring
        them back: export them first if somebody may need them.
      </p>
    </ActionDialog>
  );
}

interface ExportButtonProps {
  readonly recording: RecordingView;
  readonly children: ComponentChildren;
}

/** Saves the samples as a trace file, which `plimsoll inspect --file` reads. */
export function ExportButton({ recording: { id }, children }: ExportButtonProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const [isRunning, setRunning] = useState(false);
  const save = async () => {
    setRunning(true);
    try {
      const route = '/tenants/{tenant}/recordings/{recording}/export';
      saveFile(`${id}.ndjson`, await source.download(route, { tenant, recording: id }));
    } catch (error) {
      notify(`Not exported. ${asApiError(error).message}`, 'bad');
    } finally {
      setRunning(false);
    }
  };
  return (
    <button type="button" class="button button-small" disabled={isRunning} onClick={() => void save()}>
      {children}
    </button>
  );
}
