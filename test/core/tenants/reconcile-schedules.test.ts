import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantConfig } from '../../../core/model/tenant.ts';
import type { ConfigStore } from '../../../core/ports/config-store.ts';
import { ItemError, SchedulerError, StoreError } from '../../../core/ports/errors.ts';
import type { Scheduler } from '../../../core/ports/scheduler.ts';
import { requireComplete } from '../../../core/tenants/reconcile-report.ts';
import { type ReconcilePorts, reconcileAll, reconcileTenant } from '../../../core/tenants/reconcile-schedules.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { createMemoryScheduler, type MemoryScheduler } from '../../memory/scheduler.ts';
import { createMemoryConfigStore } from '../../memory/stores.ts';

const ENOUGH = { remainingMs: () => 300_000 };

let configs: ConfigStore;
let scheduler: MemoryScheduler;
let ports: ReconcilePorts;

beforeEach(() => {
  configs = createMemoryConfigStore();
  scheduler = createMemoryScheduler();
  ports = { configs, scheduler };
});

interface AccountPlan {
  readonly cron?: string;
  readonly enabled?: boolean;
}

/** Saves a config with these accounts as the newest version. */
async function save(tenant: string, accounts: Readonly<Record<string, AccountPlan>>, enabled = true): Promise<void> {
  const version = (await configs.get(tenant))?.version ?? 0;
  await configs.put(configOf(tenant, accounts, enabled), version, 'external', NOON);
}

function configOf(tenant: string, accounts: Readonly<Record<string, AccountPlan>>, enabled: boolean): TenantConfig {
  const config = aTenantConfig({ tenant, enabled });
  const [template] = config.accounts;
  if (template === undefined) throw new Error('the builder makes an account');
  const made = Object.entries(accounts).map(([account, plan]) => ({
    ...template,
    account,
    enabled: plan.enabled ?? true,
    schedule: { cron: plan.cron ?? '0 * * * *', timezone: 'UTC' },
  }));
  return { ...config, accounts: made };
}

/** What is scheduled, for example `acme a 0 * * * *`. */
function scheduled(): string[] {
  return [...scheduler.schedules]
    .map(([name, schedule]) => (schedule ? `${schedule.tenant} ${schedule.account} ${schedule.cron}` : name))
    .sort();
}

