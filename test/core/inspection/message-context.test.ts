/** Messages about a growth that begins state what happened there, and which other hosts of the group grow. */
import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { type ContextFailure, createContextOf } from '../../../core/inspection/message-context.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { emailText } from '../../../core/messages/email.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { isoText } from '../../../core/model/notation.ts';
import type { Notification } from '../../../core/model/notification.ts';
import type { Series } from '../../../core/model/series.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { ScalingLog } from '../../../core/ports/scaling-log.ts';
import { aScalingEvent } from '../../contract/scaling-log.ts';
import {
  aChange,
  aDecision,
  anIncident,
  aResource,
  aSeries,
  aTenantConfig,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';
import { createMemoryConfigStore, createMemoryScalingLog } from '../../memory/stores.ts';
import { aMessage, aSource, aWorld, inTime, type World } from './world.ts';

const POINTS = 400;
const MINUTES_OF_A_POINT = 15;

/** A host that is flat, and grows from a point of its 100 hours on. */
function aHost(id: string, version: string, growsFrom: number): Series {
  const values = Array.from({ length: POINTS }, (_, point) => {
    return 0.3 + 0.003 * Math.max(0, point - growsFrom) + 0.001 * Math.sin(point * 12.9898 + id.length);
  });
  return aSeries(values, { resource: aResource({ id, name: id, group: 'web', labels: { version } }) });
}

const GROWS_FROM = 200;
const ONSET = NOON - (POINTS - GROWS_FROM) * MINUTES_OF_A_POINT * 60_000;

/** 13 hosts of one group: four on v2.31 that leak, and nine on v2.30. */
const GROUP = [
  ...Array.from({ length: 4 }, (_, index) => aHost(`web-new-${index}`, 'v2.31', GROWS_FROM)),
  ...Array.from({ length: 9 }, (_, index) => aHost(`web-old-${index}`, 'v2.30', POINTS)),
];

async function aLog(): Promise<ScalingLog> {
  const log = createMemoryScalingLog(() => NOON);
  const deployed = { kind: 'deployed', name: 'v2.31', hosts: [], region: null } as const;
  await log.add(aScalingEvent({ id: 'ci-1', time: ONSET - HOUR, ...deployed }));
  await log.add(aScalingEvent({ id: 'ci-0', time: ONSET - 48 * HOUR, ...deployed, name: 'v2.30' }));
  await log.add(aScalingEvent({ id: 'scaled', time: ONSET - 2 * HOUR, hosts: ['web-new-0', 'web-new-1'] }));
  return log;
}

async function inspected(log: Pick<ScalingLog, 'list'>, failures: ContextFailure[] = []): Promise<World> {
  const contextOf = createContextOf({
    configs: NO_CONFIG,
    scalingLog: log,
    onFailure: (failure) => failures.push(failure),
  });
  const world = await aWorld({ contextOf, openSource: (_, __, region) => aSource(region, ...GROUP) });
  await runInspection({ message: aMessage(), metric: LEAK_METRIC }, world, inTime);
  return world;
}

function bodyOf(world: World, host = 'web-new-0'): Notification {
  const body = world.publisher.published.get('acme')?.find(({ subject }) => subject === host);
  if (body === undefined) throw new Error(`nothing was published about ${host}`);
  return body;
}

async function* failing(what: string): AsyncGenerator<never> {
  yield* await Promise.reject<never[]>(new StoreError(`the ${what} does not answer`));
}

async function* nothing(): AsyncGenerator<never> {
  yield* [];
}

const BROKEN: Pick<ScalingLog, 'list'> = { list: () => failing('table') };

const NO_CONFIG = { get: async () => undefined };

describe('the message about a leak in a group', () => {
  it('names the deployment before the onset, and how many hosts grow on each version', async () => {
    const body = bodyOf(await inspected(await aLog()));

    expect(body.data.context).toEqual({
      deployments: [{ at: isoText(ONSET - HOUR), name: 'v2.31' }],
      scaling: [{ at: isoText(ONSET - 2 * HOUR), name: '2 hosts launched' }],
      siblings: [
        { version: 'v2.31', grow: 4, of: 4 },
        { version: 'v2.30', grow: 0, of: 9 },
      ],
    });
    const email = emailText(body);
    expect(email).toContain('Deployed: v2.31 at 2026-11-18 09:00 UTC\n');
    expect(email).toContain('Siblings: 4 of 4 on v2.31 grow, 0 of 9 on v2.30\n');
    expect(email).toContain('Roll back v2.31: all 4 hosts on it grow, and none of the 9 on v2.30.');
  });

  it('is published without events where these cannot be read, which is reported', async () => {
    const failures: ContextFailure[] = [];

    const world = await inspected(BROKEN, failures);

    expect(Object.keys(bodyOf(world).data.context ?? {})).toEqual(['siblings']);
    expect(world.publisher.published.get('acme')).toHaveLength(4);
    expect(failures).toMatchObject([{ tenant: 'acme', what: 'the scaling events of a group' }]);
  });
});

describe('the context of messages', () => {
  const incident = anIncident({ resource: aResource({ group: 'web', labels: { version: 'v2.31' } }) });
  const opened = { incident, change: aChange(incident) };

  /** The memory of a hand-made leak is used up 76 hours after noon at the earliest. */
  const RESTART_BY = { at: NOON + 0.9 * 76 * HOUR, window: null };

  it('has the window of the config in which a restart fits, and the labels by which subscribers filter', async () => {
    const configs = createMemoryConfigStore();
    const maintenance = [{ name: 'nightly', cron: '0 2 * * *', durationMinutes: 60 }];
    await configs.put(
      aTenantConfig({ alerts: { timezone: 'Europe/Berlin', maintenance, attributeLabels: ['team'] } }),
      0,
      'external',
      NOON,
    );
    const contextOf = createContextOf({ configs, scalingLog: { list: nothing }, onFailure: () => undefined });

    const [context] = (await contextOf('acme', [opened], { now: NOON })).values();

    const window = { name: 'nightly', start: NOON + 62 * HOUR, end: NOON + 63 * HOUR };
    expect(context).toEqual({
      timezone: 'Europe/Berlin',
      attributeLabels: ['team'],
      restartBy: { ...RESTART_BY, window },
    });
  });

  it('is without siblings where no run closes', async () => {
    const contextOf = createContextOf({
      configs: NO_CONFIG,
      scalingLog: createMemoryScalingLog(() => NOON),
      onFailure: () => undefined,
    });

    expect([...(await contextOf('acme', [opened], { now: NOON })).values()]).toEqual([{ restartBy: RESTART_BY }]);
  });

  it('is without siblings where the results of the run cannot be read to the end', async () => {
    const failures: ContextFailure[] = [];
    const contextOf = createContextOf({
      configs: NO_CONFIG,
      scalingLog: createMemoryScalingLog(() => NOON),
      onFailure: (failure) => failures.push(failure),
    });
    const lines = () => failing('bucket');

    expect([...(await contextOf('acme', [opened], { now: NOON, lines })).values()]).toEqual([
      { restartBy: RESTART_BY },
    ]);
    expect(failures).toMatchObject([{ what: 'the results of a run' }]);
  });

  it('reads nothing once time is up', async () => {
    let isRead = false;
    const contextOf = createContextOf({
      configs: NO_CONFIG,
      scalingLog: {
        list() {
          isRead = true;
          return nothing();
        },
      },
      onFailure: () => undefined,
    });

    await contextOf('acme', [opened], { now: NOON, timeIsUp: AbortSignal.abort() });

    expect(isRead).toBe(false);
  });

  it('is read once for a group, and not for what ends, or for a host without a group', async () => {
    const lists: string[] = [];
    const contextOf = createContextOf({
      configs: NO_CONFIG,
      scalingLog: {
        list(_tenant, scope, group) {
          lists.push(`${scope.region} ${group}`);
          return nothing();
        },
      },
      onFailure: () => undefined,
    });
    const alone = anIncident();

    await contextOf(
      'acme',
      [opened, opened, { incident, change: aChange(incident, 'recovered') }, { incident: alone, change: aChange() }],
      { now: NOON },
    );

    expect(lists).toEqual(['eu-west-1 web', 'null web']);
  });

  it('states in words what grew most in the cycle before', () => {
    const lastCycle = { kind: 'process', name: 'java', rise: 18 * 2 ** 30, ended: 'memory_given_back' } as const;

    const body = composeNotification(incident, opened.change, aDecision(), { onset: { lastCycle } });

    expect(emailText(body)).toContain(
      'Last time: java grew most (+18.0 GiB), then the memory was given back, as by a restart or a kill\n',
    );
  });
});
