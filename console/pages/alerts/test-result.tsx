/** What a policy would have sent and held back, and every decision that would have been another. */
import { useState } from 'preact/hooks';
import type { PolicyTestView } from '../../../api/contract/config.ts';
import { counted } from '../../../core/messages/units.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { incidentPath } from '../../paths.ts';

const STAGES: Readonly<Record<string, string>> = {
  shadow: 'shadow',
  storm: 'storm: part of a fleet',
  container: 'by a container whose incident is open',
  maintenance: 'maintenance window',
  mute: 'mute',
  label: 'label',
  silence: 'silence',
  rule: 'rule',
  quiet_hours: 'quiet hours',
  order: 'over or contained in a later one',
};
const SHOWN = 100;

export function TestResult({ result }: { result: PolicyTestView }) {
  const { changes, sent, pages, held } = result;
  const most = Math.max(1, changes);
  return (
    <section class="test-result" aria-label="Result">
      <p role="status">
        Of {counted(changes, 'change')}, <strong>{sent}</strong> would have been sent, <strong>{pages}</strong> of them
        as pages.
      </p>
      <table class="rows stages">
        <caption class="visually-hidden">Changes by what became of them</caption>
        <tbody>
          {[{ stage: 'sent', changes: sent }, ...held].map(({ stage, changes: count }) => (
            <tr key={stage}>
              <th scope="row">
                <Text value={stage === 'sent' ? 'sent' : `held back: ${STAGES[stage] ?? stage}`} />
              </th>
              <td class="number">{count}</td>
              <td class="stages-bar" aria-hidden="true">
                <meter min={0} max={most} value={count} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Decisions decisions={result.decisions} />
    </section>
  );
}

function Decisions({ decisions }: Pick<PolicyTestView, 'decisions'>) {
  const [isAll, setAll] = useState(false);
  const [shown, setShown] = useState(SHOWN);
  const others = decisions.filter(({ stored, now }) => stored !== now);
  const since = decisions.filter(({ before, stored, now }) => stored === now && before !== now).length;
  const rows = isAll ? decisions : others;
  return (
    <>
      {since > 0 && (
        <p class="muted">
          {counted(since, 'change')} would be decided otherwise than then, by the mutes, labels and config that came
          since: the stored alerts do the same.
        </p>
      )}
      <label class="check">
        <input type="checkbox" checked={isAll} onChange={({ currentTarget }) => setAll(currentTarget.checked)} />
        Also the {decisions.length - others.length} that the stored alerts decide alike
      </label>
      {rows.length === 0 ? (
        <p class="muted">The stored alerts make the same of every change.</p>
      ) : (
        <DecisionTable decisions={rows.slice(0, shown)} />
      )}
      {rows.length > shown && (
        <button type="button" class="button button-small" onClick={() => setShown(shown + SHOWN)}>
          Show more of {rows.length}
        </button>
      )}
    </>
  );
}

function DecisionTable({ decisions }: Pick<PolicyTestView, 'decisions'>) {
  const { tenant } = useTenant();
  return (
    <table class="rows decisions">
      <caption class="visually-hidden">Decisions</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Change</th>
          <th scope="col">By the stored alerts</th>
          <th scope="col">Would be</th>
        </tr>
      </thead>
      <tbody>
        {decisions.map(({ at, incident, host, kind, severity, before, stored, now, reason }) => (
          <tr key={`${incident} ${at} ${kind}`}>
            <td>
              <a href={incidentPath(tenant, incident)}>
                <Text value={host} length={80} />
              </a>{' '}
              <span class="muted">
                <Moment at={at} />
              </span>
            </td>
            <td>
              <Text value={kind.replaceAll('_', ' ')} /> <SeverityBadge severity={severity} />
            </td>
            <td>
              <Text value={outcomeText(stored)} />
              {before !== stored && (
                <span class="muted">
                  {' '}
                  was <Text value={outcomeText(before)} />
                </span>
              )}
            </td>
            <td>
              <strong>
                <Text value={outcomeText(now)} />
              </strong>{' '}
              <span class="muted">
                <Text value={reason} length={300} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function outcomeText(outcome: string): string {
  return STAGES[outcome] ?? outcome;
}