describe('the schedules of a tenant', () => {
  it('are those of its accounts', async () => {
    await save('acme', { a: {}, b: { cron: '30 6 * * *' } });

    const report = await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduled()).toEqual(['acme a 0 * * * *', 'acme b 30 6 * * *']);
    expect(report).toEqual({
      tenants: 1,
      schedules: 2,
      put: { count: 2, first: ['acme/aws/a', 'acme/aws/b'] },
      removed: { count: 0, first: [] },
      failed: { count: 0, first: [] },
      left: { count: 0, first: [] },
    });
  });

  it('are written once: what is right already is not written again', async () => {
    await save('acme', { a: {}, b: {} });
    await reconcileTenant('acme', ports, ENOUGH);
    scheduler.writes.length = 0;

    const report = await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduler.writes).toEqual([]);
    expect(report).toMatchObject({ schedules: 2, put: { count: 0 }, removed: { count: 0 } });
  });

  it('follow a change: the new one is put before the old one is removed, and no other is touched', async () => {
    await save('acme', { a: {}, b: {} });
    await reconcileTenant('acme', ports, ENOUGH);
    scheduler.writes.length = 0;
    await save('acme', { a: { cron: '30 * * * *' }, b: {} });

    await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduler.writes).toEqual(['put a', 'remove a']);
    expect(scheduled()).toEqual(['acme a 30 * * * *', 'acme b 0 * * * *']);
  });

  it.each([
    ['the account is disabled', { a: { enabled: false }, b: {} }, true, ['acme b 0 * * * *']],
    ['the account is no longer in the config', { b: {} }, true, ['acme b 0 * * * *']],
    ['the tenant is disabled', { a: {}, b: {} }, false, []],
  ])('are removed where %s', async (_, accounts, enabled, expected) => {
    await save('acme', { a: {}, b: {} });
    await reconcileTenant('acme', ports, ENOUGH);
    await save('acme', accounts, enabled);

    await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduled()).toEqual(expected);
  });

  it('are removed where the tenant is gone, and those of others stay', async () => {
    await save('acme-2', { a: {} });
    await reconcileTenant('acme-2', ports, ENOUGH);
    await scheduler.put({ tenant: 'acme', provider: 'aws', account: 'a', cron: '0 * * * *', timezone: 'UTC' });

    await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduled()).toEqual(['acme-2 a 0 * * * *']);
  });

  it('are those of the newest config where it is saved again meanwhile', async () => {
    await save('acme', { a: {} });
    const saving = afterFirst(scheduler, 'put', () => save('acme', { a: { cron: '30 * * * *' } }));

    await reconcileTenant('acme', { configs, scheduler: saving }, ENOUGH);

    expect(scheduled()).toEqual(['acme a 30 * * * *']);
  });

  it('are those of the newest config when two runs have read different ones', async () => {
    await save('acme', { a: {} });
    const other = afterFirst(scheduler, 'list', async () => {
      await save('acme', { a: { cron: '30 * * * *' } });
      await reconcileTenant('acme', ports, ENOUGH);
    });

    await reconcileTenant('acme', { configs, scheduler: other }, ENOUGH);

    expect(scheduled()).toEqual(['acme a 30 * * * *']);
  });

  it('are reported as failed where the config never rests', async () => {
    await save('acme', { a: {} });
    let minute = 1;
    const saving: Scheduler = {
      ...scheduler,
      async put(schedule) {
        await scheduler.put(schedule);
        await save('acme', { a: { cron: `${minute++} * * * *` } });
      },
    };

    const report = await reconcileTenant('acme', { configs, scheduler: saving }, ENOUGH);

    expect(report.failed.first).toEqual([
      'the config of tenant acme was saved again each time that its schedules were changed',
    ]);
  });
});

describe('a write that fails', () => {
  it('does not stop the others, and is reported', async () => {
    await save('acme', { a: {}, b: {}, c: {} });
    scheduler.failing.add('b');

    const report = await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduled()).toEqual(['acme a 0 * * * *', 'acme c 0 * * * *']);
    expect(report.failed).toEqual({ count: 1, first: ['acme/aws/b: Rate exceeded'] });
    expect(() => requireComplete(report)).toThrow(
      /^Not all schedules are as the configs have them\. 1 failed: acme\/aws\/b: Rate exceeded\./,
    );
  });

  it('leaves the account its old schedule, and changes the others', async () => {
    await save('acme', { a: {}, b: {}, c: {} });
    await reconcileTenant('acme', ports, ENOUGH);
    await save('acme', { a: { cron: '30 * * * *' }, b: { cron: '30 * * * *' } });
    scheduler.failing.add('b');

    await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduled()).toEqual(['acme a 30 * * * *', 'acme b 0 * * * *']);
  });

  it('is made good by the next run', async () => {
    await save('acme', { a: {}, b: {} });
    scheduler.failing.add('b');
    await reconcileTenant('acme', ports, ENOUGH);
    scheduler.failing.clear();
    scheduler.writes.length = 0;

    const report = await reconcileTenant('acme', ports, ENOUGH);

    expect(scheduler.writes).toEqual(['put b']);
    expect(() => requireComplete(report)).not.toThrow();
  });

  it('throws at once where it is a mistake of ours', async () => {
    await save('acme', { a: {} });
    const wrong: Scheduler = {
      ...scheduler,
      put: async () => Promise.reject(new TypeError('undefined is no function')),
    };

    await expect(reconcileTenant('acme', { configs, scheduler: wrong }, ENOUGH)).rejects.toThrow(TypeError);
  });

  it('is reported for an account that cannot be scheduled at all, and the others are', async () => {
    await save('acme', { a: { cron: '0 0 L * *' }, b: {} });
    const strict: Scheduler = {
      ...scheduler,
      nameOf(schedule) {
        if (schedule.cron.includes('L')) throw new SchedulerError('The cron 0 0 L * * cannot be scheduled.');
        return scheduler.nameOf(schedule);
      },
    };

    const report = await reconcileAll({ configs, scheduler: strict }, ENOUGH);

    expect(scheduled()).toEqual(['acme b 0 * * * *']);
    expect(report.failed.first).toEqual(['acme/aws/a: The cron 0 0 L * * cannot be scheduled.']);
  });
});

