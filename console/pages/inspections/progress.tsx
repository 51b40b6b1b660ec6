/** How a requested inspection goes. */
import { useEffect, useRef } from 'preact/hooks';
import type { InspectionView } from '../../../api/contract/inspections.ts';
import { counted, formatUsd } from '../../../core/messages/units.ts';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import { HostName } from '../../components/host.tsx';
import { Panel } from '../../components/panel.tsx';
import { Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { announce } from '../../components/toast.tsx';
import { useAnswer } from '../../data/use-answer.ts';
import { hostPath } from '../../paths.ts';

const POLL_MS = 2_000;

const SENTENCES: Readonly<Record<InspectionView['state'], string>> = {
  waiting: 'It waits to be dispatched.',
  running: 'It is running.',
  complete: 'It is complete.',
  partial: 'It is over, and some of it could not be read.',
  refused: 'It was refused.',
  skipped: 'It was skipped.',
};

export function InspectionProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const { tenant } = useTenant();
  const isOver = useRef(false);
  const params = { tenant, inspection: id };
  const answer = useAnswer('/tenants/{tenant}/inspections/{inspection}', params, {
    every: isOver.current ? undefined : POLL_MS,
  });
  const state = answer.value?.state;
  isOver.current = state !== undefined && state !== 'waiting' && state !== 'running';
  useEffect(() => {
    if (state !== undefined) announce(`Inspection: ${SENTENCES[state]}`);
  }, [state]);
  return (
    <Panel
      title="Inspection on request"
      actions={
        <button type="button" class="button-plain" onClick={onClose}>
          Close
        </button>
      }
    >
      <div class="panel-body">
        <Remote answer={answer} rows={2}>
          {(inspection) => <Progress inspection={inspection} />}
        </Remote>
      </div>
    </Panel>
  );
}

function Progress({ inspection }: { inspection: InspectionView }) {
  const { state, reason, regions } = inspection;
  const done = regions.filter(({ outcome }) => outcome !== null).length;
  const found = regions.reduce((sum, region) => sum + region.found, 0);
  const cost = regions.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return (
    <div class="progress">
      <p>
        <strong>{SENTENCES[state]}</strong> {reason !== null && <Text value={reason} length={300} />}
        {regions.length > 0 &&
          ` ${done} of ${counted(regions.length, 'region')}, ${counted(found, 'finding')}, ${formatUsd(cost)}.`}
      </p>
      <progress max={Math.max(1, regions.length)} value={done} aria-label="Regions that are done" />
      <ul class="progress-regions">
        {regions.map((region) => (
          <RegionProgress key={`${region.provider} ${region.account} ${region.region}`} region={region} />
        ))}
      </ul>
    </div>
  );
}

function RegionProgress({ region }: { region: InspectionView['regions'][number] }) {
  const { tenant } = useTenant();
  return (
    <li>
      <span class="inline">
        <span class="mono">
          <Text value={`${region.account} ${region.region ?? ''}`} />
        </span>
        <Badge tone={region.outcome === 'partial' ? 'bad' : 'neutral'}>{region.outcome ?? 'reading'}</Badge>
        {region.hosts !== null && <span class="muted">{counted(region.hosts, 'host')}</span>}
        {region.reason !== null && <Text value={region.reason} length={300} />}
      </span>
      <ul>
        {region.findings.map(({ host, severity, summary }) => (
          <li key={host.ref} class="inline">
            <SeverityBadge severity={severity} /> <HostName host={host} href={hostPath(tenant, host.ref)} />{' '}
            <Text value={summary} length={300} />
          </li>
        ))}
      </ul>
    </li>
  );
}
