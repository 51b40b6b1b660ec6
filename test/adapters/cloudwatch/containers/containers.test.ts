/** Which hosts the containers of EKS and the tasks of ECS are, what they cost, and what a leak in one comes to. */
import { describe, expect, it } from 'vitest';
import { detect } from '../../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../../core/model/policy.ts';
import type { Reading, Series, Span } from '../../../../core/model/series.ts';
import type { MeanSpan } from '../../../../core/ports/memory-source.ts';
import { OWN_ACCOUNT } from '../../../../sandbox/aws/accounts.ts';
import { scenarioAt } from '../../../../sandbox/scenario/scenario.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { FOREVER } from '../../../sandbox/small-fleets.ts';
import { readAll } from '../worlds.ts';
import { anEksPod, aReplica, aTask, type Containers, containersOf, LONG_AGO, startContainers } from './worlds.ts';

const DAYS: Span = {
  window: { start: NOON - DEFAULT_POLICY.lookBackHours * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

async function read(containers: Containers) {
  return await readAll(containersOf(await startContainers(containers)), DAYS);
}

function seriesOf(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

function idsOf(readings: readonly Reading[]): string[] {
  return seriesOf(readings).map(({ resource }) => resource.id);
}

const from = (start: number, end = FOREVER) => ({ start, end });

describe('a Deployment of one pod', () => {
  const released = NOON - 20 * HOUR;
  const before = anEksPod({ pod: 'api-6d4f8b9c7-b2k4q', runs: from(LONG_AGO, released), used: () => 384 * MEBIBYTE });
  const after = anEksPod({ pod: 'api-7c5d6b8f9-z7x2v', runs: from(released), used: () => 128 * MEBIBYTE });

  it('is one host over a rollout, for one metric', async () => {
    const { readings, billed } = await read({ pods: [before, after] });

    const [series] = seriesOf(readings);
    expect(readings).toHaveLength(1);
    expect(series).toMatchObject({
      unit: '1',
      resource: {
        kind: 'container',
        id: 'shop/web/api/app',
        name: 'api/app',
        group: 'shop/web/api',
        labels: {
          'k8s.cluster.name': 'shop',
          'k8s.namespace.name': 'web',
          'k8s.deployment.name': 'api',
          'k8s.pod.name': 'api-7c5d6b8f9-z7x2v',
          'k8s.container.name': 'app',
        },
      },
    });
    expect(series?.resource.labels).not.toHaveProperty('plimsoll.limit');
    const change = series?.times.findIndex((time) => time >= released) ?? 0;
    expect(new Set(series?.values.slice(0, change))).toEqual(new Set([0.75]));
    expect(new Set(series?.values.slice(change))).toEqual(new Set([0.25]));
    expect(billed).toBe(1);
  });

  it('stays one host while both pods of a rollout are listed', async () => {
    const recently = NOON - HOUR;
    const pods = [
      { ...before, reports: [from(LONG_AGO, recently)] },
      { ...after, reports: [from(recently)] },
    ];

    expect(idsOf((await read({ pods })).readings)).toEqual(['shop/web/api/app']);
  });
});

describe('a container without a limit', () => {
  const { limit: _, ...withoutLimit } = aReplica('api', 0, { used: () => 2048 * MEBIBYTE });

  it('is read in bytes, by the memory of its cluster’s nodes, for one metric more', async () => {
    const { readings, billed } = await read({ pods: [withoutLimit] });

    const [series, ...others] = seriesOf(readings);
    expect(others).toEqual([]);
    expect(series).toMatchObject({ unit: 'By', metric: 'system.memory.usage' });
    expect(series).not.toHaveProperty('limit');
    expect(series?.resource.labels).toMatchObject({
      'plimsoll.limit': 'none',
      'plimsoll.node.memory': String(8192 * MEBIBYTE),
    });
    expect(new Set(series?.values)).toEqual(new Set([2048 * MEBIBYTE]));
    expect(billed).toBe(2);
  });

  it('is read as a share of its node where the memory of nodes is not known, which is reported', async () => {
    const sandbox = await startContainers({ pods: [withoutLimit] });
    sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'denied', times: 1 });

    const { readings } = await readAll(containersOf(sandbox), DAYS);

    const [series] = seriesOf(readings);
    expect(series?.resource.labels).toMatchObject({ 'plimsoll.limit': 'node' });
    expect(new Set(series?.values)).toEqual(new Set([0.25]));
    expect(readings).toContainEqual(
      expect.objectContaining({ kind: 'unreadable', detail: expect.stringContaining('the memory of nodes') }),
    );
  });

  it('is unreadable where the list of limits ended early, because it may have one', async () => {
    const { limit: _, ...pod } = aReplica('free', 0);
    const many = Array.from({ length: 501 }, (_each, index) => aReplica('many', index));
    const sandbox = await startContainers({ pods: [pod, ...many] });
    sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'truncated' });

    const { readings } = await readAll(containersOf(sandbox), DAYS);

    const free = readings.find((reading) => reading.kind === 'unreadable' && 'id' in reading.scope);
    expect(free).toMatchObject({ scope: { id: 'shop/web/free/app' }, reason: 'truncated' });
  });
});

