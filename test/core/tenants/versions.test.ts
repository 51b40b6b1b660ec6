/** What puts, switches and comparisons of versions do to a config. */
import { describe, expect, it } from 'vitest';
import { changeSummary } from '../../../core/tenants/change-summary.ts';
import { putTenant } from '../../../core/tenants/put-tenant.ts';
import { scheduleDifference } from '../../../core/tenants/schedule-changes.ts';
import { setEnabled } from '../../../core/tenants/set-enabled.ts';
import { anAccount, aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

const CALLER = 'arn:aws:sts::111122223333:assumed-role/operators/ada';
const OTHER = '222233334444';
const other = anAccount({ account: OTHER, role: `arn:aws:iam::${OTHER}:role/plimsoll-reader` });

function aDeployment() {
  return {
    configs: createMemoryConfigStore(),
    publisher: createMemoryPublisher(),
    deleted: createMemoryDeletedTenants(),
  };
}

const OPTIONS = { newExternalId: 'external', now: NOON };

describe('putTenant', () => {
  it('keeps who put a version', async () => {
    const ports = aDeployment();

    await putTenant(aTenantConfig(), ports, { ...OPTIONS, putBy: CALLER });

    expect(await ports.configs.get('acme')).toMatchObject({ putBy: CALLER });
  });

  it('refuses the id of a deleted tenant while its results are kept, and makes no topic', async () => {
    const ports = aDeployment();
    const deleted = { tenant: 'acme', deletedAt: NOON, resultsUntil: NOON + 1 };
    await ports.deleted.put(deleted);

    const refused = await putTenant(aTenantConfig(), ports, OPTIONS);
    await ports.deleted.remove('acme');
    const stored = await putTenant(aTenantConfig(), ports, OPTIONS);

    expect(refused).toEqual({ kind: 'taken', deleted });
    expect(stored.kind).toBe('stored');
  });

  it('puts a tenant whose deletion has begun only where that is requested, even with the same config', async () => {
    const ports = aDeployment();
    const config = aTenantConfig({ enabled: false });
    await ports.configs.put(config, 0, 'external', NOON, CALLER, { disabledAt: NOON });

    const refused = await putTenant(config, ports, OPTIONS);
    const stored = await putTenant(config, ports, { ...OPTIONS, stopsDeletion: true });

    expect(refused).toMatchObject({ kind: 'deleting', tenant: { version: 1 } });
    expect(stored).toMatchObject({ kind: 'stored', tenant: { version: 2 } });
    expect(await ports.configs.get('acme')).not.toHaveProperty('deletion');
  });

  it('gives both versions where somebody was faster', async () => {
    const ports = aDeployment();
    for (const name of ['first', 'second']) await putTenant(aTenantConfig({ name }), ports, OPTIONS);

    const stale = await putTenant(aTenantConfig({ name: 'mine' }), ports, { ...OPTIONS, expectedVersion: 1 });

    expect(stale).toMatchObject({
      kind: 'conflict',
      newestVersion: 2,
      seen: { config: { name: 'first' } },
      newest: { config: { name: 'second' } },
    });
  });

  it('gives both versions where it loses a race', async () => {
    const ports = aDeployment();
    await putTenant(aTenantConfig({ name: 'first' }), ports, OPTIONS);
    const racing = {
      ...ports.configs,
      async put(...args: Parameters<typeof ports.configs.put>) {
        await ports.configs.put(aTenantConfig({ name: 'faster' }), 1, 'external', NOON);
        return ports.configs.put(...args);
      },
    };

    const lost = await putTenant(aTenantConfig({ name: 'mine' }), { ...ports, configs: racing }, OPTIONS);

    expect(lost).toMatchObject({
      kind: 'conflict',
      newestVersion: 2,
      seen: { config: { name: 'first' } },
      newest: { config: { name: 'faster' } },
    });
  });
});

describe('setEnabled', () => {
  async function aTenant() {
    const configs = createMemoryConfigStore();
    await configs.put(aTenantConfig({ accounts: [anAccount(), other] }), 0, 'external', NOON);
    return configs;
  }

  it('disables a tenant as a new version', async () => {
    const configs = await aTenant();

    const outcome = await setEnabled({ tenant: 'acme', enabled: false }, configs, NOON, CALLER);

    expect(outcome).toMatchObject({ kind: 'stored', version: 2 });
    expect(await configs.get('acme')).toMatchObject({
      version: 2,
      putBy: CALLER,
      externalId: 'external',
      config: { enabled: false, accounts: [{ enabled: true }, { enabled: true }] },
    });
  });

  it('disables one account of it', async () => {
    const configs = await aTenant();

    await setEnabled({ tenant: 'acme', enabled: false, account: OTHER }, configs, NOON);

    expect(await configs.get('acme')).toMatchObject({
      config: { enabled: true, accounts: [{ enabled: true }, { enabled: false }] },
    });
  });

  it('stores nothing where it is so already', async () => {
    const configs = await aTenant();

    expect(await setEnabled({ tenant: 'acme', enabled: true }, configs, NOON)).toMatchObject({ kind: 'unchanged' });
    expect(await configs.get('acme')).toMatchObject({ version: 1 });
  });

  it.each([
    ['a tenant', { tenant: 'beta' }, 'no_tenant'],
    ['an account', { tenant: 'acme', account: '999999999999' }, 'no_account'],
    ['an account of a cloud', { tenant: 'acme', account: OTHER, provider: 'gcp' as const }, 'no_account'],
  ])('knows %s that is not there', async (_, named, kind) => {
    expect(await setEnabled({ ...named, enabled: false }, await aTenant(), NOON)).toEqual({ kind });
  });

  it('stores nothing of a tenant whose deletion has begun', async () => {
    const configs = createMemoryConfigStore();
    await configs.put(aTenantConfig({ enabled: false }), 0, 'external', NOON, CALLER, { disabledAt: NOON });

    expect(await setEnabled({ tenant: 'acme', enabled: true }, configs, NOON)).toMatchObject({ kind: 'deleting' });
    expect(await configs.get('acme')).toMatchObject({ version: 1 });
  });

  it('stores nothing over another version than the caller has seen', async () => {
    const configs = await aTenant();
    const change = { tenant: 'acme', enabled: false, expectedVersion: 7 };

    expect(await setEnabled(change, configs, NOON)).toEqual({ kind: 'conflict' });
    expect(await configs.get('acme')).toMatchObject({ version: 1, config: { enabled: true } });
    expect(await setEnabled({ ...change, expectedVersion: 1 }, configs, NOON)).toMatchObject({ kind: 'stored' });
  });

  it('stores nothing where somebody else is changing the tenant', async () => {
    const configs = { ...(await aTenant()), put: async () => 'conflict' as const };

    expect(await setEnabled({ tenant: 'acme', enabled: false }, configs, NOON)).toEqual({ kind: 'conflict' });
  });
});

describe('changeSummary', () => {
  const base = aTenantConfig({ policy: { threshold: 0.7 } });

  it.each([
    ['the first version', undefined, base, 'first version, 1 account'],
    ['a value', base, aTenantConfig({ policy: { threshold: 0.8 } }), 'policy.threshold 0.7 → 0.8'],
    ['a value that is new', aTenantConfig(), base, 'policy.threshold not set (0.7 by default) → 0.7'],
    ['an account', aTenantConfig(), aTenantConfig({ accounts: [anAccount(), other] }), `added aws ${OTHER}`],
    [
      'an account that left',
      aTenantConfig({ accounts: [anAccount(), other] }),
      aTenantConfig(),
      `removed aws ${OTHER}`,
    ],
    [
      'a value of an account',
      aTenantConfig(),
      aTenantConfig({ accounts: [anAccount({ enabled: false })] }),
      'aws 111122223333: enabled true → false',
    ],
    [
      'the order of accounts',
      aTenantConfig({ accounts: [anAccount(), other] }),
      aTenantConfig({ accounts: [other, anAccount()] }),
      'order of accounts',
    ],
    ['nothing', base, base, 'no change'],
  ])('names %s', (_, before, after, expected) => {
    expect(changeSummary(before, after)).toBe(expected);
  });

  it('is one line, however much has changed', () => {
    const hosts = { exclude: Array.from({ length: 9 }, (_, index) => ({ id: `i-${index}`.padEnd(200, 'x') })) };

    const summary = changeSummary(aTenantConfig(), aTenantConfig({ hosts }));

    expect(summary).toMatch(/^hosts\.exclude\[0\]\.id none → i-0x+…; .*; 5 more$/);
  });
});

describe('scheduleDifference', () => {
  const daily = { cron: '0 8 * * *' };

  it('names the schedules that come, go and change', () => {
    const before = aTenantConfig({ accounts: [anAccount(), other] });
    const after = aTenantConfig({ accounts: [anAccount({ schedule: daily }), { ...other, enabled: false }] });

    expect(scheduleDifference(before, after)).toMatchObject({
      added: [],
      removed: [{ account: OTHER }],
      changed: [{ before: { cron: '0 * * * *' }, after: daily }],
    });
    expect(scheduleDifference(undefined, before).added).toHaveLength(2);
  });

  it('has none of a tenant that is disabled', () => {
    expect(scheduleDifference(aTenantConfig({ enabled: false }), aTenantConfig({ enabled: false, name: 'x' }))).toEqual(
      {
        added: [],
        removed: [],
        changed: [],
      },
    );
  });
});
