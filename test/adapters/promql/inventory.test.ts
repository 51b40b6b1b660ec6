/** Which hosts a server has: each once, by its name, and with its newest limit. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import type { SendRequest } from '../../../adapters/promql/connection.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import type { Reading, Resource } from '../../../core/model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries } from '../../sandbox/prometheus/servers.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import {
  ALWAYS,
  aContainer,
  aMachine,
  aNode,
  FLEET,
  GIB,
  idOf,
  machines,
  readAll,
  SIX_HOURS,
  sourceOf,
  startServer,
} from './worlds.ts';

function hostsIn(readings: readonly Reading[]): Record<string, Resource & { limit?: number }> {
  const series = readings.filter((reading) => reading.kind === 'series');
  return Object.fromEntries(
    series.map(({ resource, limit }) => [resource.id, { ...resource, ...(limit !== undefined && { limit }) }]),
  );
}

async function hostsOf(...[world, options]: [Parameters<typeof startServer>[0], Parameters<typeof sourceOf>[1]?]) {
  const { readings } = await readAll(sourceOf(await startServer(world), options));
  expect(readings.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
  return hostsIn(readings);
}

describe('a machine', () => {
  it('goes by its instance and is called what it calls itself', async () => {
    const hosts = await hostsOf({ machines: [aMachine({ labels: { team: 'web', env: 'prod' } })] });

    expect(hosts).toEqual({
      '10.0.0.1:9100': {
        provider: 'prometheus',
        account: 'prom',
        region: 'global',
        id: '10.0.0.1:9100',
        name: 'web-1',
        labels: { instance: '10.0.0.1:9100', job: 'node', team: 'web', env: 'prod' },
      },
    });
  });

  it('goes by its cluster as well where servers write into one store', async () => {
    const hosts = await hostsOf({ machines: [aMachine()], labels: { cluster: 'eu' } });

    expect(Object.keys(hosts)).toEqual(['eu/10.0.0.1:9100']);
  });

  it('is live between two scrapes, though a server forgets a sample after five minutes', async () => {
    const world = { machines: machines(8), nodes: [aNode()], containers: [aContainer()], scrapedEvery: 10 * MINUTE };

    const hosts = await hostsOf(world);

    expect(Object.keys(hosts).filter((id) => id.startsWith('10.0.1.'))).toHaveLength(8);
    expect(hosts).toHaveProperty(['shop/checkout/api']);
  });

  describe('of which another has the instance, at another server', () => {
    const at = (region: string, bytes: number, nodename: string) => {
      const labels = `instance="localhost:9100",job="node",region="${region}"`;
      return [
        aSeries(`node_memory_MemTotal_bytes{${labels}}`, () => bytes),
        aSeries(`node_memory_MemAvailable_bytes{${labels}}`, () => bytes / 4),
        aSeries(`node_uname_info{${labels},nodename="${nodename}"}`, () => 1),
      ];
    };

    it.each([
      ['more memory', 4 * GIB, 'a'],
      ['another name', GIB, 'b'],
    ])('and %s is unreadable: nobody knows which one a series is of', async (_what, bytes, nodename) => {
      const server = await startServer({ series: [...at('eu', GIB, 'a'), ...at('us', bytes, nodename)] });

      const { readings } = await readAll(sourceOf(server));

      expect(readings).toMatchObject([
        {
          kind: 'unreadable',
          reason: 'malformed',
          scope: { id: 'localhost:9100' },
          detail: expect.stringContaining('several machines'),
        },
      ]);
      expect(await sourceOf(server).countHosts([], { count() {} })).toBe(1);
    });

    it('is one of its own by the labels that distinguish servers', async () => {
      const server = await startServer({ series: [...at('eu', GIB, 'a'), ...at('us', 4 * GIB, 'a')] });
      const source = sourceOf(server, { clusterLabels: ['cluster', 'region'] });

      const { readings } = await readAll(source);
      const { readings: one } = await readAll(source, { filters: [{ include: [{ labels: { region: 'us' } }] }] });

      expect(hostsIn(readings)).toMatchObject({
        'eu/localhost:9100': { labels: { region: 'eu', instance: 'localhost:9100' } },
        'us/localhost:9100': { labels: { region: 'us' } },
      });
      expect(one.map(idOf)).toEqual(['us/localhost:9100']);
    });
  });

  it('is one where two replicas of a server scrape it, and their label is not its own', async () => {
    const hosts = await hostsOf({ machines: [aMachine()], replicas: ['a', 'b'] });

    expect(hosts['10.0.0.1:9100']?.labels).toEqual({ instance: '10.0.0.1:9100', job: 'node' });
  });

  it('has the group that a label names, and none without it', async () => {
    const world = { machines: [aMachine({ labels: { team: 'web' } })] };

    expect((await hostsOf(world, { groupLabel: 'team' }))['10.0.0.1:9100']?.group).toBe('web');
    expect((await hostsOf(world))['10.0.0.1:9100']).not.toHaveProperty('group');
  });

  it('is one where node_exporter and a kubelet report it, and known as a node', async () => {
    const hosts = await hostsOf({ machines: [aMachine({ name: 'node-a', address: '10.9.0.1' })], nodes: [aNode()] });

    expect(Object.keys(hosts)).toEqual(['10.9.0.1:9100']);
    expect(hosts['10.9.0.1:9100']).toMatchObject({ name: 'node-a', labels: { 'k8s.node.name': 'node-a' } });
  });

  it('is a node by its name where addresses differ', async () => {
    const hosts = await hostsOf({
      machines: [aMachine({ name: 'node-a', address: 'node-a.internal' })],
      nodes: [aNode()],
    });

    expect(Object.keys(hosts)).toEqual(['node-a.internal:9100']);
  });

  it('is two where one exporter has two ports of an address, which may be forwarded', async () => {
    const total = (port: number) => aSeries(`node_memory_MemTotal_bytes{instance="gw:${port}",job="node"}`, () => GIB);
    const free = (port: number) =>
      aSeries(`node_memory_MemAvailable_bytes{instance="gw:${port}",job="node"}`, () => GIB / 2);

    const hosts = await hostsOf({ series: [total(1), free(1), total(2), free(2)] });

    expect(Object.keys(hosts).sort()).toEqual(['gw:1', 'gw:2']);
  });

  it('that was pushed and stopped has stopped reporting, as nobody removed a target', async () => {
    const pushed = (name: string) =>
      aSeries(`${name}{instance="pushed",job="agent"}`, () => GIB, [[-100 * HOUR, -5 * HOUR]]);
    const server = await startServer({
      series: [pushed('node_memory_MemTotal_bytes'), pushed('node_memory_MemAvailable_bytes')],
    });

    const { readings } = await readAll(sourceOf(server));

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'stopped_reporting', resource: { id: 'pushed' } },
    ]);
  });

  it.each([
    ['has stopped reporting, as its agent may have', []],
    ['is gone where one server finds and scrapes several', [['-720', 5]]],
  ])('that is no target any more %s', async (_what, pools) => {
    const of = (name: string, instance: string, hours: [number, number][]) =>
      aSeries(
        `${name}{instance="${instance}",job="agent"}`,
        () => GIB,
        hours.map(([a, b]) => [a * HOUR, b * HOUR]),
      );
    const host = (instance: string, until: number) =>
      ['up', 'node_memory_MemTotal_bytes', 'node_memory_MemAvailable_bytes'].map((name) =>
        of(name, instance, [[-100, until]]),
      );
    const pool = pools.map(() =>
      aSeries('prometheus_target_scrape_pool_targets{instance="localhost:9090",scrape_job="agent"}', () => 5),
    );
    const server = await startServer({ series: [...host('a', 100), ...host('b', -5), ...pool] });

    const { readings } = await readAll(sourceOf(server));

    const stopped = readings.filter(({ kind }) => kind === 'not_monitored').map(idOf);
    expect(stopped).toEqual(pools.length > 0 ? [] : ['b']);
  });

  it.each([
    ['reads as before within half an hour: it may be restarted', 25, 'series'],
    ['has stopped reporting after it', 45, 'not_monitored'],
  ])('that cannot be scraped %s', async (_what, minutes, kind) => {
    const reports = [{ start: ALWAYS.start, end: NOON - minutes * MINUTE }];
    const server = await startServer({ machines: [aMachine({ reports })] });

    const { readings } = await readAll(sourceOf(server));

    expect(readings).toMatchObject([{ kind, resource: { id: '10.0.0.1:9100' } }]);
    if (kind === 'series') return;
    expect(readings).toMatchObject([{ reason: 'stopped_reporting', hint: expect.stringContaining('up is 0') }]);
  });

  it('that a kubelet reports without what is used of its memory is not monitored, and the hint names the series', async () => {
    const server = await startServer({
      series: [aSeries('machine_memory_bytes{instance="10.9.0.1:10250",job="kubelet",node="n1"}', () => GIB)],
    });

    const { readings } = await readAll(sourceOf(server));

    expect(readings).toMatchObject([{ reason: 'not_reported', hint: expect.stringContaining('{id="/"}') }]);
  });

  it('whose kernel does not report available memory is not monitored, and the hint states that', async () => {
    const server = await startServer({
      series: [aSeries('node_memory_MemTotal_bytes{instance="old",job="node"}', () => GIB)],
    });

    const { readings } = await readAll(sourceOf(server));

    expect(readings).toMatchObject([{ reason: 'not_reported', hint: expect.stringContaining('MemAvailable') }]);
  });

  it('that is gone is read where it is requested, and so is a pod', async () => {
    const server = await startServer(FLEET);

    const { readings } = await readAll(sourceOf(server), { includeGone: true });

    expect(readings.map(idOf)).toEqual(expect.arrayContaining(['10.0.0.6:9100', 'shop/import/import']));
  });
});

describe('a target that fails', () => {
  const up = (job: string, instance: string, value: number) =>
    aSeries(`up{job="${job}",instance="${instance}"}`, () => value);
  const machine = (instance: string) => [
    up('endpoints', instance, 1),
    aSeries(`node_memory_MemTotal_bytes{job="endpoints",instance="${instance}"}`, () => GIB),
    aSeries(`node_memory_MemAvailable_bytes{job="endpoints",instance="${instance}"}`, () => GIB / 2),
  ];
  const failing = [up('endpoints', 'app:8080', 0), up('endpoints', 'node-c:9100', 0)];

  it.each([
    [
      'no machine where the job reports other things, unless its port is that of one',
      [up('endpoints', 'cart:8080', 1)],
    ],
    ['a machine where all of the job are', []],
  ])('is %s', async (_what, others) => {
    const series = [...machine('node-a:9100'), ...machine('node-b:9100'), ...others, ...failing];
    const server = await startServer({ series });

    const { readings } = await readAll(sourceOf(server));

    const found = readings.filter(({ kind }) => kind === 'not_monitored').map(idOf);
    expect(found.sort()).toEqual(others.length > 0 ? ['node-c:9100'] : ['app:8080', 'node-c:9100']);
  });
});

describe('a container', () => {
  it('is its workload where that has one pod, with its limit and where it runs', async () => {
    const hosts = await hostsOf({ nodes: [aNode()], containers: [aContainer()] });

    expect(hosts['shop/checkout/api']).toEqual({
      provider: 'prometheus',
      account: 'prom',
      region: 'global',
      kind: 'container',
      id: 'shop/checkout/api',
      name: 'checkout/api',
      group: 'shop/checkout',
      limit: GIB,
      labels: {
        'k8s.namespace.name': 'shop',
        'k8s.deployment.name': 'checkout',
        'k8s.pod.name': 'checkout-7d9fbc6d5-x2x4z',
        'k8s.container.name': 'api',
        'k8s.node.name': 'node-a',
        'container.image.name': 'registry.example/checkout:1',
      },
    });
  });

  it('has its own limit and owner where kube-state-metrics has the labels of its scrape', async () => {
    const scraped = 'namespace="monitoring",pod="ksm-0",container="ksm"';
    const of = 'exported_namespace="shop",exported_pod="checkout",exported_container="api"';
    const hosts = await hostsOf({
      series: [
        aSeries('container_memory_working_set_bytes{namespace="shop",pod="checkout",container="api"}', () => GIB / 4),
        aSeries(`container_memory_working_set_bytes{${scraped}}`, () => GIB / 4),
        aSeries(`kube_pod_container_resource_limits{${scraped},${of},resource="memory"}`, () => GIB),
        aSeries(`kube_pod_owner{${scraped},${of},owner_kind="StatefulSet",owner_name="cart"}`, () => 1),
      ],
    });

    expect(hosts).toMatchObject({ 'shop/cart/api': { limit: GIB } });
    expect(hosts['monitoring/ksm/ksm']).not.toHaveProperty('limit');
  });

  it('has the newest of limits that change under way', async () => {
    const limit = (time: number) => (time < NOON - 3 * HOUR ? GIB : 2 * GIB);
    const hosts = await hostsOf({ nodes: [aNode()], containers: [aContainer({ limit })] });

    expect(hosts['shop/checkout/api']?.limit).toBe(2 * GIB);
  });

  it('has bytes without a limit where it has none, and its labels state that and what its node has', async () => {
    const hosts = await hostsOf({ nodes: [aNode()], containers: [aContainer({ limit: () => 0 })] });

    expect(hosts['shop/checkout/api']).not.toHaveProperty('limit');
    expect(hosts['shop/checkout/api']?.labels).toMatchObject({
      'plimsoll.limit': 'none',
      'plimsoll.node.memory': String(16 * GIB),
    });
  });

  it('of a pod that its node owns is no StatefulSet, though its name ends with a number', async () => {
    const labels = 'namespace="kube-system",pod="etcd-node-1"';
    const hosts = await hostsOf({
      series: [
        aSeries(`container_memory_working_set_bytes{${labels},container="etcd"}`, () => GIB),
        aSeries(`kube_pod_owner{${labels},owner_kind="Node",owner_name="node-1"}`, () => 1),
      ],
    });

    expect(Object.keys(hosts)).toEqual(['kube-system/etcd-node-1/etcd']);
    expect(hosts['kube-system/etcd-node-1/etcd']?.labels).not.toHaveProperty('k8s.statefulset.name');
  });

  it('has the limit that its control group states where kube-state-metrics is not there', async () => {
    const hosts = await hostsOf({ nodes: [aNode()], containers: [aContainer()], kubeStateMetrics: false });

    expect(hosts['shop/checkout/api']).toMatchObject({ limit: GIB, group: 'shop/checkout' });
  });

  it('has the samples of all pods of its rollouts, one after the other', async () => {
    const server = await startServer(FLEET);

    const { readings } = await readAll(sourceOf(server), { filters: [{ include: [{ id: 'shop/checkout/api' }] }] });

    expect(readings).toMatchObject([{ kind: 'series', times: { length: 72 } }]);
  });

  it('is a pod where its workload is scaled to two every day, also while it has one', async () => {
    const pod = (name: string, from: number, to: number) => ({
      name: `checkout-7d9fbc6d5-${name}`,
      node: 'node-a',
      runs: { start: NOON + from * HOUR, end: to === 0 ? FOREVER : NOON + to * HOUR },
    });
    const hostsWith = async (other: ReturnType<typeof pod>) => {
      const pods = [pod('x2x4z', -99, 0), other];
      const server = await startServer({ nodes: [aNode()], containers: [aContainer({ pods })] });
      const window = { start: NOON - 100 * HOUR, end: NOON };
      const span = { window, periodMs: 900_000, statistic: 'minimum' } as const;
      const { readings } = await readAll(sourceOf(server), { span });
      return readings.map(idOf).filter((id) => id?.startsWith('shop/'));
    };

    expect(await hostsWith(pod('b2b4b', -20, -12))).toEqual(['shop/checkout-7d9fbc6d5-x2x4z/api']);
    expect(await hostsWith(pod('b2b4b', -99.9, -98.9))).toEqual(['shop/checkout/api']);
  });

  it('has the samples of its newest pods where there were more than are read, and states how many are left out', async () => {
    const alphabet = 'bcdfghjklmnpqrstvwxz';
    const pods = Array.from({ length: 40 }, (_, index) => {
      // The names of newer ones come first.
      const [one, two] = [alphabet[19 - (index % 20)], alphabet[1 - Math.floor(index / 20)]];
      const start = NOON - 100 * HOUR + index * 2.5 * HOUR;
      const end = index === 39 ? FOREVER : start + 2.5 * HOUR;
      return { name: `checkout-${two}${one}8c9d7f4-x2x4z`, node: 'node-a', runs: { start, end } };
    });
    const server = await startServer({ nodes: [aNode()], containers: [aContainer({ pods })] });
    const window = { start: NOON - 100 * HOUR, end: NOON };
    const span = { window, periodMs: 900_000, statistic: 'minimum' } as const;

    const { readings } = await readAll(sourceOf(server), { span });

    const series = readings.find((reading) => idOf(reading) === 'shop/checkout/api');
    expect(series).toMatchObject({
      resource: { labels: { 'plimsoll.pods_left_out': '8' } },
      times: { length: 320 },
    });
  });

  it('whose kubelet is no longer scraped has stopped reporting while its pod exists', async () => {
    const answered = { start: ALWAYS.start, end: NOON - 4 * HOUR };
    const server = await startServer({
      nodes: [aNode({ runs: answered })],
      containers: [aContainer()],
    });

    const { readings } = await readAll(sourceOf(server));

    const container = readings.find((reading) => idOf(reading) === 'shop/checkout/api');
    expect(container).toMatchObject({ kind: 'not_monitored', reason: 'stopped_reporting' });
  });

  it('whose kubelet cannot be scraped has stopped reporting after half an hour, whoever knows of its pod', async () => {
    const written = [[-720 * HOUR, -45 * MINUTE]] as const;
    const of = (node: string, name: string, times?: typeof written) =>
      aSeries(`${name}{job="kubelet",instance="${node}:10250"}`, () => (name === 'up' && times ? 0 : GIB), times);
    const server = await startServer({
      series: [
        ...['up', 'machine_memory_bytes'].map((name) => of('a', name)),
        aSeries('up{job="kubelet",instance="b:10250"}', (time) => Number(time < NOON - 45 * MINUTE)),
        aSeries(
          'container_memory_working_set_bytes{namespace="shop",pod="db-0",container="pg",instance="b:10250"}',
          () => GIB,
          written,
        ),
      ],
    });

    const { readings } = await readAll(sourceOf(server));

    const container = readings.find((reading) => idOf(reading) === 'shop/db/pg');
    expect(container).toMatchObject({ reason: 'stopped_reporting', hint: expect.stringContaining('up is 0') });
  });

  it('is two by the labels that distinguish servers, each with its limit', async () => {
    const at = (region: string, limit: number) => {
      const labels = `region="${region}",namespace="shop",pod="db-0",container="postgres"`;
      return [
        aSeries(`container_memory_working_set_bytes{${labels}}`, () => limit / 4),
        aSeries(`kube_pod_container_resource_limits{${labels},resource="memory"}`, () => limit),
      ];
    };

    const hosts = await hostsOf({ series: [...at('eu', GIB), ...at('us', 2 * GIB)] }, { clusterLabels: ['region'] });

    expect(hosts).toMatchObject({ 'eu/shop/db/postgres': { limit: GIB }, 'us/shop/db/postgres': { limit: 2 * GIB } });
  });

  it('that has ended is no host, though its pod exists: of a Job, or beside another container of its pod', async () => {
    const ended = [[-5 * HOUR, -4 * HOUR]] as const;
    const memory = (pod: string, container: string, written?: typeof ended) =>
      aSeries(
        `container_memory_working_set_bytes{namespace="shop",pod="${pod}",container="${container}"}`,
        () => GIB,
        written,
      );
    const owner = (pod: string, kind: string, name: string) =>
      aSeries(`kube_pod_owner{namespace="shop",pod="${pod}",owner_kind="${kind}",owner_name="${name}"}`);
    const server = await startServer({
      series: [
        memory('backup-29123456-x2k9z', 'backup', ended),
        owner('backup-29123456-x2k9z', 'Job', 'backup-29123456'),
        memory('db-0', 'prepare', ended),
        memory('db-0', 'postgres'),
        owner('db-0', 'StatefulSet', 'db'),
      ],
    });

    const { readings } = await readAll(sourceOf(server));

    expect(readings.map((reading) => [reading.kind, idOf(reading)])).toEqual([['series', 'shop/db/postgres']]);
  });

  it.each([
    ['its pod was evicted', 'kube_pod_status_phase{namespace="shop",pod="db-0",phase="Failed"}', 1],
    ['its pod has completed', 'kube_pod_status_phase{namespace="shop",pod="db-0",phase="Succeeded"}', 1],
    [
      'it has prepared a pod that waits',
      'kube_pod_init_container_status_terminated{namespace="shop",pod="db-0",container="pg"}',
      1,
    ],
    [
      'the labels are those of another scrape',
      'kube_pod_status_phase{namespace="kube",pod="ksm",exported_namespace="shop",exported_pod="db-0",phase="Failed"}',
      1,
    ],
    ['nothing has ended', 'kube_pod_status_phase{namespace="shop",pod="db-0",phase="Failed"}', 0],
    [
      'another container of it has ended',
      'kube_pod_container_status_terminated{namespace="shop",pod="db-0",container="other"}',
      1,
    ],
  ])('that stopped while its pod exists is expected unless it has ended: %s', async (what, state, value) => {
    const server = await startServer({
      series: [
        aSeries('container_memory_working_set_bytes{namespace="shop",pod="db-0",container="pg"}', () => GIB, [
          [-6 * HOUR, -5 * HOUR],
        ]),
        aSeries('kube_pod_owner{namespace="shop",pod="db-0",owner_kind="StatefulSet",owner_name="db"}'),
        aSeries(state, () => value),
      ],
    });

    const { readings } = await readAll(sourceOf(server));

    const isExpected = /^nothing|^another/.test(what);
    expect(readings).toMatchObject(isExpected ? [{ reason: 'stopped_reporting' }] : []);
  });

  it('whose kubelet fails has stopped reporting where nobody else knows of its pod, for a day', async () => {
    const reported = (hours: number) => [
      aSeries(
        `container_memory_working_set_bytes{namespace="shop",pod="p${hours}",container="c",instance="${hours}:10250"}`,
        () => GIB,
        [[-100 * HOUR, -hours * HOUR]],
      ),
    ];
    const server = await startServer({ series: [...reported(4), ...reported(30)] });
    const span = { ...SIX_HOURS, window: { start: NOON - 100 * HOUR, end: NOON }, periodMs: 900_000 };

    const { readings } = await readAll(sourceOf(server), { span });

    expect(readings).toMatchObject([{ reason: 'stopped_reporting', resource: { id: 'shop/p4/c' } }]);
  });

  it('is a host by the labels of OpenTelemetry too', async () => {
    const labels =
      'k8s_namespace_name="shop",k8s_pod_name="db-0",k8s_container_name="postgres",k8s_statefulset_name="db"';
    const hosts = await hostsOf({
      series: [
        aSeries(`container_memory_working_set_bytes{${labels}}`, () => GIB / 2),
        aSeries(`k8s_container_memory_limit_bytes{${labels}}`, () => GIB),
      ],
    });

    expect(hosts).toMatchObject({ 'shop/db/postgres': { kind: 'container', group: 'shop/db', limit: GIB } });
  });

  it('is a host by its name where Docker runs it without Kubernetes', async () => {
    const hosts = await hostsOf({
      series: [
        aSeries('container_memory_working_set_bytes{instance="vm:8080",name="redis",id="/docker/1"}', () => GIB / 2),
        aSeries('container_spec_memory_limit_bytes{instance="vm:8080",name="redis",id="/docker/1"}', () => GIB),
      ],
    });

    expect(hosts).toMatchObject({ 'vm:8080/redis': { kind: 'container', name: 'redis', limit: GIB } });
  });

  it('is none where containers are not read, and none is requested', async () => {
    const server = await startServer(FLEET);

    const { readings } = await readAll(sourceOf(server, { containers: false }));

    expect(readings.map(idOf).filter((id) => id?.startsWith('shop/'))).toEqual([]);
    expect(server.calls.calls.map(({ metric }) => metric)).not.toContain('kube_pod_owner');
  });
});

describe('a query of a config', () => {
  const world = {
    series: [
      aSeries('app_memory_bytes{app="cart",zone="a"}', (time) => GIB + (time - NOON) / 100),
      aSeries('app_memory_bytes{app="gone",zone="a"}', () => GIB, [[-100 * HOUR, -4 * HOUR]]),
      aSeries('app_limit_bytes{app="cart",zone="a"}', () => 2 * GIB),
    ],
  };
  const used = '$statistic by (app, zone) ($statistic_over_time(app_memory_bytes[$period]))';
  const labels = { id: ['zone', 'app'], name: 'app', group: 'zone' };

  it('replaces those for known exporters', async () => {
    const server = await startServer({ ...world, machines: [aMachine()] });
    const source = sourceOf(server, { queries: [{ kind: 'machine', used, limit: 'app_limit_bytes', labels }] });

    const { readings } = await readAll(source);

    expect(readings.find((reading) => idOf(reading) === 'a/cart')).toMatchObject({
      kind: 'series',
      unit: 'By',
      limit: 2 * GIB,
      resource: { id: 'a/cart', name: 'cart', group: 'a', labels: { app: 'cart', zone: 'a' } },
      times: { length: 72 },
    });
    expect(readings.find((reading) => idOf(reading) === 'a/gone')).toMatchObject({ reason: 'stopped_reporting' });
    expect(readings).toHaveLength(2);
  });

  it('makes containers where it is of them', async () => {
    const server = await startServer(world);
    const source = sourceOf(server, { queries: [{ kind: 'container', used, labels: { id: ['app'] } }] });

    const { readings } = await readAll(source);

    expect(readings.map(idOf)).toEqual(['cart', 'gone']);
    expect(readings[0]).toMatchObject({ resource: { kind: 'container' } });
    expect(readings[0]).not.toHaveProperty('limit');
  });

  it.each(['', 'sum(', 'up{', 'rate(x[$period]'])('is refused where it is no PromQL: %j', async (bad) => {
    const server = await startServer(world);
    const source = sourceOf(server, { queries: [{ kind: 'machine', used: bad, labels }] });

    await expect(readAll(source)).rejects.toMatchObject({
      reason: 'malformed',
      message: expect.stringMatching(/^queries\[0\]\.used is/),
    });
    expect(server.calls.calls).toEqual([]);
  });

  it('that gives a host two series makes it malformed', async () => {
    const server = await startServer({
      series: [aSeries('app_memory_bytes{app="cart",zone="a"}'), aSeries('app_memory_bytes{app="cart",zone="b"}')],
    });
    const query = {
      kind: 'machine',
      used: 'avg_over_time(app_memory_bytes[$period])',
      labels: { id: ['app'] },
    } as const;

    const { readings } = await readAll(sourceOf(server, { queries: [query] }));

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'malformed', scope: { id: 'cart' } }]);
  });
});

describe('the facts about a server', () => {
  it('are its version, who reports machines, and which containers have limits', async () => {
    const server = await startServer(FLEET);

    const facts = await sourceOf(server).facts({ count() {} });

    expect(facts).toEqual([
      'The server states version 2.42.0.',
      '5 machines: 1 by OpenTelemetry, 1 by kubelet, 1 by windows_exporter, 2 by node_exporter; 1 of them are nodes of clusters.',
      '3 containers: 2 with a limit of their own, 1 without.',
      '1 target of jobs that report machines cannot be scraped.',
    ]);
  });

  it('include that there is nothing', async () => {
    const server = await startServer({});

    const facts = await sourceOf(server).facts({ count() {} });

    expect(facts).toEqual([
      'The server states version 2.42.0.',
      expect.stringMatching(/^No machines/),
      expect.stringMatching(/^No containers/),
    ]);
  });

  it('come with why machines have no names', async () => {
    const server = await startServer({ machines: [aMachine()] });
    const send = promqlHttp();
    const http: SendRequest = async (request, signal) =>
      request.body.includes('node_uname_info')
        ? { status: 403, headers: {}, body: Readable.from([]) }
        : await send(request, signal);
    const connection = { url: new URL(server.url), authorise: unauthorised, http };
    const unnamed = sourceOf(server, { connection });

    expect(await sourceOf(server).whyUnnamed?.({ count() {} })).toBeUndefined();
    expect(await unnamed.whyUnnamed?.({ count() {} })).toContain('HTTP 403');
    expect((await readAll(unnamed)).readings).toMatchObject([{ kind: 'series', resource: { id: '10.0.0.1:9100' } }]);
  });
});

describe('an inventory', () => {
  it('takes no expression that matches names, and no search of the index: services refuse them', async () => {
    const server = await startServer(FLEET);
    server.inject({ service: 'prometheus', action: 'series', kind: 'not_found' });
    const sent: string[] = [];
    const send = promqlHttp();
    const http: SendRequest = (request, signal) => {
      sent.push(decodeURIComponent(request.body.replaceAll('+', ' ')));
      return send(request, signal);
    };
    const connection = { url: new URL(server.url), authorise: unauthorised, http };

    const { readings } = await readAll(sourceOf(server, { connection }), { includeGone: true });

    expect(readings.map(idOf)).toEqual(
      expect.arrayContaining(['10.0.0.5:9100', '10.0.0.6:9100', 'shop/import/import']),
    );
    expect(sent.filter((text) => /__name__\s*[=!]~/.test(text))).toEqual([]);
  });

  it('is put together by the server, however often containers were started again', async () => {
    const runs = Array.from({ length: 400 }, (_, index) =>
      aSeries(
        `container_memory_working_set_bytes{namespace="shop",pod="db-0",container="postgres",id="/kubepods/${index}"}`,
        () => GIB,
        [[-100 * HOUR + index * (HOUR / 8), -100 * HOUR + (index + 1) * (HOUR / 8)]],
      ),
    );
    const live = aSeries(
      'container_memory_working_set_bytes{namespace="shop",pod="db-0",container="postgres",id="/kubepods/live"}',
      () => GIB,
    );
    const server = await startServer({ series: [...runs, live] });
    const window = { start: NOON - 100 * HOUR, end: NOON };
    const span = { window, periodMs: 900_000, statistic: 'minimum' } as const;

    const { readings } = await readAll(sourceOf(server, { maxBytes: 20_000 }), { span });

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'shop/db/postgres' } }]);
  });

  it('is listed again for another time', async () => {
    const runs = { start: NOON - 48 * HOUR, end: FOREVER };
    const server = await startServer({ machines: [aMachine({ runs, reports: [runs] })] });
    const source = sourceOf(server);
    const earlier = {
      window: { start: NOON - 96 * HOUR, end: NOON - 72 * HOUR },
      periodMs: 900_000,
      statistic: 'average',
    } as const;

    const now = await readAll(source);
    const then = await readAll(source, { span: earlier });

    expect([now.readings.length, then.readings.length]).toEqual([1, 0]);
  });
});
