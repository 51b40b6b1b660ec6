/** What happened along the curve of an incident: deployments, scaling, restarts, its changes, and what people did. */
import pLimit from 'p-limit';
import type { Story } from '../../core/incidents/incident-story.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import type { Resource } from '../../core/model/series.ts';
import type { IncidentView } from '../contract/incidents.ts';
import type { TenantPorts } from '../ports.ts';
import { hostOf } from './story.ts';

type Mark = IncidentView['marks'][number];

/** Events of its group that are read at the most, and marks of one answer. */
const MOST_EVENTS = 500;
const MOST_MARKS = 300;

/** The first first; the latest of them where there are more than fit. */
export async function marksOf(story: Story, since: number, { scaling }: Pick<TenantPorts, 'scaling'>): Promise<Mark[]> {
  const events = await eventsOfGroup(hostOf(story), since, story.named.tenant, scaling);
  const restarts = new Set(
    story.described.flatMap(({ body: { data } }) => [
      ...(data.context?.restarts ?? []),
      ...(data.leak?.restarts ?? []),
    ]),
  );
  const marks = [
    ...events.map(scalingMark),
    ...[...restarts].map((at): Mark => ({ at, kind: 'restart', text: 'restarted' })),
    ...story.described.map(
      ({ change: { at, kind, severity } }): Mark => ({
        at: isoText(at),
        kind: 'change',
        text: `${kind.replaceAll('_', ' ')} (${severity})`,
      }),
    ),
    ...story.events.flatMap((event): Mark[] =>
      event.kind === 'action'
        ? [{ at: isoText(event.at), kind: 'action', text: `${event.action} by ${event.by}` }]
        : [],
    ),
  ];
  return marks.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-MOST_MARKS);
}

function scalingMark({ time, kind, name }: ScalingEvent): Mark {
  const isDeployment = kind === 'deployed';
  const text = `${kind.replaceAll('_', ' ')}${name === undefined ? '' : ` ${name}`}`;
  return { at: isoText(time), kind: isDeployment ? 'deployment' : 'scaling', text };
}

/** Some events state no region: they are kept under a scope without one. */
async function eventsOfGroup(
  { provider, account, region, group }: Resource,
  since: number,
  tenant: string,
  log: TenantPorts['scaling'],
): Promise<ScalingEvent[]> {
  if (group === undefined || provider === 'local') return [];
  const named = provider === 'azure' ? group.toLowerCase() : group;
  const lists = await pLimit(2).map([...new Set([region, null])], async (each) => {
    const events: ScalingEvent[] = [];
    for await (const event of log.list(tenant, { provider, account, region: each }, named, since)) {
      events.push(event);
      if (events.length > 2 * MOST_EVENTS) events.splice(0, MOST_EVENTS);
    }
    return events;
  });
  return lists
    .flat()
    .sort((a, b) => a.time - b.time)
    .slice(-MOST_EVENTS);
}
