/** Accounts as people have them: agents that are reconfigured, that name no instance, or that publish in a namespace of their own. */
import { describe, expect, it } from 'vitest';
import { backtest } from '../../../core/backtest/backtest.ts';
import { detect } from '../../../core/detector/detect.ts';
import { EVALUATED } from '../../../core/inspection/window.ts';
import { DEFAULT_POLICY as DEFAULTS } from '../../../core/model/policy.ts';
import type { NotMonitored, Series, Span } from '../../../core/model/series.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost, FOREVER, hosts } from '../../sandbox/small-fleets.ts';
import { type Reported, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const { resource } = aHost();
const BEGIN = NOON - 300 * HOUR;

function spanOf(hours: number, end = NOON): Span {
  return { ...EVALUATED, window: { start: end - hours * HOUR, end } };
}

/** 0.50 % an hour since four days ago, with noise of at most 0.4 %. */
function leak(time: number): number {
  const noise = ((Math.sin((time / MINUTE) * 12.9898) * 43_758.5453) % 1) * 0.004;
  return (20 + 0.5 * Math.max(0, (time - NOON) / HOUR + 96)) / 100 + noise;
}

function used(growing: number) {
  return (time: number) => (30 + growing * Math.max(0, (time - NOON) / HOUR + 60)) / 100;
}

/** The same instance as its agent describes it in turn. The agent of each part ends as the next one begins. */
function reconfigured(parts: readonly (Partial<Host> & { readonly from: number; readonly to: number })[]): Host[] {
  return parts.map(({ from, to, ...part }) =>
    aHost({ id: 'i-0aaaaaaaaaaaaaaa1', used: leak, reports: [{ start: from, end: to }], ...part }),
  );
}

const INSTANCE = { ...resource, id: 'i-0aaaaaaaaaaaaaaa1' };
const JOINED_A_GROUP = reconfigured([
  { from: BEGIN, to: NOON - 5 * HOUR },
  { from: NOON - 5 * HOUR, to: FOREVER, resource: { ...INSTANCE, group: 'web' } },
]);

function onlySeries({ readings }: Reported): Series {
  const [series, ...others] = readings.filter((reading) => reading.kind === 'series');
  if (series === undefined || others.length > 0) throw new Error(`not one series: ${JSON.stringify(readings)}`);
  return series;
}

function hintsIn({ readings }: Reported): NotMonitored[] {
  return readings.filter((reading) => reading.kind === 'not_monitored');
}

describe('an agent whose dimensions changed', () => {
  it('leaves its host one history, in which a leak is confirmed', async () => {
    const sandbox = await startFleet(...JOINED_A_GROUP);

    const read = await readAll(sourceOf(sandbox), spanOf(100));

    const series = onlySeries(read);
    expect(series.times).toHaveLength(400);
    expect(series.resource).toMatchObject({ id: 'i-0aaaaaaaaaaaaaaa1', group: 'web' });
    const verdict = detect(series, DEFAULTS);
    expect(verdict).toMatchObject({ state: 'leaking', grade: 'confirmed', evidence: { restarts: [] } });
    expect(verdict.state === 'leaking' && verdict.evidence.growthPerHour.estimate).toBeCloseTo(0.005, 3);
    expect(read.billed).toBe(2);
  });

  it('is replayed as its hourly inspections were', async () => {
    const sandbox = await startFleet(...JOINED_A_GROUP);
    const series = onlySeries(await readAll(sourceOf(sandbox), spanOf(296)));
    const replay = { tenant: 'test', ingestionDelayMs: 0, from: NOON - 96 * HOUR, to: NOON, everyMs: HOUR };

    const [replayed] = backtest(series, { ...replay, policies: [DEFAULTS] });

    expect(replayed).toMatchObject({
      inspections: 96,
      insufficient: 0,
      episodes: [{ openedAt: expect.any(Number), endedAt: null }],
    });
    for (const hours of [6, 4, 2, 0]) {
      const hourly = onlySeries(await readAll(sourceOf(sandbox), spanOf(100, NOON - hours * HOUR)));
      expect(detect(hourly, DEFAULTS)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
    }
  });

  it.each([
    ['back and forth', [BEGIN, -50, -20], { group: 'web' }],
    ['several times, as at each deployment', [BEGIN, -80, -60, -40, -30, -20, -10, -5, -2], {}],
  ])('%s leaves it one history too', async (_, changes, one) => {
    const parts = changes.map((from, index) => ({
      from: from === BEGIN ? BEGIN : NOON + from * HOUR,
      to: index + 1 < changes.length ? NOON + (changes[index + 1] ?? 0) * HOUR : FOREVER,
      resource: {
        ...INSTANCE,
        ...('group' in one && index !== 1 && one),
        labels: { 'host.image.id': 'group' in one ? 'ami-1' : `ami-${index}` },
      },
    }));
    const sandbox = await startFleet(...merged(reconfigured(parts)));

    const series = onlySeries(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(series.times).toHaveLength(400);
    expect(detect(series, DEFAULTS)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('leaves it one history where it moved to another namespace', async () => {
    const parts = reconfigured([
      { from: BEGIN, to: NOON - 5 * HOUR },
      { from: NOON - 5 * HOUR, to: FOREVER, namespace: 'Prod/Servers' },
    ]);
    const sandbox = await startFleet(...parts);

    expect(onlySeries(await readAll(sourceOf(sandbox), spanOf(100))).times).toHaveLength(400);
  });

  it('gives one value for a time at which it published under both', async () => {
    const overlapping = reconfigured([
      { from: BEGIN, to: NOON - 2 * HOUR, used: (time) => leak(time) - 0.001 },
      { from: NOON - 5 * HOUR, to: FOREVER, resource: { ...INSTANCE, group: 'web' } },
    ]);
    const sandbox = await startFleet(...overlapping);

    const { times, values } = onlySeries(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(new Set(times).size).toBe(400);
    const truth = Array.from({ length: 15 }, (_, minute) => leak(NOON - 3 * HOUR + minute * MINUTE));
    expect(values[times.indexOf(NOON - 3 * HOUR)]).toBeCloseTo(Math.min(...truth), 9);
  });

  it('takes no samples from a machine of the same name that differs', async () => {
    const named = { ...resource, id: 'localhost' };
    const two = [
      aHost({ resource: { ...named, labels: { 'host.type': 'a' } }, reports: [{ start: BEGIN, end: FOREVER }] }),
      aHost({ resource: { ...named, labels: { 'host.type': 'b' } }, used: () => 0.9 }),
    ].map((host): Host => ({ ...host, naming: 'instance' }));
    const young = two.map((host, index) =>
      index === 0 ? { ...host, reports: [{ start: NOON - 20 * HOUR, end: FOREVER }] } : host,
    );
    const sandbox = await startFleet(...young.map((host) => ({ ...host, resource: { ...host.resource, id: 'i-1' } })));

    const series = onlySeries(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(new Set(series.values.map((value) => Math.round(value * 100)))).toEqual(new Set([50]));
  });

  it('costs no further metric where the newest publication fills the window', async () => {
    const sandbox = await startFleet(
      ...hosts(5).map((host): Host => ({ ...host, naming: 'aggregated' })),
      ...reconfigured([
        { from: BEGIN, to: NOON - 7 * HOUR },
        { from: NOON - 7 * HOUR, to: FOREVER, resource: { ...INSTANCE, group: 'web' } },
      ]),
    );

    const { billed, calls } = await readAll(sourceOf(sandbox), SIX_HOURS);

    expect({ billed, data: calls['GetMetricData'] }).toEqual({ billed: 6, data: 1 });
    expect(sandbox.calls.metricsQueried()).toBe(6);
  });

  it('is unreadable where its past cannot be read for now, and keeps its present where never', async () => {
    const sandbox = await startFleet(...JOINED_A_GROUP);
    const past = { service: 'cloudwatch', action: 'GetMetricData', after: 1 } as const;

    const lift = sandbox.inject({ ...past, kind: 'internal_error' });
    const later = await readAll(sourceOf(sandbox), spanOf(100));
    lift();
    sandbox.inject({ ...past, kind: 'forbidden' });
    const never = await readAll(sourceOf(sandbox), spanOf(100));

    expect(later.readings).toMatchObject([{ kind: 'unreadable', reason: 'unavailable' }]);
    expect(onlySeries(never).times).toHaveLength(20);
  });
});

/** Two parts under one dimension set are one metric, which the sandbox knows by it. */
function merged(parts: readonly Host[]): Host[] {
  const bySet = Map.groupBy(parts, (part) => JSON.stringify(part.resource));
  return [...bySet.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, reports: [first, ...others].flatMap(({ reports }) => reports) }] : [],
  );
}

/** An instance whose agent writes its variable where the id belongs. */
function unresolved(id: string, name: string, overrides: Partial<Host> = {}): Host {
  return aHost({ resource: { ...resource, id, name }, naming: 'unresolved', ...overrides });
}

describe('an agent that publishes its variable as the instance’s id', () => {
  const PAIR = [
    unresolved('i-0aaaaaaaaaaaaaaa1', 'ip-10-0-0-11', { used: used(0.6) }),
    unresolved('i-0aaaaaaaaaaaaaaa2', 'ip-10-0-0-12'),
  ];

  it('has its hosts evaluated by their host names', async () => {
    const sandbox = await startFleet(...PAIR);

    const { readings } = await readAll(sourceOf(sandbox), spanOf(100));

    const series = readings.filter((reading) => reading.kind === 'series');
    expect(series.map((one) => [one.resource.id, one.resource.labels])).toEqual([
      ['ip-10-0-0-11', undefined],
      ['ip-10-0-0-12', undefined],
    ]);
    expect(series.map((one) => detect(one, DEFAULTS).state)).toEqual(['leaking', 'steady']);
    expect(detect(series[0] ?? unread(), DEFAULTS)).toMatchObject({ grade: 'confirmed' });
  });

  it('is named where its instances are not known, with what to change', async () => {
    const sandbox = await startFleet(...PAIR);

    const [first, second] = hintsIn(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(first?.resource.id).toBe('i-0aaaaaaaaaaaaaaa1');
    expect(first?.hint).toContain(
      `2 hosts (ip-10-0-0-11, ip-10-0-0-12) publish theirs under a host name, with "\${aws:InstanceId}" as the InstanceId`,
    );
    expect(first?.hint).toMatch(/"append_dimensions": .* directly under "metrics", beside "metrics_collected"/);
    expect(second?.hint).toBe(first?.hint);
  });

  it('gives its host one history once it names the instance', async () => {
    const before = unresolved('i-0aaaaaaaaaaaaaaa1', 'ip-10-0-0-11', {
      used: leak,
      reports: [{ start: BEGIN, end: NOON - 5 * HOUR }],
    });
    const now = { ...before, naming: 'named', reports: [{ start: NOON - 5 * HOUR, end: FOREVER }] } as const;
    const sandbox = await startFleet(before, now);

    const read = await readAll(sourceOf(sandbox), spanOf(100));

    expect(onlySeries(read).times).toHaveLength(400);
    expect(read.readings).toMatchObject([{ kind: 'series', resource: { id: 'i-0aaaaaaaaaaaaaaa1' } }]);
  });
});

function unread(): never {
  throw new Error('nothing was read');
}

describe('an agent with a namespace of its own', () => {
  it.each([
    ['Linux', 'instance'],
    ['Windows', 'windows'],
  ] as const)('is found on %s by the name of its metric', async (_, naming) => {
    const sandbox = await startFleet(
      aHost({ id: 'i-0aaaaaaaaaaaaaaa1', namespace: 'Prod/Servers', naming, used: used(0.6) }),
    );

    const read = await readAll(sourceOf(sandbox), spanOf(100));

    expect(detect(onlySeries(read), DEFAULTS)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
    expect(read.calls).toMatchObject({ ListMetrics: 4, GetMetricData: 1 });
  });

  it('has the processes of its hosts in that namespace', async () => {
    const sandbox = await startFleet(aHost({ namespace: 'Prod/Servers', collects: 'all' }));
    const source = sourceOf(sandbox);
    const { resource: host } = onlySeries(await readAll(source));

    const span = { ...SIX_HOURS, statistic: 'average' } as const;
    const consumers = await Array.fromAsync(source.consumers?.(host, span, { count: () => {} }) ?? []);

    expect(consumers.length).toBeGreaterThan(3);
    expect(new Set(consumers.map(({ kind }) => kind))).toEqual(new Set(['series']));
  });

  it('has what is looked for named where nothing of an instance is found', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-bare', reports: [] }));

    const [bare] = hintsIn(await readAll(sourceOf(sandbox)));

    expect(bare?.hint).toContain(
      'neither mem_used_percent nor "Memory % Committed Bytes In Use", in any namespace, nor node_memory_utilization in ContainerInsights',
    );
    expect(bare?.hint).toContain('install the CloudWatch agent');
  });
});

describe('hosts that publish under a host name alone', () => {
  const name = (last: number) => `ip-10-0-0-${last}.eu-west-1.compute.internal`;
  const machine = (last: number, end: number): Host =>
    aHost({ resource: { ...resource, id: name(last) }, naming: 'host_name', reports: [{ start: BEGIN, end }] });
  const GROUP = [
    aHost({ id: 'i-0aaaaaaaaaaaaaaa1', reports: [] }),
    { ...machine(11, FOREVER), used: used(0.6) },
    machine(12, NOON - 30 * HOUR),
    machine(13, NOON - 80 * HOUR),
  ];

  it('are reported as perhaps gone where they no longer report, and not as agents that died', async () => {
    const sandbox = await startFleet(...GROUP);

    const read = await readAll(sourceOf(sandbox), spanOf(100));

    const gone = hintsIn(read).filter(({ reason }) => reason === 'stopped_reporting');
    expect(gone.map(({ resource: { id } }) => id)).toEqual([name(12), name(13)]);
    for (const { hint } of gone) expect(hint).toContain('The machine may be gone, for example scaled in');
    expect(onlySeries(read).resource.id).toBe(name(11));
  });

  it('are named beside an instance of which nothing is published', async () => {
    const sandbox = await startFleet(...GROUP);

    const [live] = hintsIn(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(live).toMatchObject({ resource: { id: 'i-0aaaaaaaaaaaaaaa1' }, reason: 'not_reported' });
    expect(live?.hint).toContain(
      `3 hosts (${name(11)}, ${name(12)}, ${name(13)}) publish theirs under a host name alone, and may be this instance`,
    );
  });

  it('leave the words of an instance’s agent that died as they are', async () => {
    const sandbox = await startFleet(aHost({ reports: [{ start: BEGIN, end: NOON - 30 * HOUR }] }));

    const [died] = hintsIn(await readAll(sourceOf(sandbox), spanOf(100)));

    expect(died?.hint).not.toContain('may be gone');
  });
});

describe('dimensions that are named like members of an object', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('are labels like others: %s', async (label) => {
    const labels = Object.fromEntries([[label, 'shop']]);
    const sandbox = await startFleet(aHost({ resource: { ...resource, labels } }));

    const { resource: host } = onlySeries(await readAll(sourceOf(sandbox)));

    expect(Object.entries(host.labels ?? {})).toContainEqual([label, 'shop']);
  });
});
