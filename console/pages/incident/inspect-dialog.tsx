/** Inspects the host now, and shows how that goes. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { InspectionView } from '../../../api/contract/inspections.ts';
import { counted, formatUsd } from '../../../core/messages/units.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { useReading, useSource } from '../../data/use-answer.ts';
import type { ActionDialogProps } from './action-dialog.ts';

const POLL_MS = 2_000;

export function InspectDialog({ incident: { host }, onInspected, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const [id, setId] = useState<string>();
  const requested = useRef(false);
  const request = async () => {
    const { provider, account, region } = host;
    if (provider === 'local') return;
    const body = { provider, account, hosts: [host.id], ...(region === null ? {} : { regions: [region] }) };
    const answer = await source.send('post', '/tenants/{tenant}/inspections', { tenant }, { body });
    requested.current = true;
    setId(answer.id);
  };
  if (id !== undefined) {
    return (
      <Dialog title="Inspect now" onClose={onClose}>
        <Progress id={id} onDone={onInspected} />
      </Dialog>
    );
  }
  // What is requested goes on in the dialog that follows.
  const close = () => {
    if (!requested.current) onClose();
  };
  return (
    <ActionDialog title="Inspect now" action="Inspect" act={request} onClose={close}>
      <p>
        The host is inspected with its config as it is now. What the provider bills for it counts against the cost cap
        of the month.
      </p>
    </ActionDialog>
  );
}

const GOES_ON = new Set<InspectionView['state']>(['waiting', 'running']);

const STATES: Readonly<Record<InspectionView['state'], string>> = {
  waiting: 'Waiting to be dispatched…',
  running: 'Running…',
  complete: 'Complete',
  partial: 'Complete in part',
  refused: 'Refused',
  skipped: 'Skipped',
};

function Progress({ id, onDone }: { id: string; onDone: () => void }) {
  const source = useSource();
  const { tenant } = useTenant();
  const [isOver, setOver] = useState(false);
  const read = useCallback(
    (signal: AbortSignal) =>
      source.get('/tenants/{tenant}/inspections/{inspection}', { tenant, inspection: id }, { signal }),
    [source, tenant, id],
  );
  const { value, error } = useReading(read, { every: isOver ? undefined : POLL_MS });
  useEffect(() => {
    if (value === undefined || GOES_ON.has(value.state) || isOver) return;
    setOver(true);
    onDone();
  }, [value]);
  const state = value?.state ?? 'waiting';
  return (
    <div class="inspection" role="status">
      <p>
        {GOES_ON.has(state) && <span class="spinner" aria-hidden="true" />}
        <strong>{STATES[state]}</strong>
        {value?.reason != null && (
          <>
            : <Text value={value.reason} length={500} />
          </>
        )}
      </p>
      {error !== undefined && <Failure error={error} />}
      {value?.regions.map((region) => (
        <Region key={`${region.account} ${region.region}`} region={region} />
      ))}
    </div>
  );
}

function Region({
  region: { region, outcome, reason, hosts, findings, costUsd },
}: {
  region: InspectionView['regions'][number];
}) {
  return (
    <div>
      <p>
        <Text value={region ?? 'all regions'} length={60} /> {outcome !== null && <Badge>{outcome}</Badge>}{' '}
        {hosts !== null && counted(hosts, 'host')} {costUsd !== null && formatUsd(costUsd)}
      </p>
      {reason !== null && (
        <p class="muted">
          <Text value={reason} length={500} />
        </p>
      )}
      <ul class="names">
        {findings.map(({ host, severity, summary }) => (
          <li key={host.ref}>
            <SeverityBadge severity={severity} /> <Text value={summary} length={300} />
          </li>
        ))}
      </ul>
    </div>
  );
}
