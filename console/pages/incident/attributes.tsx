/** What identifies the incident and its host: each value is copied, or becomes a filter of the incidents, with one click. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { CopyButton } from '../../components/copy.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain, Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { useSource } from '../../data/use-answer.ts';
import type { LeakFacts } from '../../incident-facts.ts';
import { hostPath, pagePath } from '../../paths.ts';
import { Marks } from './marks.tsx';
import { Part } from './part.tsx';

interface AttributesProps {
  readonly incident: IncidentView;
  readonly leak: LeakFacts | undefined;
  readonly onDone: () => void;
}

interface Attribute {
  readonly name: string;
  readonly value: string;
  /** The field of the list of incidents; absent: the list cannot be filtered by it. */
  readonly field?: string;
}

export function Attributes({ incident, leak, onDone }: AttributesProps) {
  const { tenant } = useTenant();
  const { live } = useSource();
  const { host, acknowledged, labelsOfHost } = incident;
  const labels = Object.entries(labelsOfHost).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <Part id="attributes">
      <dl class="attributes">
        {attributesOf(incident, leak).map((attribute) => (
          <Row key={attribute.name} attribute={attribute} />
        ))}
      </dl>
      {labels.length > 0 && (
        <>
          <h3 class="part-heading">Labels of the host</h3>
          <dl class="attributes">
            {labels.map(([name, value]) => (
              <Row key={name} attribute={{ name, value }} />
            ))}
          </dl>
        </>
      )}
      {acknowledged !== null && (
        <p class="remark-plain">
          Acknowledged by <Text value={acknowledged.by} length={80} /> <Moment at={acknowledged.at} show="both" />
          {acknowledged.note !== null && (
            <>
              : <Text value={acknowledged.note} length={500} />
            </>
          )}
        </p>
      )}
      <Marks incident={incident} onDone={onDone} />
      {live && (
        <p class="attribute-links">
          <a href={hostPath(tenant, host.ref)}>The host</a>
          <a href={pagePath(tenant, 'config')}>Config, view and edit</a>
        </p>
      )}
    </Part>
  );
}

function attributesOf(
  { host, metric, finding, severity, id, owner }: IncidentView,
  leak: LeakFacts | undefined,
): Attribute[] {
  const attributes: (Attribute | undefined)[] = [
    { name: 'host', value: host.id, field: 'host' },
    host.name === null ? undefined : { name: 'name', value: host.name },
    { name: 'cloud', value: host.provider, field: 'provider' },
    { name: 'account', value: host.account, field: 'account' },
    host.region === null ? undefined : { name: 'region', value: host.region, field: 'region' },
    host.group === null ? undefined : { name: 'group', value: host.group, field: 'group' },
    host.version === null ? undefined : { name: 'version', value: host.version, field: 'version' },
    { name: 'metric', value: metric, field: 'metric' },
    { name: 'finding', value: finding, field: 'finding' },
    { name: 'severity', value: severity, field: 'severity' },
    owner === null ? undefined : { name: 'owner', value: owner, field: 'owner' },
    leak?.pattern == null ? undefined : { name: 'pattern', value: leak.pattern.name },
    { name: 'incident', value: id },
  ];
  return attributes.filter((attribute) => attribute !== undefined);
}

function Row({ attribute: { name, value, field } }: { attribute: Attribute }) {
  const { tenant } = useTenant();
  const { live } = useSource();
  const short = plain(value, 60);
  return (
    <div>
      <dt>
        <Text value={name} length={60} />
      </dt>
      <dd>
        <span class="attribute-value" title={plain(value, 1000)}>
          <Text value={value} length={300} />
        </span>
        <span class="attribute-actions">
          <CopyButton value={value} what={`the ${plain(name, 60)}`} />
          {live && field !== undefined && (
            <>
              <a
                href={pagePath(tenant, 'incidents', {
                  [field]: /^[!=]/.test(value) ? `=${value}` : value,
                  status: 'all',
                })}
                aria-label={`Incidents with ${name} ${short}`}
                title={`Incidents with ${name} ${short}`}
              >
                +
              </a>
              <a
                href={pagePath(tenant, 'incidents', { [field]: `!${value}`, status: 'all' })}
                aria-label={`Incidents without ${name} ${short}`}
                title={`Incidents without ${name} ${short}`}
              >
                −
              </a>
            </>
          )}
        </span>
      </dd>
    </div>
  );
}
