/** What findings of other kinds than a leak rest on: a fleet's members, a comparison at the same age, a memory that is full, anomalies. */
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { commonText } from '../../../core/messages/anomaly.ts';
import { pageFaultsText } from '../../../core/messages/page-faults.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { counted, formatPercent, formatPoints, formatShare } from '../../../core/messages/units.ts';
import { Panel } from '../../components/panel.tsx';
import { Empty, Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { useAnswer, useSource } from '../../data/use-answer.ts';
import { incidentPath } from '../../paths.ts';
import { Anomalies } from './anomalies.tsx';
import { Fact, Facts } from './part.tsx';

interface KindPanelsProps {
  readonly incident: IncidentView;
  readonly memory: HostMemoryView | undefined;
}

type Data = NonNullable<IncidentView['body']>['data'];

export function KindPanels({ incident, memory }: KindPanelsProps) {
  const data = incident.body?.data;
  return (
    <>
      {incident.fleet !== null && <MemberOf fleet={incident.fleet} />}
      {data?.fleet && <Fleet fleet={data.fleet} incident={incident} />}
      {data?.anomaly && <Anomalies incident={incident} facts={data.anomaly} />}
      {data?.early && <Early early={data.early} />}
      {(data?.exhausted ?? memory?.full) && (
        <Exhausted exhausted={data?.exhausted} statedAt={incident.body?.time} full={memory?.full ?? null} />
      )}
    </>
  );
}

function MemberOf({ fleet }: { fleet: string }) {
  const { tenant } = useTenant();
  const { live } = useSource();
  return (
    <p class="remark">
      This host rises with others of its fleet.{' '}
      {live && <a href={incidentPath(tenant, fleet)}>Open the incident of the fleet</a>}
    </p>
  );
}

function Fleet({ fleet, incident }: { fleet: NonNullable<Data['fleet']>; incident: IncidentView }) {
  const { growth, anomaly, onset, full, hosts, confirmed, ended, regions, by, name } = fleet;
  return (
    <Panel title="The fleet" class="incident-part">
      <div class="panel-body">
        <Facts>
          <Fact name={anomaly ? 'Hosts that are anomalous alike' : 'Hosts that rise alike'} isMain>
            {hosts.toLocaleString('en')}
            <small>
              {confirmed} confirmed, {ended} ended
            </small>
          </Fact>
          <Fact name={by === 'group' ? 'Group' : 'Account'}>
            <Text value={name} length={100} />
            <small>
              <Text value={regions.join(', ')} length={200} />
            </small>
          </Fact>
          {anomaly && <Fact name="What they have in common">{commonText(anomaly)}</Fact>}
          {growth && (
            <Fact name="Growth, the median">
              {growth.median.toFixed(2)} %/h
              <small>
                {growth.low.toFixed(2)} to {growth.high.toFixed(2)} %/h
              </small>
            </Fact>
          )}
          <Fact name="Began">
            <Moment at={onset.earliest} show="absolute" />
            <small>
              the last one <Moment at={onset.latest} show="absolute" />
            </small>
          </Fact>
          {full && (
            <Fact name="The first may be full" isMain>
              <Moment at={full.earliest} show="both" />
              <small>
                <Text value={full.name ?? full.host} length={80} />
              </small>
            </Fact>
          )}
        </Facts>
        <Members incident={incident} fleet={fleet} />
      </div>
    </Panel>
  );
}

/** Members have incidents of their own; where those are not known, the message names the first hosts. */
function Members({ incident, fleet }: { incident: IncidentView; fleet: NonNullable<Data['fleet']> }) {
  const { tenant } = useTenant();
  const { live } = useSource();
  const answer = useAnswer(
    '/tenants/{tenant}/incidents/{incident}/related',
    { tenant, incident: incident.ref },
    { query: { by: 'fleet', limit: 200, withinHours: 720 }, enabled: live },
  );
  if (!live) return <FirstHosts fleet={fleet} />;
  return (
    <Remote answer={answer} rows={4}>
      {({ items }) =>
        items.length === 0 ? (
          <FirstHosts fleet={fleet} />
        ) : (
          <div class="scroll-x members">
            <table class="rows">
              <caption>{counted(items.length, 'member')} with an incident</caption>
              <thead>
                <tr>
                  <th scope="col">Host</th>
                  <th scope="col">Status</th>
                  <th scope="col">Since</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ incident: member }) => (
                  <tr key={member.ref}>
                    <td>
                      <a href={incidentPath(tenant, member.ref)}>
                        <Text value={member.host.name ?? member.host.id} length={100} />
                      </a>
                    </td>
                    <td>{member.status}</td>
                    <td>
                      <Moment at={member.since} show="absolute" />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Remote>
  );
}

function FirstHosts({ fleet: { first, hosts } }: { fleet: NonNullable<Data['fleet']> }) {
  const more = hosts - first.length;
  return (
    <>
      <h3 class="part-heading">The first of them</h3>
      <ul class="names">
        {first.map(({ host, name, region }) => (
          <li key={`${region} ${host}`}>
            <Text value={name ?? host} length={100} /> {region !== null && <Text value={region} length={40} />}
          </li>
        ))}
        {more > 0 && <li class="muted">and {more} more</li>}
      </ul>
    </>
  );
}

function Early({ early }: { early: NonNullable<Data['early']> }) {
  const { ageHours, fromHours, rise, others, compared, references, deviations, level, group, event } = early;
  const most = Math.max(rise, others.high, 0.001) * 1.1;
  const at = (value: number) => `${Math.min(100, Math.max(0, (value / most) * 100))}%`;
  return (
    <Panel title="Compared at the same age" class="incident-part">
      <div class="panel-body">
        <p>
          At an age of {formatDuration(ageHours * 3_600_000)} the host has risen by {formatPoints(rise)}; {compared}{' '}
          other hosts of <Text value={group} length={100} /> had risen by {formatPoints(others.median)} (
          {formatPoints(others.low)} to {formatPoints(others.high)}) at that age. That is {deviations.toFixed(1)} robust
          deviations above their median.
        </p>
        <div class="age-bars" aria-hidden="true">
          <span>this host</span>
          <span class="age-bar">
            <span class="age-own" style={{ width: at(rise) }} />
          </span>
          <span>others</span>
          <span class="age-bar">
            <span class="age-others" style={{ left: at(others.low), width: at(others.high - others.low) }} />
            <span class="age-median" style={{ left: at(others.median) }} />
          </span>
        </div>
        <Facts>
          <Fact name="Compared with">
            {references === 'earlier' ? 'earlier hosts' : references === 'beside' ? 'hosts launched beside it' : 'both'}
          </Fact>
          <Fact name="Level">{formatPercent(level)}</Fact>
          <Fact name="Counted from an age of">{formatDuration(fromHours * 3_600_000)}</Fact>
          <Fact name="The group scaled">
            <Moment at={event} show="absolute" />
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}

const FULL: Readonly<Record<string, string>> = {
  filling_again: 'It falls from the top and fills again.',
  stands_at_the_top: 'It grew to the top and stays there.',
  steady_full: 'It has always been full: sized so, or on and off.',
};

interface ExhaustedProps {
  readonly exhausted: Data['exhausted'];
  /** When that was so, ISO 8601. */
  readonly statedAt: string | undefined;
  readonly full: HostMemoryView['full'];
}

function Exhausted({ exhausted, statedAt, full }: ExhaustedProps) {
  const facts = full ?? exhausted;
  if (facts == null) return null;
  const { kind, since, falls, hoursToFull, pageFaults } = facts;
  return (
    <Panel title="A memory that is full" class="incident-part">
      <div class="panel-body">
        <p>{FULL[kind] ?? kind.replaceAll('_', ' ')}</p>
        <Facts>
          {exhausted && statedAt !== undefined && <Stated exhausted={exhausted} at={statedAt} />}
          {since !== null && (
            <Fact name="Full since">
              <Moment at={since} show="both" />
            </Fact>
          )}
          {hoursToFull !== null && <Fact name="Fills again within">{formatDuration(hoursToFull * 3_600_000)}</Fact>}
          {pageFaults && <Fact name="Pages">{pageFaultsText(pageFaults)}</Fact>}
        </Facts>
        <h3 class="part-heading">Falls</h3>
        {falls.length === 0 ? (
          <Empty title="It did not fall" />
        ) : (
          <ol class="names">
            {falls.map((at) => (
              <li key={at}>
                <Moment at={at} show="both" />
              </li>
            ))}
          </ol>
        )}
      </div>
    </Panel>
  );
}

/** What the newest message has, which the memory may have left since: each figure with its time. */
function Stated({ exhausted, at }: { exhausted: NonNullable<Data['exhausted']>; at: string }) {
  const { level, highest, recentHours, floorShare, peakShare } = exhausted;
  const then = <Moment at={at} show="absolute" />;
  return (
    <>
      <Fact name="Highest">
        {formatPercent(highest)}
        <small>until {then}</small>
      </Fact>
      <Fact name={`At the top, ${Math.round(recentHours)} h`}>
        {formatShare(floorShare)}
        <small>
          peaks {formatShare(peakShare)}; until {then}
        </small>
      </Fact>
      <Fact name="Level then">
        {formatPercent(level)}
        <small>{then}</small>
      </Fact>
    </>
  );
}
