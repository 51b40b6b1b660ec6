import { describe, expect, it } from 'vitest';
import { type WatchPorts, watchTenants } from '../../../core/health/watch.ts';
import type { FailingJob, JobAt } from '../../../core/model/health.ts';
import type { Label, Mute } from '../../../core/model/mute.ts';
import { serviceEventSchema } from '../../../core/model/service-event.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { HealthStore } from '../../../core/ports/health-store.ts';
import { aJobSpend } from '../../contract/spend-store.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJob } from '../../fixtures/point-jobs.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import {
  createMemoryConfigStore,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentList,
  createMemoryIncidentStore,
  createMemorySpendStore,
  createMemoryTenantItems,
} from '../../memory/stores.ts';

const PARTIAL = { outcome: 'partial', failure: 'denied', partial: { runs: 2, since: NOON - HOUR } } as const;

interface World extends WatchPorts {
  readonly publisher: ReturnType<typeof createMemoryPublisher>;
}

/** Tenants whose one account failed twice. */
async function aWorld(tenants: readonly string[], overrides: Partial<WatchPorts> = {}): Promise<World> {
  const [configs, health, publisher] = [createMemoryConfigStore(), createMemoryHealthStore(), createMemoryPublisher()];
  for (const tenant of tenants) {
    await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON - 100 * HOUR);
    await health.putWatch(tenant, { accounts: [], aliveOn: '2026-11-20' }, 0);
    await health.put(aScopeHealth({ tenant, ...PARTIAL }), 0);
    await publisher.ensureTopic(tenant);
  }
  const [spend, log] = [createMemorySpendStore(), createMemoryEventLog()];
  const marks = { mutes: createMemoryTenantItems<Mute>(), labels: createMemoryTenantItems<Label>() };
  const incidentList = createMemoryIncidentList(createMemoryIncidentStore());
  const ports = { configs, health, spend, incidentList, log, ...marks, remind: async () => 0 };
  return { ...ports, failingJobs: async () => ({ failing: [], paused: [] }), ...overrides, publisher };
}

const at = (minutes: number, remainingMs = () => 300_000) => ({ now: NOON + minutes * MINUTE, remainingMs });
const kindsOf = ({ publisher }: World, tenant: string) =>
  (publisher.serviceEvents.get(tenant) ?? []).map(({ data }) => data.kind);

const CAP = { usdPerMonth: 100 };
const EXPENSIVE = { month: '2026-11', usd: 60, usdPerHost: 0.005, hosts: 100, watched: 10 };

/** A tenant whose schedules would spend 125 dollars more until the end of the month. */
async function aWorldNearItsCap(overrides: Partial<WatchPorts> = {}): Promise<World> {
  const world = await aWorld([], overrides);
  await world.configs.put(aTenantConfig({ costCap: CAP }), 0, 'external', NOON - 100 * HOUR);
  await world.health.putWatch('acme', { accounts: [], aliveOn: '2026-11-20' }, 0);
  await world.health.put(aScopeHealth({ spent: EXPENSIVE }), 0);
  await world.publisher.ensureTopic('acme');
  return world;
}