describe('the schedules of all tenants', () => {
  it('are put right both ways: missing ones, superfluous ones, and those of nobody', async () => {
    await save('acme', { a: {}, b: {} });
    await save('globex', { c: {} });
    await save('initech', { d: {} }, false);
    await reconcileAll(ports, ENOUGH);
    const [first = ''] = scheduler.schedules.keys();
    scheduler.schedules.delete(first);
    for (const tenant of ['gone', 'initech', 'globex']) {
      await scheduler.put({ tenant, provider: 'aws', account: 'x', cron: '0 0 * * *', timezone: 'UTC' });
    }
    scheduler.schedules.set('nightly-backup', undefined);

    const report = await reconcileAll(ports, ENOUGH);

    expect(scheduled()).toEqual(['acme a 0 * * * *', 'acme b 0 * * * *', 'globex c 0 * * * *']);
    expect(report).toMatchObject({ tenants: 4, schedules: 3, put: { count: 1 }, removed: { count: 4 } });
  });

  it('are read and not written where they are right', async () => {
    await save('acme', { a: {}, b: {} });
    await save('globex', { c: {} });
    await reconcileAll(ports, ENOUGH);
    scheduler.writes.length = 0;
    let reads = 0;
    const get: ConfigStore['get'] = (tenant) => {
      reads++;
      return configs.get(tenant);
    };
    const counted = { list: () => configs.list(), get };

    const report = await reconcileAll({ configs: counted, scheduler }, ENOUGH);

    expect(scheduler.writes).toEqual([]);
    expect(reads).toBe(0);
    expect(report).toMatchObject({ tenants: 2, schedules: 3, put: { count: 0 }, removed: { count: 0 } });
  });

  it('stay where a config cannot be read, and those of the others are put right', async () => {
    await save('acme', { a: {} });
    await save('globex', { b: {} });
    await reconcileAll(ports, ENOUGH);
    await save('globex', { b: { cron: '30 * * * *' } });

    const report = await reconcileAll({ configs: withCorrupt(configs, 'acme'), scheduler }, ENOUGH);

    expect(scheduled()).toEqual(['acme a 0 * * * *', 'globex b 30 * * * *']);
    expect(report.failed).toMatchObject({ count: 2, first: ['acme is corrupt', 'tenant acme: acme is corrupt'] });
  });

  it('are not touched where the configs or the schedules cannot be listed', async () => {
    await save('acme', { a: {} });
    await reconcileAll(ports, ENOUGH);
    scheduler.writes.length = 0;
    const unread: ReconcilePorts['configs'] = {
      get: configs.get,
      list: async function* () {
        yield* [];
        throw new StoreError('the table is throttled');
      },
    };

    await expect(reconcileAll({ configs: unread, scheduler }, ENOUGH)).rejects.toThrow(StoreError);
    scheduler.down = true;
    await expect(reconcileAll(ports, ENOUGH)).rejects.toThrow(SchedulerError);

    expect(scheduler.writes).toEqual([]);
  });

  it('stay where the table of configs holds no tenant', async () => {
    await save('acme', { a: {} });
    await reconcileAll(ports, ENOUGH);
    scheduler.schedules.set('nightly-backup', undefined);
    scheduler.writes.length = 0;

    const run = reconcileAll({ configs: createMemoryConfigStore(), scheduler }, ENOUGH);

    await expect(run).rejects.toThrow(
      /^1 of the 1 tenants that have schedules have no config that can be read: acme\. Nothing was changed\./,
    );
    expect(scheduler.writes).toEqual([]);
  });

  it.each([
    [8, 3, true],
    [8, 4, false],
    [6, 2, true],
    [6, 3, false],
    [3, 1, false],
  ])('of %i tenants, of which %i have a config now, stay: %s', async (before, after, isRefused) => {
    for (let index = 0; index < before; index++) await save(`tenant-${index}`, { a: {} });
    await reconcileAll(ports, ENOUGH);
    scheduler.writes.length = 0;
    configs = createMemoryConfigStore();
    for (let index = 0; index < after; index++) await save(`tenant-${index}`, { a: {} });

    const error = await reconcileAll({ configs, scheduler }, ENOUGH).then(
      () => undefined,
      (reason: unknown) => reason,
    );

    if (isRefused) expect(error).toBeInstanceOf(SchedulerError);
    else expect(error).toBeUndefined();
    expect(scheduler.writes).toHaveLength(isRefused ? 0 : before - after);
  });

  it('are removed where they are nobody’s and there is no tenant yet', async () => {
    scheduler.schedules.set('nightly-backup', undefined);

    await reconcileAll(ports, ENOUGH);

    expect(scheduled()).toEqual([]);
  });

  it('name no more than the first of many in the report', async () => {
    await save('acme', Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, {}])));

    const { put } = await reconcileAll(ports, ENOUGH);

    expect(put).toEqual({ count: 40, first: ['a0', 'a1', 'a2', 'a3', 'a4'].map((account) => `acme/aws/${account}`) });
  });
});

