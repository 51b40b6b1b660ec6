/** What is anomalous on the host: a row a metric and part, as the newest message states it, with its page. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { anomalyText, anomalyTitle } from '../../../core/messages/anomaly.ts';
import { counted } from '../../../core/messages/units.ts';
import type { AnomalyFact } from '../../../core/model/anomaly-facts.ts';
import { partText } from '../../../core/model/points.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { Panel } from '../../components/panel.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { useSource } from '../../data/use-answer.ts';
import { anomalyPath } from '../../paths.ts';

type Facts = NonNullable<NonNullable<IncidentView['body']>['data']['anomaly']>;

export function Anomalies({ incident, facts }: { incident: IncidentView; facts: Facts }) {
  const { anomalies, more } = facts;
  return (
    <Panel title="What is anomalous" class="incident-part">
      <div class="panel-body">
        <div class="scroll-x">
          <table class="rows">
            <caption>{counted(anomalies.length + more, 'metric or part', 'metrics and parts')}</caption>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">What was seen</th>
                <th scope="col">Severity</th>
                <th scope="col">Job</th>
              </tr>
            </thead>
            <tbody>
              {anomalies.map((fact) => (
                <tr key={`${fact.job} ${fact.metric} ${partText(fact.part)}`}>
                  <td>
                    <Metric fact={fact} host={incident.host.ref} />
                  </td>
                  <td>
                    <Text value={anomalyText(fact)} length={300} />
                  </td>
                  <td>
                    <SeverityBadge severity={fact.severity} />
                  </td>
                  <td>
                    <Text value={fact.job} length={40} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {more > 0 && <p class="muted">and {more.toLocaleString('en')} more</p>}
      </div>
    </Panel>
  );
}

/** With the curve and what was expected on a page of its own, where there is an API to read it from. */
function Metric({ fact, host }: { fact: AnomalyFact; host: string }) {
  const { tenant } = useTenant();
  const { live } = useSource();
  const title = <Text value={anomalyTitle(fact)} length={100} />;
  if (!live) return title;
  const part = partText(fact.part);
  return <a href={anomalyPath(tenant, host, fact.metric, { job: fact.job, ...(part !== '' && { part }) })}>{title}</a>;
}