describe('a cost cap that is watched', () => {
  it('reduces the cadence of its tenant, and reports that once', async () => {
    const world = await aWorldNearItsCap();

    await watchTenants(world, at(5));
    const { published, failures } = await watchTenants(world, at(20));

    expect({ published, failures }).toEqual({ published: 0, failures: [] });
    expect(kindsOf(world, 'acme')).toEqual(['cadence_reduced']);
    expect((await world.spend.getCap('acme'))?.value).toMatchObject({ quietHours: 4, reportedHours: 4 });
  });

  it('counts what requests on demand spent, and refuses none of them', async () => {
    const world = await aWorldNearItsCap();
    const spend = { month: '2026-11', request: 'request-1', scope: aScopeHealth().scope };
    await world.spend.addRequest('acme', { ...spend, usd: 30 });

    await watchTenants(world, at(5));

    const [event] = world.publisher.serviceEvents.get('acme') ?? [];
    expect(event?.data).toMatchObject({ spentUsd: 90, quietHours: 4 });
    expect(event?.data).toHaveProperty('exceedsUsd', expect.closeTo(30.8, 0));
  });

  it('slows jobs down by what their inspections cost, before quiet hosts', async () => {
    const world = await aWorldNearItsCap();
    const accounts = [anAccount({ anomalies: [aJob()] })];
    await world.configs.put(aTenantConfig({ costCap: { usdPerMonth: 200 }, accounts }), 1, 'external', NOON);
    await world.spend.addJob('acme', aJobSpend({ usd: 1, usdPerMetric: 0.01 }));

    await watchTenants(world, at(5));

    const [event] = world.publisher.serviceEvents.get('acme') ?? [];
    expect(event?.data).toMatchObject({ kind: 'cadence_reduced', spentUsd: 61, jobs: 1, quietHours: 0, exceedsUsd: 0 });
    expect((await world.spend.getCap('acme'))?.value).toMatchObject({ jobs: 1, reportedJobs: 1, quietHours: 0 });
  });

  it('begins a month with jobs as slow as they have to be, by what they cost in the one before', async () => {
    const world = await aWorldNearItsCap();
    const accounts = [anAccount({ anomalies: [aJob()] })];
    await world.configs.put(aTenantConfig({ costCap: { usdPerMonth: 200 }, accounts }), 1, 'external', NOON);
    await world.spend.addJob('acme', aJobSpend({ usd: 1, usdPerMetric: 0.01 }));
    await world.spend.addJob('acme', aJobSpend({ month: '2026-12', usd: 0.1, usdPerMetric: null }));
    await watchTenants(world, at(5));

    const month = Date.UTC(2026, 11, 1) - NOON;
    for (const minute of [5, 20]) await watchTenants(world, at(month / MINUTE + minute));

    expect((await world.spend.getCap('acme'))?.value).toMatchObject({ jobs: 1, reportedJobs: 1 });
    expect(kindsOf(world, 'acme')).not.toContain('cadence_restored');
  });

  it('reduces the cadence while the topic accepts no event, which is sent later', async () => {
    const refusing = await aWorldNearItsCap();
    const outage = { ...refusing, publisher: { ...refusing.publisher, publish: refuseAll } };

    const { failures } = await watchTenants(outage, at(5));
    const kept = await refusing.spend.getCap('acme');
    await watchTenants(refusing, at(20));

    expect(failures).toHaveLength(1);
    expect(kept?.value).toMatchObject({ quietHours: 4, reportedHours: 0 });
    expect(kindsOf(refusing, 'acme')).toEqual(['cadence_reduced']);
  });

  it('is reported where what it leads to cannot be read back, and its accounts are watched even so', async () => {
    const corrupt = {
      ...createMemorySpendStore(),
      getCap: async () => {
        throw new ItemError('not as Plimsoll writes it');
      },
    };
    const world = await aWorldNearItsCap({ spend: corrupt });

    const { tenants, failures } = await watchTenants(world, at(5));

    expect([tenants, failures.map(({ error }) => error.message)]).toEqual([1, ['not as Plimsoll writes it']]);
  });
});

const refuseAll: WatchPorts['publisher']['publish'] = async (events) =>
  events.map(({ id }) => ({ id, kind: 'failed' as const, retryable: true, detail: 'the topic does not answer' }));

