/** The hosts of a recording: of which days each sample is there, of which the archive, and how many processes leak. */
import type { RecordedHostView, RecordingDetailView } from '../../../api/contract/recordings.ts';
import { StateBadge } from '../../components/badge.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { recordingPath } from '../../paths.ts';
import { daysText, leaksOf } from '../../recording-view.ts';

interface HostTableProps {
  readonly recording: RecordingDetailView;
  /** The id of the host whose processes are shown. */
  readonly shown: string | undefined;
}

export function HostTable({ recording: { id, hosts }, shown }: HostTableProps) {
  const { tenant } = useTenant();
  return (
    <table class="rows recorded-hosts">
      <caption class="visually-hidden">Hosts of the recording</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Live samples</th>
          <th scope="col">Archived hours</th>
          <th scope="col">Processes</th>
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <tr key={host.host} class={host.host === shown ? 'row-shown' : ''}>
            <td>
              <a
                href={recordingPath(tenant, id, { host: host.host })}
                aria-current={host.host === shown ? 'true' : undefined}
              >
                <Text value={host.name ?? host.host} length={255} />
              </a>
              {host.name !== null && host.name !== host.host && (
                <div class="muted">
                  <Text value={host.host} length={80} />
                </div>
              )}
            </td>
            <td data-label="Live samples">{daysText(host.liveDays)}</td>
            <td data-label="Archived hours">{daysText(host.archivedDays)}</td>
            <td data-label="Processes">
              <Processes host={host} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Processes({ host }: { host: RecordedHostView }) {
  const leaks = leaksOf(host);
  if (leaks === undefined) return <span class="muted">open the host</span>;
  const count = host.processes?.length ?? 0;
  return (
    <span class="inline">
      {count}
      {leaks > 0 && <StateBadge state="leaking" label={`${leaks} leaking`} />}
    </span>
  );
}
