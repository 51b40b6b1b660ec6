/**
 * Reads what messages state beside their changes: what happened to the host's group where the growth began, and which other hosts of the
 * group grow, and when a restart fits in. Whatever fails costs the context, and never the message.
 */
import pLimit from 'p-limit';
import type { NotificationContext } from '../incidents/compose-notification.ts';
import type { ContextOf, ContextRequest } from '../incidents/context-of.ts';
import type { Undecided } from '../incidents/decide.ts';
import { onsetEvents, onsetSpan } from '../incidents/onset-events.ts';
import { restartByOf } from '../incidents/restart-windows.ts';
import { createSiblings, groupKeyOf, siblingsByVersion } from '../incidents/siblings.ts';
import { changeId } from '../model/incident.ts';
import type { ScalingEvent } from '../model/scaling-event.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { ScalingLog } from '../ports/scaling-log.ts';
import { alertsOf } from '../tenants/alerts.ts';

export interface ContextFailure {
  readonly tenant: string;
  /** What could not be read. */
  readonly what: string;
  readonly error: unknown;
}

export interface ContextPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly scalingLog: Pick<ScalingLog, 'list'>;
  /** Is given what could not be read, and why. */
  readonly onFailure: (failure: ContextFailure) => void;
}

/** Groups whose events are read for messages that are sent together: a storm is one message. */
const MOST_GROUPS = 200;

/** Groups that are read at once. */
const AT_ONCE = 8;

/** Events that are kept of a group, the newest ones: a group that scales all day has some hundred a day. */
const MOST_EVENTS = 2000;

export function createContextOf(ports: ContextPorts): ContextOf {
  return async (tenant, sent, request) => {
    const begun = sent.filter(beginsGrowth);
    const groups = new Map([...Map.groupBy(begun, ({ incident }) => groupKeyOf(incident) ?? NO_GROUP)]);
    groups.delete(NO_GROUP);
    const stored = sent.length === 0 ? undefined : await readConfig(tenant, ports);
    const events = await readAllEvents(tenant, groups, ports, request);
    const siblings = await readSiblings(tenant, new Set(groups.keys()), ports, request);
    const onsetOf = (item: Undecided): NotificationContext => {
      const key = groupKeyOf(item.incident) ?? NO_GROUP;
      const ofGroup = events.get(key) ?? [];
      const counted = siblings && siblingsByVersion(item, siblings.of(key), ofGroup);
      const onset = { ...onsetEvents(item.change, ofGroup), ...(counted && { siblings: counted }) };
      return Object.keys(onset).length === 0 ? {} : { onset };
    };
    return new Map(
      sent.map((item): [string, NotificationContext] => {
        const onset = beginsGrowth(item) ? onsetOf(item) : {};
        return [changeId(item.incident.key, item.change), { ...ofAlerts(item, stored), ...onset }];
      }),
    );
  };
}

async function readConfig(tenant: string, { configs, onFailure }: ContextPorts): Promise<StoredTenant | undefined> {
  try {
    return await configs.get(tenant);
  } catch (error) {
    onFailure({ tenant, what: 'the config', error });
    return undefined;
  }
}

/** In which zone times are stated, by which labels subscribers can filter, and when a restart fits in. */
function ofAlerts({ incident, change }: Undecided, stored: StoredTenant | undefined): NotificationContext {
  const alerts = stored ? alertsOf(stored.config, incident.key) : {};
  const { timezone, attributeLabels } = alerts;
  const restartBy = restartByOf(change, incident.resource, alerts);
  return {
    ...(timezone !== undefined && { timezone }),
    ...(attributeLabels && { attributeLabels }),
    ...(restartBy && { restartBy }),
  };
}

/** No group has this key. */
const NO_GROUP = '';

function beginsGrowth({ change }: Undecided): boolean {
  return (change.kind === 'opened' || change.kind === 'suspected') && onsetSpan(change) !== undefined;
}

/** The events of each group, from the earliest onset of its hosts on; oldest first. */
async function readAllEvents(
  tenant: string,
  groups: ReadonlyMap<string, readonly Undecided[]>,
  { scalingLog, onFailure }: ContextPorts,
  { timeIsUp }: ContextRequest,
): Promise<ReadonlyMap<string, readonly ScalingEvent[]>> {
  const limit = pLimit(AT_ONCE);
  const events = new Map<string, readonly ScalingEvent[]>();
  const read = async (key: string, items: readonly Undecided[]) => {
    if (timeIsUp?.aborted) return;
    try {
      events.set(key, await readEvents(tenant, items, scalingLog));
    } catch (error) {
      onFailure({ tenant, what: 'the scaling events of a group', error });
    }
  };
  await Promise.all([...groups].slice(0, MOST_GROUPS).map(([key, items]) => limit(read, key, items)));
  return events;
}

/** Some events state no region: they are kept under a scope without one. */
async function readEvents(
  tenant: string,
  items: readonly Undecided[],
  log: ContextPorts['scalingLog'],
): Promise<readonly ScalingEvent[]> {
  const [first] = items;
  const { group } = first?.incident.resource ?? {};
  if (first === undefined || group === undefined) return [];
  const { provider, account, region } = first.incident.key;
  const named = provider === 'azure' ? group.toLowerCase() : group;
  const since = Math.min(...items.map(({ change }) => onsetSpan(change)?.start ?? Number.POSITIVE_INFINITY));
  const events: ScalingEvent[] = [];
  for (const each of new Set([region, null])) {
    for await (const event of log.list(tenant, { provider, account, region: each }, named, since)) {
      events.push(event);
      if (events.length > 2 * MOST_EVENTS) events.splice(0, MOST_EVENTS);
    }
  }
  return events.toSorted((a, b) => a.time - b.time).slice(-MOST_EVENTS);
}

/** Undefined where no run closes, and where its results could not be read to the end: a part of them would be wrong. */
async function readSiblings(
  tenant: string,
  wanted: ReadonlySet<string>,
  { onFailure }: ContextPorts,
  { lines, timeIsUp }: ContextRequest,
): Promise<ReturnType<typeof createSiblings> | undefined> {
  if (lines === undefined || wanted.size === 0) return undefined;
  const siblings = createSiblings(wanted);
  try {
    for await (const line of lines()) {
      if (timeIsUp?.aborted) return undefined;
      siblings.add(line);
    }
    return siblings;
  } catch (error) {
    onFailure({ tenant, what: 'the results of a run', error });
    return undefined;
  }
}