describe('watchTenants', () => {
  it('publishes what is due for every tenant, once', async () => {
    const tenants = Array.from({ length: 30 }, (_, index) => `tenant-${index}`);
    const world = await aWorld(tenants);

    const first = await watchTenants(world, at(5));
    const second = await watchTenants(world, at(20));

    const counts = { tenants: 30, missedRegions: 0, failingAccounts: 30, stoppedHosts: 0, reminded: 0, failures: [] };
    expect(first).toEqual({ ...counts, newlyFailingAccounts: 30, published: 30 });
    expect(second).toEqual({ ...counts, newlyFailingAccounts: 0, published: 0 });
    for (const tenant of tenants) expect(kindsOf(world, tenant)).toEqual(['inspection_failed']);
  });

  it('counts regions that were missed and hosts whose agents stopped', async () => {
    const world = await aWorld(['acme', 'globex']);
    await world.health.put(
      aScopeHealth({ tenant: 'globex', slot: NOON + 5 * HOUR, stopped: { count: 7, first: ['i-1: stopped'] } }),
      1,
    );

    const report = await watchTenants(world, at(5 * 60));

    expect(report).toMatchObject({ missedRegions: 1, failingAccounts: 1, stoppedHosts: 7 });
  });

  it('counts an account as newly failing once, in the run in which its tenant is notified', async () => {
    const world = await aWorld(['acme', 'globex']);
    world.publisher.refused.add(`globex/aws/111122223333/inspection_failed/${new Date(NOON - HOUR).toISOString()}`);
    const newlyFailing = async (minutes: number) => (await watchTenants(world, at(minutes))).newlyFailingAccounts;

    const first = [await newlyFailing(5), await newlyFailing(20)];
    world.publisher.refused.clear();

    expect(first).toEqual([1, 0]);
    expect([await newlyFailing(35), await newlyFailing(50)]).toEqual([1, 0]);
  });

  it('sends an event again, under the same id, until the topic accepts it', async () => {
    const world = await aWorld(['acme']);
    world.publisher.down = true;

    const { failures } = await watchTenants(world, at(5));
    world.publisher.down = false;
    const again = await watchTenants(world, at(20));

    expect(failures).toMatchObject([
      { tenant: 'acme', error: { message: expect.stringContaining('did not accept 1 events') } },
    ]);
    expect(again.failures).toEqual([]);
    expect(kindsOf(world, 'acme')).toEqual(['inspection_failed']);
  });

  it('remembers the events that were accepted where another was refused', async () => {
    const world = await aWorld(['acme']);
    world.publisher.refused.add('acme/alive/2026-11-21');

    await watchTenants(world, at(12 * 60));
    await watchTenants(world, at(12 * 60 + 15));
    world.publisher.refused.clear();
    await watchTenants(world, at(12 * 60 + 30));

    expect(kindsOf(world, 'acme')).toEqual(['inspection_failed', 'alive']);
  });

  it('watches the others where the store, the topic or the config of a tenant fails, and reports each', async () => {
    const honest = createMemoryHealthStore();
    const health: HealthStore = {
      ...honest,
      getWatch: async (tenant) => {
        if (tenant === 'b') throw new StoreError('the table was throttled');
        return honest.getWatch(tenant);
      },
    };
    const configs = createMemoryConfigStore();
    const world = await aWorld([], { health, configs: { ...configs, list: () => corruptAtTheEnd(configs.list()) } });
    for (const tenant of ['a', 'b', 'c', 'd']) {
      await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON);
      if (tenant !== 'c') await world.publisher.ensureTopic(tenant);
    }

    const { tenants, failures } = await watchTenants(world, at(5));

    expect(failures.map(({ tenant }) => tenant).toSorted()).toEqual(['b', 'c', null]);
    expect(tenants).toBe(3);
    for (const tenant of ['a', 'd']) expect(kindsOf(world, tenant)).toEqual(['alive']);
  });

  it('goes on without the health of a region that cannot be read back, and reports it', async () => {
    const honest = createMemoryHealthStore();
    const list = async function* (tenant: string) {
      yield* honest.list(tenant);
      throw new ItemError('HEALTH#… is not as Plimsoll writes it');
    };
    const world = await aWorld([], { health: { ...honest, list } });
    const configs = createMemoryConfigStore();
    await configs.put(aTenantConfig(), 0, 'external', NOON);
    await world.publisher.ensureTopic('acme');

    const { failures, tenants } = await watchTenants({ ...world, configs }, at(5));

    expect(tenants).toBe(1);
    expect(kindsOf(world, 'acme')).toEqual(['alive']);
    expect(failures).toMatchObject([{ tenant: 'acme', error: { message: expect.stringContaining('HEALTH#') } }]);
  });

  it('reminds each tenant, and goes on where that fails', async () => {
    const remind: WatchPorts['remind'] = async ({ tenant }) => {
      if (tenant === 'acme') throw new StoreError('the table was throttled');
      return 3;
    };
    const world = await aWorld(['acme', 'globex'], { remind });

    const { reminded, published, failures } = await watchTenants(world, at(5));

    expect([reminded, published]).toEqual([3, 2]);
    expect(failures).toMatchObject([{ tenant: 'acme', error: { message: 'the table was throttled' } }]);
  });

  it('stops in time, and reports with which tenant', async () => {
    const world = await aWorld(Array.from({ length: 40 }, (_, index) => `tenant-${index + 10}`));
    let tenants = 0;

    const { failures } = await watchTenants(
      world,
      at(5, () => (tenants++ < 20 ? 300_000 : 19_999)),
    );

    expect(failures.length).toBeGreaterThan(0);
    expect(failures[0]).toMatchObject({ tenant: 'tenant-30', error: { message: expect.stringContaining('no time') } });
    expect(world.publisher.serviceEvents.get('tenant-29')).toHaveLength(1);
    expect(world.publisher.serviceEvents.get('tenant-49')).toEqual([]);
  });

  it('reads few tenants at a time', async () => {
    const honest = createMemoryHealthStore();
    let [running, most] = [0, 0];
    const health: HealthStore = {
      ...honest,
      async getWatch(tenant) {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return honest.getWatch(tenant);
      },
    };
    const world = await aWorld(
      Array.from({ length: 50 }, (_, index) => `tenant-${index}`),
      { health },
    );

    await watchTenants(world, at(5));

    expect(most).toBe(10);
  });

  it('publishes an event under one id where two runs overlap', async () => {
    const world = await aWorld(['acme']);

    await Promise.all([watchTenants(world, at(5)), watchTenants(world, at(6))]);

    const ids = (world.publisher.serviceEvents.get('acme') ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect((await watchTenants(world, at(20))).published).toBe(0);
  });
});

