/** Every value that one host is inspected with, and where it comes from. */
import { useState } from 'preact/hooks';
import type { HostRow } from '../../../api/contract/hosts.ts';
import { formatPercent } from '../../../core/messages/units.ts';
import { Badge } from '../../components/badge.tsx';
import { HostName, hostName, PROVIDER_NAMES } from '../../components/host.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import type { ListState } from '../../components/use-filters.ts';
import { originText, valueText } from '../../config/effective-values.ts';
import { useAnswer } from '../../data/use-answer.ts';
import { hostPath } from '../../paths.ts';

const MOST_FOUND = 20;
const ALL_VERDICTS = 'leaking,steady,insufficient_data,not_monitored,unreadable';

export function Effective({ state }: { state: ListState }) {
  const ref = state.parameter('host');
  return (
    <div class="effective">
      <FindHost chosen={ref} onChosen={(host) => state.set({ host })} />
      {ref === '' ? (
        <Empty title="No host is chosen">Its values are those of the stored config, with their origins.</Empty>
      ) : (
        <HostValues host={ref} />
      )}
    </div>
  );
}

function FindHost({ chosen, onChosen }: { chosen: string; onChosen: (ref: string) => void }) {
  const { tenant } = useTenant();
  const [words, setWords] = useState('');
  const [text, setText] = useState('');
  const answer = useAnswer(
    '/tenants/{tenant}/hosts',
    { tenant },
    { query: { text, limit: MOST_FOUND, verdict: ALL_VERDICTS }, enabled: text !== '' },
  );
  return (
    <Panel title="Host">
      <div class="panel-body panel-parts">
        <search>
          <form
            class="inline"
            onSubmit={(event) => {
              event.preventDefault();
              setText(words.trim());
            }}
          >
            <input
              class="field"
              type="search"
              aria-label="Name, id or group of a host"
              placeholder="Name, id or group"
              maxLength={200}
              value={words}
              onInput={({ currentTarget }) => setWords(currentTarget.value)}
            />
            <button type="submit" class="button">
              Find
            </button>
          </form>
        </search>
        {text !== '' && (
          <Remote answer={answer} rows={3}>
            {({ items }) => <Found hosts={items} chosen={chosen} onChosen={onChosen} />}
          </Remote>
        )}
      </div>
    </Panel>
  );
}

function Found({
  hosts,
  chosen,
  onChosen,
}: {
  hosts: readonly HostRow[];
  chosen: string;
  onChosen: (ref: string) => void;
}) {
  if (hosts.length === 0)
    return <p class="muted">No host of the newest inspections has it in its name, id or group.</p>;
  return (
    <ul class="found">
      {hosts.map((host) => (
        <li key={host.ref}>
          <button
            type="button"
            class="found-host"
            aria-pressed={host.ref === chosen}
            onClick={() => onChosen(host.ref)}
          >
            <Text value={hostName(host)} length={80} />{' '}
            <span class="muted">
              {PROVIDER_NAMES[host.provider]} <Text value={`${host.account} ${host.region ?? ''}`} length={80} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function HostValues({ host }: { host: string }) {
  const { tenant } = useTenant();
  const policy = useAnswer('/tenants/{tenant}/hosts/{host}/policy', { tenant, host });
  const row = useAnswer('/tenants/{tenant}/hosts/{host}', { tenant, host });
  return (
    <Remote answer={policy} rows={8}>
      {({ inspected, requiredConfidence, values, alerts }) => (
        <Panel
          title="What it is inspected with"
          actions={<Badge tone={inspected ? 'good' : 'warning'}>{inspected ? 'inspected' : 'not inspected'}</Badge>}
        >
          <p class="panel-body">
            {row.value !== undefined && <HostName host={row.value} href={hostPath(tenant, host)} />} counts as leaking
            from a confidence of <strong>{formatPercent(requiredConfidence, 0)}</strong> on.
          </p>
          <Values caption="Policy" rows={values} />
          {alerts.length > 0 && <Values caption="Alerts of its account" rows={alerts} />}
        </Panel>
      )}
    </Remote>
  );
}

type Row = Readonly<Record<string, unknown>> & { readonly name: string };

function Values({ caption, rows }: { caption: string; rows: readonly Row[] }) {
  return (
    <table class="rows values">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Value</th>
          <th scope="col">Is</th>
          <th scope="col">Comes from</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              <Text value={row.name} />
            </th>
            <td>
              <code>
                <Text value={valueText(row['value'])} length={600} />
              </code>
            </td>
            <td>
              <Text value={originText(row)} length={200} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