describe('a cluster whose Container Insights is not enhanced', () => {
  it('has a host for each controller, whose label states that it is an average', async () => {
    const pods = [0, 1].map((index) =>
      aReplica('api', index, { published: 'averages', used: () => (128 + 256 * index) * MEBIBYTE }),
    );

    const [series, ...others] = seriesOf((await read({ pods })).readings);

    expect(others).toEqual([]);
    expect(series?.resource).toMatchObject({
      kind: 'container',
      id: 'shop/web/api',
      name: 'api',
      group: 'shop/web/api',
    });
    expect(series?.resource.labels).toMatchObject({ 'plimsoll.aggregate': 'average of its pods' });
    expect(new Set(series?.values)).toEqual(new Set([0.5]));
  });
});

describe('a service of ECS', () => {
  it('is one host over a deployment where it has one task', async () => {
    const deployed = NOON - HOUR;
    const tasks = [
      aTask('api', '1a', { runs: from(LONG_AGO, deployed), used: () => 512 * MEBIBYTE }),
      aTask('api', '2b', { runs: from(deployed) }),
    ];

    const { readings, billed } = await read({ tasks });

    const [series, ...others] = seriesOf(readings);
    expect(others).toEqual([]);
    expect(series?.resource).toMatchObject({
      kind: 'task',
      id: 'harbour/api',
      name: 'api',
      group: 'harbour/api',
      labels: { 'aws.ecs.cluster.name': 'harbour', 'aws.ecs.service.name': 'api', 'aws.ecs.task.family': 'api' },
    });
    expect([series?.values[0], series?.values.at(-1)]).toEqual([0.5, 0.25]);
    // How many tasks it should have, and its memory.
    expect(billed).toBe(2);
  });

  it('is as many hosts as it has tasks', async () => {
    const tasks = ['1a', '2b'].map((id) => aTask('api', id, { desired: 2 }));

    const series = seriesOf((await read({ tasks })).readings);

    expect(series.map(({ resource }) => [resource.id, resource.group])).toEqual([
      ['harbour/api/1a', 'harbour/api'],
      ['harbour/api/2b', 'harbour/api'],
    ]);
    expect(series[0]?.resource.labels).toMatchObject({ 'aws.ecs.task.id': '1a', 'aws.ecs.service.name': 'api' });
  });

  it('reads nothing else where it is not known how many tasks a service should have', async () => {
    const tasks = ['1a', '2b'].map((id) => aTask('api', id));
    const sandbox = await startContainers({ tasks });
    sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'denied' });

    const { readings } = await readAll(containersOf(sandbox), DAYS);

    expect(readings).toContainEqual(
      expect.objectContaining({ kind: 'unreadable', reason: 'denied', scope: containersOf(sandbox).scope }),
    );
  });

  it('is one host by the average of its tasks where Container Insights is off', async () => {
    const tasks = ['1a', '2b'].map((id, index) =>
      aTask('api', id, { published: 'averages', used: () => (256 + 512 * index) * MEBIBYTE }),
    );

    const [series, ...others] = seriesOf((await read({ tasks })).readings);

    expect(others).toEqual([]);
    expect(series?.resource).toMatchObject({
      id: 'harbour/api',
      labels: { 'plimsoll.aggregate': 'average of its tasks' },
    });
    expect(new Set(series?.values)).toEqual(new Set([0.5]));
  });

  it('has hosts for tasks that were run without one', async () => {
    const { service: _, ...task } = aTask('import', '1a');

    const [series] = seriesOf((await read({ tasks: [task] })).readings);

    expect(series?.resource).toMatchObject({ id: 'harbour/import/1a', name: 'import/1a', group: 'harbour/import' });
  });
});

