/** Incidents near it, by what they have in common and by time. */
import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { Empty, Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { type Read, useAnswer, useSource } from '../../data/use-answer.ts';
import { incidentPath } from '../../paths.ts';
import { Part } from './part.tsx';

const RELATIONS = ['host', 'fleet', 'group', 'region', 'account'] as const;
type Relation = (typeof RELATIONS)[number];

const WITHIN = [
  [6, '6 h'],
  [24, '24 h'],
  [168, '7 days'],
  [720, '30 days'],
] as const;

type Items = { items: IncidentView['related'] };

export function Related({ incident }: { incident: IncidentView }) {
  const { live } = useSource();
  const { tenant } = useTenant();
  const [by, setBy] = useState<readonly Relation[]>(RELATIONS);
  const [hours, setHours] = useState(24);
  const query = { by: by.length === RELATIONS.length ? undefined : by.join(','), withinHours: hours };
  const answer = useAnswer(
    '/tenants/{tenant}/incidents/{incident}/related',
    { tenant, incident: incident.ref },
    { query, enabled: live && by.length > 0 },
  );
  const shown: Read<Items> = live
    ? answer
    : { value: { items: incident.related }, error: undefined, reading: false, readAt: undefined, reload: () => {} };
  const toggle = (relation: Relation) =>
    setBy(
      by.includes(relation)
        ? by.filter((one) => one !== relation)
        : RELATIONS.filter((one) => one === relation || by.includes(one)),
    );
  return (
    <Part id="related">
      {live && (
        <div class="related-controls">
          <fieldset class="checks-inline">
            <legend>The same</legend>
            {RELATIONS.map((relation) => (
              <label key={relation}>
                <input type="checkbox" checked={by.includes(relation)} onChange={() => toggle(relation)} />
                {relation}
              </label>
            ))}
          </fieldset>
          <label>
            within{' '}
            <select class="field" value={hours} onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}>
              {WITHIN.map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {by.length === 0 ? (
        <Empty title="Choose what they have in common" />
      ) : (
        <Remote answer={shown} rows={3}>
          {({ items }) => <Rows items={items} />}
        </Remote>
      )}
    </Part>
  );
}

function Rows({ items }: Items) {
  const { tenant } = useTenant();
  const { live } = useSource();
  if (items.length === 0) return <Empty title="No other incident near it" />;
  return (
    <ul class="related">
      {items.map(({ by, incident: { ref, host, severity, since, status, finding } }) => (
        <li key={ref}>
          <SeverityBadge severity={severity} />
          {live ? (
            <a href={incidentPath(tenant, ref)}>
              <Text value={host.name ?? host.id} length={80} />
            </a>
          ) : (
            <Text value={host.name ?? host.id} length={80} />
          )}
          <span class="muted">
            same {by}, {finding === 'leak' ? '' : `${finding}, `}
            {status}, <Moment at={since} />
          </span>
        </li>
      ))}
    </ul>
  );
}
