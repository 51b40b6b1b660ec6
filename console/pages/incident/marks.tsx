/** Mutes and labels that touch the incident; each can be taken back. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { Badge } from '../../components/badge.tsx';
import { useMay, useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { useSource } from '../../data/use-answer.ts';
import { useAction } from './use-action.ts';

interface MarksProps {
  readonly incident: IncidentView;
  readonly onDone: () => void;
}

export function Marks({ incident: { mutes, labels }, onDone }: MarksProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const may = useMay('operator') && source.live;
  const { run, isRunning } = useAction(onDone);
  if (mutes.length + labels.length === 0) return null;
  const unmute = (mute: string) =>
    run('The mute is taken back.', 'The mute was not taken back.', () =>
      source.send('delete', '/tenants/{tenant}/mutes/{mute}', { tenant, mute }),
    );
  const unlabel = (label: string) =>
    run('The label is taken back.', 'The label was not taken back.', () =>
      source.send('delete', '/tenants/{tenant}/labels/{label}', { tenant, label }),
    );
  return (
    <>
      <h3 class="part-heading">Mutes and labels</h3>
      <ul class="marks">
        {mutes.map(({ id, about, reason, by, until, active }) => (
          <li key={id}>
            <span>
              <Badge tone={active ? 'warning' : 'neutral'}>{active ? 'muted' : 'mute, over'}</Badge>{' '}
              <Text value={about} /> until <Moment at={until} show="both" />: <Text value={reason} length={300} />
              <small>
                by <Text value={by} length={80} />
              </small>
            </span>
            {may && active && (
              <button type="button" class="button button-small" disabled={isRunning} onClick={() => void unmute(id)}>
                Take back
              </button>
            )}
          </li>
        ))}
        {labels.map(({ id, kind, about, reason, by, likeness }) => (
          <li key={id}>
            <span>
              <Badge tone="info">{kind.replaceAll('-', ' ')}</Badge> <Text value={about} />:{' '}
              <Text value={reason} length={300} />
              <small>
                by <Text value={by} length={80} />
                {likeness !== null && (
                  <>
                    ; look-alikes are held back: <Text value={likeness} length={200} />
                  </>
                )}
              </small>
            </span>
            {may && (
              <button type="button" class="button button-small" disabled={isRunning} onClick={() => void unlabel(id)}>
                Take back
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