describe('a run whose time is nearly over', () => {
  /** Time for so many looks at the clock. */
  function timeFor(looks: number) {
    let left = looks;
    return { remainingMs: () => (left-- > 0 ? 300_000 : 39_000) };
  }

  it('begins no write, and reports what is left', async () => {
    await save('acme', { a: {} });
    await save('globex', { b: {} });

    const report = await reconcileAll(ports, timeFor(0));

    expect(scheduler.writes).toEqual([]);
    expect(report.left).toEqual({ count: 2, first: ['tenant acme', 'tenant globex'] });
    expect(() => requireComplete(report)).toThrow(/2 were left because the time was nearly over: tenant acme/);
  });

  it('leaves no account without a schedule, wherever it ends, and is continued by the next one', async () => {
    for (let looks = 0; looks < 12; looks++) {
      const tenant = `acme-${looks}`;
      await save(tenant, { a: {}, b: {}, c: {} });
      await reconcileTenant(tenant, ports, ENOUGH);
      const change = { cron: '30 * * * *' };
      await save(tenant, { a: change, b: change, c: change });

      await reconcileTenant(tenant, ports, timeFor(looks));

      const accounts = new Set([...scheduler.schedules.values()].map((schedule) => schedule?.account));
      expect(accounts).toEqual(new Set(['a', 'b', 'c']));

      const report = await reconcileTenant(tenant, ports, ENOUGH);
      expect(report.left.count).toBe(0);
    }
    expect(scheduled().every((text) => text.endsWith(' 30 * * * *'))).toBe(true);
    expect(scheduled()).toHaveLength(12 * 3);
  });
});

/** The scheduler, which does something else once, behind the first call of a method. */
function afterFirst(honest: Scheduler, method: 'put' | 'list', work: () => Promise<void>): Scheduler {
  let done = false;
  const once = async () => {
    if (done) return;
    done = true;
    await work();
  };
  return {
    ...honest,
    async put(schedule) {
      await honest.put(schedule);
      if (method === 'put') await once();
    },
    async *list(tenant) {
      const listed = await Array.fromAsync(honest.list(tenant));
      if (method === 'list') await once();
      yield* listed;
    },
  };
}

/** As the table's store does: all that can be read are listed before the error. */
function withCorrupt(store: ConfigStore, tenant: string): ReconcilePorts['configs'] {
  const corrupt = new ItemError(`${tenant} is corrupt`);
  return {
    get: (name) => (name === tenant ? Promise.reject(corrupt) : store.get(name)),
    async *list() {
      for await (const stored of store.list()) if (stored.config.tenant !== tenant) yield stored;
      throw corrupt;
    },
  };
}