describe('who uses the memory', () => {
  const span: MeanSpan = { window: { start: NOON - 6 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' };

  async function consumersIn(containers: Containers, id: string): Promise<Reading[]> {
    const source = containersOf(await startContainers(containers));
    const host = seriesOf((await readAll(source, DAYS)).readings).find(({ resource }) => resource.id === id)?.resource;
    if (host === undefined) throw new Error(`there is no host ${id}`);
    return await Array.fromAsync(source.consumers?.(host, span, { count() {} }) ?? []);
  }

  it.each(['harbour/api', 'harbour/two/2a'])('of a task (%s) are its containers, in bytes', async (id) => {
    const tasks = [aTask('api', '1a'), aTask('two', '2a', { desired: 2 }), aTask('two', '2b', { desired: 2 })];

    const consumers = seriesOf(await consumersIn({ tasks }, id));

    expect(
      consumers.map(({ consumer, metric, unit, limit, values }) => ({
        consumer,
        metric,
        unit,
        limit,
        first: values[0],
      })),
    ).toEqual([
      {
        consumer: { kind: 'container', name: 'app' },
        metric: 'container.memory.usage',
        unit: 'By',
        limit: 1024 * MEBIBYTE,
        first: 192 * MEBIBYTE,
      },
      {
        consumer: { kind: 'container', name: 'log-router' },
        metric: 'container.memory.usage',
        unit: 'By',
        limit: 1024 * MEBIBYTE,
        first: 64 * MEBIBYTE,
      },
    ]);
  });

  it('of a service without Container Insights is not known, and the hint has the command that turns it on', async () => {
    const readings = await consumersIn({ tasks: [aTask('api', '1a', { published: 'averages' })] }, 'harbour/api');

    expect(readings).toMatchObject([
      { kind: 'not_monitored', hint: expect.stringContaining('update-cluster-settings --cluster harbour') },
    ]);
  });

  it('of a container is not known', async () => {
    const readings = await consumersIn({ pods: [aReplica('api', 0)] }, 'shop/web/api/app');

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'unsupported' }]);
  });
});

/** In the account that needs no role. */
function ofOwn<Located extends { readonly account: string }>(located: Located): Located {
  return { ...located, account: OWN_ACCOUNT };
}

describe('the scenario', () => {
  it('has containers and tasks that are evaluated as it expects', async () => {
    const { pods = [], tasks = [] } = scenarioAt(NOON);
    const own = { pods: pods.map(ofOwn), tasks: tasks.map(ofOwn) };

    const series = seriesOf((await readAll(containersOf(await startContainers(own)), DAYS)).readings);

    for (const { expected, story, ...container } of [...own.pods, ...own.tasks].filter(
      ({ runs }) => runs.end === FOREVER,
    )) {
      const workload = 'controller' in container ? container.controller.name : container.service;
      const found = series.filter(
        ({ resource }) => resource.kind !== undefined && resource.group?.split('/').at(-1) === workload,
      );
      expect([story, new Set(found.map((each) => detect(each, DEFAULT_POLICY).state))]).toEqual([
        story,
        new Set([expected.state]),
      ]);
    }
  });
});