async function* corruptAtTheEnd(tenants: AsyncIterable<StoredTenant>): AsyncIterable<StoredTenant> {
  yield* tenants;
  throw new ItemError('the config of tenant e is not as Plimsoll writes it');
}

describe('jobs that are watched', () => {
  const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
  const failing: FailingJob = { job: 'resident', scope, state: 'failing', message: 'denied: no role' };

  /** A world whose jobs fail while that is so. */
  async function aWorldOfJobs() {
    const jobs: FailingJob[] = [failing];
    const paused: JobAt[] = [];
    const world = await aWorld([], { failingJobs: async () => ({ failing: jobs, paused }) });
    await world.configs.put(aTenantConfig(), 0, 'external', NOON - 100 * HOUR);
    await world.health.putWatch('acme', { accounts: [], aliveOn: '2026-11-20' }, 0);
    await world.health.put(aScopeHealth(), 0);
    await world.publisher.ensureTopic('acme');
    return { world, jobs, paused };
  }

  it('are reported once they have failed for half an hour, and when they no longer do', async () => {
    const { world, jobs } = await aWorldOfJobs();

    for (const minute of [5, 20, 35, 50]) await watchTenants(world, at(minute));
    const [reported] = world.publisher.serviceEvents.get('acme') ?? [];
    jobs.length = 0;
    for (const minute of [65, 80]) await watchTenants(world, at(minute));

    expect(kindsOf(world, 'acme')).toEqual(['jobs_failed', 'jobs_restored']);
    expect(serviceEventSchema.parse(reported)).toMatchObject({
      id: 'acme/jobs_failed/2026-11-20T12:05:00.000Z',
      data: {
        failing: 1,
        summary: '1 job of acme inspects nothing since 2026-11-20 12:05 UTC',
        jobs: [{ job: 'resident' }],
      },
    });
    expect((await world.health.getWatch('acme'))?.value).not.toHaveProperty('jobs');
  });

  it('are no news where they fail for less', async () => {
    const { world, jobs } = await aWorldOfJobs();

    await watchTenants(world, at(5));
    jobs.length = 0;
    await watchTenants(world, at(20));
    jobs.push(failing);
    await watchTenants(world, at(35));

    expect(kindsOf(world, 'acme')).toEqual([]);
  });

  it('are no news where one after the other fails for less', async () => {
    const { world, jobs } = await aWorldOfJobs();

    for (const minute of [5, 20, 35, 50, 65]) {
      jobs.splice(0, 1, { ...failing, job: `job-${minute}` });
      await watchTenants(world, at(minute));
    }

    expect(kindsOf(world, 'acme')).toEqual([]);
  });

  it('are reported where another one has failed for long', async () => {
    const { world, jobs } = await aWorldOfJobs();
    const another: FailingJob = { ...failing, job: 'another' };

    for (const minute of [5, 35]) await watchTenants(world, at(minute));
    jobs.push(another);
    for (const minute of [50, 80]) await watchTenants(world, at(minute));
    jobs.shift();
    await watchTenants(world, at(95));
    jobs.length = 0;
    for (const minute of [110, 125]) await watchTenants(world, at(minute));

    expect(kindsOf(world, 'acme')).toEqual(['jobs_failed', 'jobs_failed', 'jobs_restored']);
    expect(world.publisher.serviceEvents.get('acme')?.[1]).toMatchObject({
      data: { failing: 1, jobs: [{ job: 'another' }] },
    });
  });

  it('are not restored by a cost cap that pauses them', async () => {
    const { world, jobs, paused } = await aWorldOfJobs();

    for (const minute of [5, 35]) await watchTenants(world, at(minute));
    jobs.length = 0;
    paused.push({ job: failing.job, scope });
    await watchTenants(world, at(50));
    const whilePaused = kindsOf(world, 'acme');
    paused.length = 0;
    await watchTenants(world, at(65));

    expect(whilePaused).toEqual(['jobs_failed']);
    expect(kindsOf(world, 'acme')).toEqual(['jobs_failed', 'jobs_restored']);
  });

  it('are kept in a state of a bounded size, with as many as there may be', async () => {
    const { world, jobs } = await aWorldOfJobs();
    jobs.push(...Array.from({ length: 700 }, (_, index) => ({ ...failing, job: `job-${index}` })));

    for (const minute of [5, 35, 50]) await watchTenants(world, at(minute));

    expect(kindsOf(world, 'acme')).toEqual(['jobs_failed']);
    expect((await world.health.getWatch('acme'))?.value.jobs).toHaveLength(500);
  });

  it('are reported again where the topic accepted nothing, and once', async () => {
    const { world } = await aWorldOfJobs();
    const outage = { ...world, publisher: { ...world.publisher, publish: refuseAll } };

    await watchTenants(world, at(5));
    await watchTenants(outage, at(35));
    await watchTenants(world, at(50));
    await watchTenants(world, at(65));

    expect(kindsOf(world, 'acme')).toEqual(['jobs_failed']);
  });

  it('hide no account where nobody knows how they do', async () => {
    const world = await aWorld(['acme'], { failingJobs: () => Promise.reject(new StoreError('the bucket is gone')) });

    const { failures, published } = await watchTenants(world, at(5));

    expect([published, failures.map(({ error }) => error.message)]).toEqual([1, ['the bucket is gone']]);
  });
});
