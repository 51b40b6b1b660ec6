/** Runs as rows: outcome, hosts, cost, failures, and the incidents that changed in each. */
import type { RunView } from '../../../api/contract/tenants.ts';
import { counted, formatUsd } from '../../../core/messages/units.ts';
import { Badge } from '../../components/badge.tsx';
import { Filterable } from '../../components/chips.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import type { FilterKind } from '../../filters.ts';
import { incidentPath } from '../../paths.ts';

interface RunTableProps {
  readonly runs: readonly RunView[];
  readonly onFilter: (field: string, value: string, kind: FilterKind) => void;
}

export function RunTable({ runs, onFilter }: RunTableProps) {
  return (
    <table class="rows runs">
      <caption class="visually-hidden">Scheduled runs, the newest first</caption>
      <thead>
        <tr>
          <th scope="col" class="run-when">
            Scheduled
          </th>
          <th scope="col" class="run-region">
            Region
          </th>
          <th scope="col" class="run-account priority-3">
            Account
          </th>
          <th scope="col" class="run-outcome">
            Outcome
          </th>
          <th scope="col" class="run-hosts number priority-2">
            Hosts
          </th>
          <th scope="col">Found</th>
          <th scope="col" class="run-cost number priority-3">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow
            key={`${run.provider} ${run.account} ${run.region} ${run.scheduledTime}`}
            run={run}
            onFilter={onFilter}
          />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, onFilter }: { run: RunView; onFilter: RunTableProps['onFilter'] }) {
  const { known, inspected } = run.hosts;
  return (
    <tr>
      <td class="nowrap">
        <Moment at={run.scheduledTime} />
      </td>
      <td>{run.region === null ? '–' : <Filterable field="region" value={run.region} onFilter={onFilter} />}</td>
      <td class="priority-3">
        <Filterable field="account" value={run.account} onFilter={onFilter} />
      </td>
      <td>
        <button
          type="button"
          class="badge-button"
          title={`Show only ${run.outcome} runs`}
          onClick={() => onFilter('outcome', run.outcome, 'include')}
        >
          <Badge tone={run.outcome === 'complete' ? 'neutral' : 'bad'}>{run.outcome}</Badge>
        </button>
      </td>
      <td class="number priority-2">{inspected === known ? known : `${inspected} of ${known}`}</td>
      <td class="run-found">
        <Found run={run} />
      </td>
      <td class="number priority-3">{formatUsd(run.costUsd)}</td>
    </tr>
  );
}

function Found({ run }: { run: RunView }) {
  const { tenant } = useTenant();
  const { confirmed, suspected } = run.verdicts;
  const nothing = run.incidents.length + run.failures.length + run.stoppedReporting.length === 0;
  return (
    <div class="found">
      {confirmed + suspected > 0 && <span class="muted">{`${confirmed} leaking, ${suspected} suspected`}</span>}
      {confirmed + suspected === 0 && nothing && <span class="muted">nothing</span>}
      {run.incidents.length > 0 && (
        <ul class="inline">
          {run.incidents.map(({ ref, kind, host }) => (
            <li key={`${ref} ${kind}`}>
              <a href={incidentPath(tenant, ref)}>
                <Text value={host} length={60} />
              </a>{' '}
              <span class="muted">{kind}</span>
            </li>
          ))}
        </ul>
      )}
      {run.failures.map((failure) => (
        <p class="found-failure" key={failure}>
          <span aria-hidden="true">✕ </span>
          <Text value={failure} length={300} />
        </p>
      ))}
      {run.stoppedReporting.length > 0 && (
        <p>
          {counted(run.stoppedReporting.length, 'host')} stopped reporting:{' '}
          <Text value={run.stoppedReporting.join(', ')} length={200} />
        </p>
      )}
    </div>
  );
}
