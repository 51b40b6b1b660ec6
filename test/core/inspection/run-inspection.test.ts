import { describe, expect, it } from 'vitest';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { Series } from '../../../core/model/series.ts';
import { DeliveryError, ItemError, SourceError, StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { RunLog } from '../../../core/ports/run-log.ts';
import {
  anAccount,
  anAlmostEndedStory,
  anIncident,
  anIncidentKey,
  aRunSummary,
  aTenantConfig,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';
import { createMemoryHealthStore, createMemoryIncidentStore, createMemoryRunLog } from '../../memory/stores.ts';
import { aMessage, aSource, aWorld, eventsOf, FLAT, inTime, LEAK, ON_DEMAND, SCOPE } from './world.ts';

/** The one run of an account with one region. */
async function runOnce(ports: InspectionPorts, message = aMessage(), deadline = inTime) {
  const outcome = await runInspection({ message, metric: LEAK_METRIC }, ports, deadline);
  if (outcome.kind !== 'inspected') throw new Error(outcome.reason);
  const [run] = outcome.regions;
  if (run === undefined || outcome.regions.length > 1) throw new Error(`${outcome.regions.length} regions were read`);
  return run;
}

describe('runInspection', () => {
  it('records, publishes and logs what it finds', async () => {
    const world = await aWorld();

    const { summary, delivery, superseded } = await runOnce(world);

    expect(summary).toMatchObject({
      outcome: 'complete',
      hosts: { inspected: 2 },
      verdicts: { confirmed: 1, steady: 1 },
    });
    expect(delivery).toEqual({ published: 1, held: 0, failed: [], undeliverable: [], crowdedOut: [] });
    expect(superseded).toBe(false);
    expect(eventsOf(world)).toEqual(['opened']);
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([summary]);
  });

  it('lets evaluators vote with what labels of the tenant left of their weight', async () => {
    const asked: string[] = [];
    const inGroup = (series: Series): Series => ({ ...series, resource: { ...series.resource, group: 'web' } });
    const world = await aWorld({
      openSource: (_tenant, _account, region) => aSource(region, inGroup(FLAT), inGroup(LEAK)),
      weightsOf: async (tenant) => {
        asked.push(tenant);
        return { siblings: 0.5 };
      },
    });

    await runOnce(world);

    expect(asked).toEqual(['acme']);
    const votes = world.publisher.published
      .get('acme')
      ?.flatMap(({ data }) => ('leak' in data && data.leak?.votes) || []);
    expect(votes?.map(({ evaluator, weight }) => [evaluator, weight])).toContainEqual(['siblings', 0.5]);
  });

  it('records the health of the region', async () => {
    const world = await aWorld();

    await runOnce(world);

    expect(await world.health.get('acme', SCOPE)).toMatchObject({
      value: { slot: NOON, finishedAt: NOON, outcome: 'complete', leaking: 1, hosts: { known: 2, inspected: 2 } },
      version: 1,
    });
  });

  it('leaves the health of the region alone in an inspection on demand', async () => {
    const world = await aWorld();

    await runOnce(world, aMessage({ trigger: 'on_demand' }));

    expect(await world.health.get('acme', SCOPE)).toBeUndefined();
  });

  it('leaves the health of a newer slot alone in a run that is superseded', async () => {
    const world = await aWorld();
    await runOnce(world);

    const { superseded } = await runOnce(world, aMessage({ scheduledTime: new Date(NOON - HOUR).toISOString() }));

    expect(superseded).toBe(true);
    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON }, version: 1 });
  });

  it('keeps what it found where the health cannot be written, and records it when the message comes again', async () => {
    const health = createMemoryHealthStore();
    let fails = true;
    const world = await aWorld({
      health: {
        ...health,
        async put(...args) {
          if (fails) throw new StoreError('the table was throttled');
          return health.put(...args);
        },
      },
    });

    await expect(runOnce(world)).rejects.toThrow(/throttled/);
    const published = eventsOf(world);
    const [logged] = await world.runs.newest('acme', SCOPE, 1);
    fails = false;
    await runOnce(world);

    expect(published).toEqual(['opened']);
    expect(logged).toMatchObject({ outcome: 'complete', verdicts: { confirmed: 1 } });
    expect(eventsOf(world)).toEqual(['opened']);
    expect((await health.get('acme', SCOPE))?.value.slot).toBe(NOON);
  });

  it('logs the window that it has read', async () => {
    const { summary } = await runOnce(await aWorld());

    expect(summary.window).toEqual({ start: NOON - 100 * HOUR, end: NOON });
  });

  it.each<['skipped' | 'refused', RegExp, Partial<InspectMessage>, Record<string, unknown>]>([
    ['skipped', /there is no tenant nobody/, { tenant: 'nobody' }, {}],
    ['refused', /there is no tenant nobody/, { ...ON_DEMAND, tenant: 'nobody' }, {}],
    ['skipped', /tenant acme is disabled/, {}, { enabled: false }],
    ['skipped', /tenant acme has no account 999900001111 of AWS/, { account: '999900001111' }, {}],
    ['refused', /tenant acme has no account 999900001111 of AWS/, { ...ON_DEMAND, account: '999900001111' }, {}],
    ['skipped', /tenant acme has no account 111122223333 of Google Cloud/, { provider: 'gcp' }, {}],
    ['refused', /tenant acme has no account 111122223333 of Google Cloud/, { ...ON_DEMAND, provider: 'gcp' }, {}],
    ['skipped', /account 111122223333 is disabled/, {}, { accounts: [anAccount({ enabled: false })] }],
    ['refused', /account 111122223333 is disabled/, ON_DEMAND, { accounts: [anAccount({ enabled: false })] }],
    ['refused', /account 111122223333 of tenant acme does not have eu-wst-1/, { regions: ['eu-wst-1'] }, {}],
  ])('inspects nothing of a message that is %s because %s', async (kind, reason, message, config) => {
    const world = await aWorld({}, aTenantConfig(config));

    const outcome = await runInspection({ message: aMessage(message), metric: LEAK_METRIC }, world, inTime);

    expect(outcome).toEqual({ kind, reason: expect.stringMatching(reason) });
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('compares new hosts where a scaling event requests it, which is no run of the schedule', async () => {
    const world = await aWorld();
    const message = aMessage({ trigger: 'scaling', scaling: { group: 'web', at: new Date(NOON).toISOString() } });

    const outcome = await runInspection({ message, metric: LEAK_METRIC }, world, inTime);

    expect(outcome).toMatchObject({
      kind: 'inspected',
      regions: [{ summary: { outcome: 'complete' }, compared: { early: 0 } }],
    });
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('inspects the regions that are known, and returns those that are not with the reason', async () => {
    const message = aMessage({ regions: ['eu-wst-1', 'eu-west-1'] });

    const outcome = await runInspection({ message, metric: LEAK_METRIC }, await aWorld(), inTime);

    expect(outcome).toMatchObject({
      kind: 'inspected',
      regions: [{ summary: { scope: SCOPE } }],
      setAside: { regions: ['eu-wst-1'], reason: expect.stringMatching(/does not have eu-wst-1/) },
    });
  });

  it.each([
    ['up to 15 minutes ahead of the clock', 15 * MINUTE, 'inspected'],
    ['further in the future', 15 * MINUTE + 1, 'refused'],
    ['two hours in the future', 2 * HOUR, 'refused'],
    ['a week old', -7 * 24 * HOUR, 'inspected'],
  ])('decides on a message that is dated %s: %s ms, %s', async (_, ahead, kind) => {
    const world = await aWorld();
    const message = aMessage({ scheduledTime: new Date(NOON + ahead).toISOString() });

    const outcome = await runInspection({ message, metric: LEAK_METRIC }, world, inTime);

    expect(outcome.kind).toBe(kind);
    expect(await world.runs.newest('acme', SCOPE, 10)).toHaveLength(kind === 'inspected' ? 1 : 0);
  });

  it('makes a run partial whose source gives up, and keeps what came before', async () => {
    const openSource: InspectionPorts['openSource'] = () => ({
      ...aSource(SCOPE.region),
      async *read() {
        yield FLAT;
        throw new SourceError('the role was taken away', { reason: 'denied', retryable: false });
      },
    });

    const { summary } = await runOnce(await aWorld({ openSource }));

    expect(summary).toMatchObject({ outcome: 'partial', hosts: { inspected: 1 }, unreadable: { denied: 1 } });
  });

  it('keeps the event of a leak in the outbox while the topic is down', async () => {
    const world = await aWorld();
    world.publisher.down = true;

    const { delivery } = await runOnce(world);

    expect(delivery).toMatchObject({ published: 0, failed: [{ retryable: true }] });
    expect(await Array.fromAsync(world.incidents.unsettled())).toHaveLength(1);
  });
});

describe('a leak that cannot be recorded', () => {
  const refusing = (error: Error): IncidentStore => ({
    ...createMemoryIncidentStore(),
    put: () => Promise.reject(error),
  });

  it('makes its run partial, with the reason', async () => {
    const incidents = refusing(new ItemError('the key is too long'));

    const { summary } = await runOnce(await aWorld({ incidents }));

    expect(summary).toMatchObject({ outcome: 'partial', hosts: { inspected: 2 }, unreadable: { malformed: 1 } });
    expect(summary.failures).toEqual([expect.stringMatching(/i-leak: malformed: .* the key is too long/)]);
  });

  it('fails the run where the store is the cause, so that its message comes again', async () => {
    const world = await aWorld({ incidents: refusing(new StoreError('the table is down')) });

    await expect(runOnce(world)).rejects.toThrow('the table is down');

    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('makes a run partial whose open incidents cannot all be read back', async () => {
    const incidents: IncidentStore = {
      ...createMemoryIncidentStore(),
      async *open() {
        yield* [];
        throw new ItemError('not an incident');
      },
    };

    const { summary } = await runOnce(await aWorld({ incidents }));

    expect(summary).toMatchObject({ outcome: 'partial', unreadable: { malformed: 1 } });
  });

  it('publishes what it finds and is closed where another incident of its scope cannot be read back', async () => {
    const incidents: IncidentStore = {
      ...createMemoryIncidentStore(),
      async *unsettledIn() {
        yield* [];
        throw new ItemError('not an incident');
      },
    };
    const world = await aWorld({ incidents });

    const { summary, delivery } = await runOnce(world);

    expect(delivery).toMatchObject({ published: 1, failed: [] });
    expect(eventsOf(world)).toEqual(['opened']);
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([summary]);
    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON, outcome: 'complete' } });
  });
});

describe('a run after a newer one', () => {
  const newest = (end: number) => aRunSummary({ scheduledTime: end, window: { start: end - 100 * HOUR, end } });
  /** Open since an hour before, with one steady run to go. */
  const almostClosed: Incident = anIncident({
    key: anIncidentKey({ host: 'i-flat' }),
    asOf: NOON - HOUR,
    story: anAlmostEndedStory(),
  });

  async function afterRunOf(end: number) {
    const world = await aWorld();
    await world.incidents.put(almostClosed, 0);
    await world.runs.put(newest(end));
    return world;
  }

  it('is logged and changes no incident, not even of a host that is steady', async () => {
    const world = await afterRunOf(NOON + MINUTE);

    const { superseded, summary } = await runOnce(world);

    expect(superseded).toBe(true);
    expect(summary.hosts.inspected).toBe(2);
    expect(await world.incidents.get(almostClosed.key)).toEqual({ value: almostClosed, version: 1 });
    expect(eventsOf(world)).toEqual([]);
  });

  it.each([
    ['up to 15 minutes ahead of the clock', 15 * MINUTE, true],
    ['further in the future', 15 * MINUTE + 1, false],
    ['hours in the future', 3 * HOUR, false],
    ['of the same window', 0, false],
    ['of an older window', -MINUTE, false],
  ])('is superseded by one %s: %s ms, %s', async (_, ahead, superseded) => {
    const world = await afterRunOf(NOON + ahead);

    expect((await runOnce(world)).superseded).toBe(superseded);

    expect(eventsOf(world)).toHaveLength(superseded ? 0 : 2);
  });

  it('is superseded by the newest one that is not in the future', async () => {
    const world = await afterRunOf(NOON + MINUTE);
    await world.runs.put(newest(NOON + 30 * 24 * HOUR));

    expect((await runOnce(world)).superseded).toBe(true);

    expect(eventsOf(world)).toEqual([]);
  });

  it('records as usual where the run log holds an entry that cannot be read back', async () => {
    const runs: RunLog = {
      ...createMemoryRunLog(() => NOON),
      newest: () => Promise.reject(new ItemError('not a run')),
    };
    const world = await aWorld({ runs });

    await runOnce(world);

    expect(eventsOf(world)).toEqual(['opened']);
  });

  it('opens nothing where the newer run ends while this one reads', async () => {
    const runs = createMemoryRunLog(() => NOON);
    const openSource: InspectionPorts['openSource'] = (_tenant, _account, region) => {
      const source = aSource(region, FLAT, LEAK);
      return {
        ...source,
        async *read(...request) {
          yield* source.read(...request);
          await runs.put(newest(NOON + MINUTE));
        },
      };
    };
    const world = await aWorld({ runs, openSource });

    const { superseded } = await runOnce(world);

    expect(superseded).toBe(false);
    expect(eventsOf(world)).toEqual([]);
  });
});

describe('the time of a run', () => {
  /** A source that hangs until its read is aborted. */
  const hanging: InspectionPorts['openSource'] = (_tenant, _account, region) => ({
    ...aSource(region),
    async *read(_request, _meter, signal) {
      yield FLAT;
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      throw new SourceError('out of time', { reason: 'timeout', retryable: true });
    },
  });
  const TEN_SECONDS = 10_000;

  it('keeps 30 seconds back from the read, to record what was found', { timeout: TEN_SECONDS }, async () => {
    const world = await aWorld({ openSource: hanging });

    const { summary } = await runOnce(world, aMessage(), { now: NOON, remainingMs: () => 30_000 });

    expect(summary).toMatchObject({ outcome: 'partial', hosts: { inspected: 1 }, unreadable: { timeout: 1 } });
  });

  const threeRegions = aTenantConfig({
    accounts: [anAccount({ regions: ['eu-west-1', 'eu-west-2', 'us-east-1'] })],
  });

  it('is enough for all regions of the message while 90 seconds are left', async () => {
    const world = await aWorld({}, threeRegions);

    const outcome = await runInspection({ message: aMessage(), metric: LEAK_METRIC }, world, {
      now: NOON,
      remainingMs: () => 90_000,
    });

    expect(outcome).toMatchObject({ kind: 'inspected', waiting: [] });
    expect(world.queue.sent).toEqual([]);
  });

  it('leaves regions to a continuation when less is left, after one region at least', async () => {
    const world = await aWorld({}, threeRegions);

    const outcome = await runInspection({ message: aMessage(), metric: LEAK_METRIC }, world, {
      now: NOON,
      remainingMs: () => 89_999,
    });

    const left = ['eu-west-2', 'us-east-1'].map((region) => aMessage({ regions: [region], trigger: 'schedule' }));
    expect(outcome).toMatchObject({ regions: [{ summary: { scope: SCOPE } }], waiting: left });
    expect(world.queue.sent).toEqual(
      left.map((message) => ({ ...message, scheduledTime: new Date(NOON).toISOString() })),
    );
  });

  it('fails where the queue does not accept the continuation', async () => {
    const world = await aWorld({}, threeRegions);
    world.queue.down = true;

    const run = runInspection({ message: aMessage(), metric: LEAK_METRIC }, world, {
      now: NOON,
      remainingMs: () => 30_000,
    });

    await expect(run).rejects.toThrow(DeliveryError);
  });
});
