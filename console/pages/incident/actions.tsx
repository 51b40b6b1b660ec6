/** What a person does about the incident; each has a command that does the same. */
import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { saveFile } from '../../components/save.ts';
import { useMay, useTenant } from '../../components/tenant.ts';
import { useSource } from '../../data/use-answer.ts';
import { pagePath } from '../../paths.ts';
import type { ActionsProps } from './action-dialog.ts';
import { InspectDialog } from './inspect-dialog.tsx';
import { LabelDialog } from './label-dialog.tsx';
import { Menu } from './menu.tsx';
import { MuteDialog } from './mute-dialog.tsx';
import { NoteDialog, OwnerDialog } from './note-dialog.tsx';
import { useAction } from './use-action.ts';

const DIALOGS = {
  mute: MuteDialog,
  label: LabelDialog,
  note: NoteDialog,
  owner: OwnerDialog,
  inspect: InspectDialog,
} as const;
type DialogName = keyof typeof DIALOGS;

export function Actions({ incident, onDone, onInspected }: ActionsProps) {
  const { live } = useSource();
  const may = useMay('operator') && live;
  const [open, setOpen] = useState<DialogName | null>(null);
  const Shown = open === null ? null : DIALOGS[open];
  const button = (name: DialogName, title: string) => (
    <button type="button" class="button" onClick={() => setOpen(name)}>
      {title}
    </button>
  );
  return (
    <>
      {may && <Acknowledge incident={incident} onDone={onDone} />}
      {may && button('mute', 'Mute…')}
      {may && button('label', 'Label…')}
      {may && incident.finding !== 'fleet' && incident.finding !== 'anomaly' && button('inspect', 'Inspect now…')}
      <Menu title="More">
        {may && button('note', 'Note…')}
        {may && button('owner', 'Owner…')}
        <Exports incident={incident} />
      </Menu>
      {Shown && <Shown incident={incident} onDone={onDone} onInspected={onInspected} onClose={() => setOpen(null)} />}
    </>
  );
}

function Acknowledge({ incident: { ref, acknowledged, status }, onDone }: Pick<ActionsProps, 'incident' | 'onDone'>) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(onDone);
  const params = { tenant, incident: ref };
  const path = '/tenants/{tenant}/incidents/{incident}/acknowledgement';
  const acknowledge = () =>
    run('Acknowledged: no reminder, no escalation.', 'It was not acknowledged.', () =>
      source.send('post', path, params, { body: { note: null } }),
    );
  const takeBack = () =>
    run('The acknowledgement is taken back.', 'It was not taken back.', () => source.send('delete', path, params));
  if (acknowledged !== null) {
    return (
      <button type="button" class="button" disabled={isRunning} onClick={() => void takeBack()}>
        Unacknowledge
      </button>
    );
  }
  if (status === 'closed' || status === 'watched') return null;
  return (
    <button type="button" class="button button-main" disabled={isRunning} onClick={() => void acknowledge()}>
      Acknowledge
    </button>
  );
}

/** Exports, and what is looked up less often. */
function Exports({ incident }: { incident: IncidentView }) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(() => {});
  const save = (format: 'json' | 'ocsf') =>
    run('The file is saved.', 'The incident was not exported.', async () => {
      const params = { tenant, incident: incident.ref };
      const path = '/tenants/{tenant}/incidents/{incident}/export';
      const file = await source.download(path, params, { query: { format } });
      saveFile(`incident-${incident.shortId}${format === 'ocsf' ? '.ocsf' : ''}.json`, file, 'application/json');
    });
  return (
    <>
      <button type="button" class="button" disabled={isRunning} onClick={() => void save('json')}>
        Export JSON
      </button>
      <button type="button" class="button" disabled={isRunning} onClick={() => void save('ocsf')}>
        Export OCSF
      </button>
      {source.live && (
        <a class="button" href={pagePath(tenant, 'config')}>
          Config
        </a>
      )}
      <button type="button" class="button" onClick={() => window.print()}>
        Print
      </button>
    </>
  );
}
