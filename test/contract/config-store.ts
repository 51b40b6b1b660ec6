/** What every config store promises. */
import { expect } from 'vitest';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { anAccount, aTenantConfig, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

/** More tenants than a store reads at once. */
const MANY = 60;

export const configStoreChecks: readonly Check<ConfigStore>[] = [
  {
    message: 'has nothing of a tenant that was never put',
    async verify(store) {
      expect(await store.get('unknown')).toBeUndefined();
      expect(await store.get('unknown', 1)).toBeUndefined();
    },
  },
  {
    message: 'gives back what was put',
    async verify(store) {
      const config = aTenantConfig({
        tenant: 'round-trip',
        name: 'Ärger & Söhne 日本',
        hosts: { exclude: [{ labels: { team: '*' } }] },
        policy: { threshold: 0.8 },
      });

      const outcome = await store.put(config, 0, 'external-1', NOON);

      expect(outcome).toBe('stored');
      expect(await store.get('round-trip')).toEqual({ config, version: 1, externalId: 'external-1', putAt: NOON });
    },
  },
  {
    message: 'numbers versions without holes and keeps the older ones',
    async verify(store) {
      for (let version = 1; version <= 11; version++)
        await store.put(named('numbered', version), version - 1, 'e', NOON);

      expect(await store.get('numbered')).toMatchObject({ version: 11, config: { name: 'version 11' } });
      expect(await store.get('numbered', 2)).toMatchObject({ version: 2, config: { name: 'version 2' } });
      expect(await store.get('numbered', 12)).toBeUndefined();
      expect(await store.get('numbered', 0)).toBeUndefined();
    },
  },
  {
    message: 'keeps the external id of the first version for ever',
    async verify(store) {
      await store.put(named('same-id', 1), 0, 'first', NOON);
      await store.put(named('same-id', 2), 1, 'second', NOON);
      await store.put(named('same-id', 3), 2, 'third', NOON);

      expect(await store.get('same-id')).toMatchObject({ version: 3, externalId: 'first' });
    },
  },
  {
    message: 'marks the version with which a deletion began, and no later one',
    async verify(store) {
      await store.put(named('deleting', 1), 0, 'e', NOON, CALLER, { disabledAt: NOON - 1 });
      expect(await store.get('deleting')).toMatchObject({ putBy: CALLER, deletion: { disabledAt: NOON - 1 } });

      await store.put(named('deleting', 2), 1, 'e', NOON);
      expect(await store.get('deleting')).not.toHaveProperty('deletion');
      expect(await store.get('deleting', 1)).toHaveProperty('deletion');
    },
  },
  {
    message: 'keeps who put each version, and gives every version with the newest first',
    async verify(store) {
      await store.put(named('history', 1), 0, 'e', NOON);
      await store.put(named('history', 2), 1, 'e', NOON + 1, CALLER);
      await store.put(named('history-not', 1), 0, 'e', NOON, CALLER);

      const versions = await Array.fromAsync(store.versions('history'));

      expect(versions).toEqual([
        { config: named('history', 2), version: 2, externalId: 'e', putAt: NOON + 1, putBy: CALLER },
        { config: named('history', 1), version: 1, externalId: 'e', putAt: NOON },
      ]);
      expect(await store.get('history')).toMatchObject({ putBy: CALLER });
      expect(await Array.fromAsync(store.versions('unknown'))).toEqual([]);
    },
  },
  {
    message: 'reserves an external id before there is a config, and gives it to the first one',
    async verify(store) {
      expect(await store.reserveExternalId('reserved', 'first')).toBe('first');
      expect(await store.reserveExternalId('reserved', 'second')).toBe('first');
      expect(await store.get('reserved')).toBeUndefined();
      expect(await listedWith(store, 'reserved')).toEqual([]);

      await store.put(named('reserved', 1), 0, 'third', NOON);

      expect(await store.get('reserved')).toMatchObject({ version: 1, externalId: 'first' });
    },
  },
  {
    message: 'reserves nothing for a tenant that has an external id',
    async verify(store) {
      await store.put(named('put-before', 1), 0, 'of-the-config', NOON);

      expect(await store.reserveExternalId('put-before', 'another')).toBe('of-the-config');
    },
  },
  {
    message: 'reserves one external id for all who ask at the same time',
    async verify(store) {
      const requested = Array.from({ length: 20 }, (_, index) =>
        store.reserveExternalId('asked-at-once', `e-${index}`),
      );
      const put = store.put(named('asked-at-once', 1), 0, 'of-the-config', NOON);

      const reserved = new Set(await Promise.all(requested));

      expect(await put).toBe('stored');
      expect([...reserved]).toEqual([(await store.get('asked-at-once'))?.externalId]);
    },
  },
  {
    message: 'refuses a put that expects another version than the newest, and changes nothing',
    async verify(store) {
      await store.put(named('guarded', 1), 0, 'e', NOON);
      await store.put(named('guarded', 2), 1, 'e', NOON);
      const before = await store.get('guarded');

      const outcomes = [];
      for (const expected of [0, 1, 3, 7]) outcomes.push(await store.put(named('guarded', 99), expected, 'x', NOON));

      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict', 'conflict']);
      expect(await store.get('guarded')).toEqual(before);
      expect(await store.get('guarded', 4)).toBeUndefined();
    },
  },
  {
    message: 'refuses a first put that expects an earlier version',
    async verify(store) {
      expect(await store.put(named('hole', 1), 4, 'e', NOON)).toBe('conflict');
      expect(await store.get('hole')).toBeUndefined();
    },
  },
  {
    message: 'stores exactly one of twenty puts that race',
    async verify(store) {
      const racers = Array.from({ length: 20 }, (_, index) => index);

      const outcomes = await Promise.all(
        racers.map((racer) => store.put(named('raced', racer), 0, `external-${racer}`, NOON)),
      );

      const winner = outcomes.indexOf('stored');
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(await store.get('raced')).toMatchObject({ version: 1, config: { name: `version ${winner}` } });
    },
  },
  {
    message: 'lists the newest version of every tenant as soon as it is put, in order of tenant id',
    async verify(store) {
      for (const tenant of ['listed-b', 'listed-a', 'listed-0', 'listed'])
        await store.put(named(tenant, 1), 0, 'e', NOON);
      await store.put(named('listed-a', 2), 1, 'e', NOON);

      const listed = await listedWith(store, 'listed');

      expect(listed.map(({ config, version }) => [config.tenant, version])).toEqual([
        ['listed', 1],
        ['listed-0', 1],
        ['listed-a', 2],
        ['listed-b', 1],
      ]);
      expect(listed[2]).toEqual(await store.get('listed-a'));
    },
  },
  {
    message: 'lists more tenants than fit a page, each once',
    async verify(store) {
      const tenants = Array.from({ length: MANY }, (_, index) => `many-${String(index).padStart(3, '0')}`);
      await Promise.all(tenants.map((tenant) => store.put(named(tenant, 1), 0, 'e', NOON)));

      const listed = await listedWith(store, 'many-');

      expect(listed.map(({ config }) => config.tenant)).toEqual(tenants);
    },
  },
  {
    message: 'removes a tenant with all of its versions and its external id, and no other tenant',
    async verify(store) {
      const account = ofAccount('000000000003');
      for (const tenant of ['removed', 'removed-not'])
        await store.put(aTenantConfig({ tenant, accounts: [account] }), 0, `first-${tenant}`, NOON);
      await store.put(named('removed', 2), 1, 'e', NOON);

      await store.remove('removed');
      await store.remove('removed');

      expect(await store.get('removed')).toBeUndefined();
      expect(await store.get('removed', 1)).toBeUndefined();
      expect(await idsOf(store.tenantsOf('aws', account.account))).toEqual(['removed-not']);
      expect((await listedWith(store, 'removed')).map(({ config }) => config.tenant)).toEqual(['removed-not']);
      expect(await store.reserveExternalId('removed', 'second')).toBe('second');
      expect(await store.get('removed-not')).toMatchObject({ externalId: 'first-removed-not' });
    },
  },
  {
    message: 'lists a tenant that is put again after its entry was taken away',
    async verify(store) {
      await store.put(named('put-again', 1), 0, 'e', NOON);
      await store.remove('put-again');
      await store.put(named('put-again', 1), 0, 'e', NOON);

      expect((await listedWith(store, 'put-again')).map(({ version }) => version)).toEqual([1]);
    },
  },
  {
    message: 'finds the tenants whose newest config has an account, and no other',
    async verify(store) {
      const shared = ofAccount('000000000001');
      const own = ofAccount('000000000002');
      await store.put(aTenantConfig({ tenant: 'of-account-b', accounts: [shared, own] }), 0, 'e', NOON);
      await store.put(aTenantConfig({ tenant: 'of-account-a', accounts: [own] }), 0, 'e', NOON);
      await store.put(aTenantConfig({ tenant: 'of-account-a', accounts: [shared] }), 1, 'e', NOON);
      await store.put(aTenantConfig({ tenant: 'of-account-c', accounts: [shared] }), 0, 'e', NOON);
      await store.put(aTenantConfig({ tenant: 'of-account-c', accounts: [own] }), 1, 'e', NOON);

      expect(await idsOf(store.tenantsOf('aws', shared.account))).toEqual(['of-account-a', 'of-account-b']);
      expect(await idsOf(store.tenantsOf('aws', own.account))).toEqual(['of-account-b', 'of-account-c']);
      expect(await idsOf(store.tenantsOf('gcp', shared.account))).toEqual([]);
    },
  },
  {
    message: 'finds the tenant of each of more accounts than are written at once',
    async verify(store) {
      const accounts = Array.from({ length: MANY }, (_, index) => ofAccount(String(500_000_000_000 + index)));
      await store.put(aTenantConfig({ tenant: 'many-accounts', accounts }), 0, 'e', NOON);

      const found = await Promise.all(accounts.map(({ account }) => idsOf(store.tenantsOf('aws', account))));

      expect(found).toEqual(accounts.map(() => ['many-accounts']));
    },
  },
];

/** On a store of their own: the defaults are of all tenants. */
export const defaultsChecks: readonly Check<ConfigStore>[] = [
  {
    message: 'has no defaults before they are put',
    async verify(store) {
      await store.put(named('without', 1), 0, 'e', NOON);

      expect(await store.defaults()).toBeUndefined();
      expect(await store.get('without')).not.toHaveProperty('defaults');
    },
  },
  {
    message: 'gives the newest defaults with the newest version of every tenant, and keeps the older ones',
    async verify(store) {
      const account = ofAccount('000000000009');
      await store.put(aTenantConfig({ tenant: 'with', accounts: [account] }), 0, 'e', NOON);
      for (const [index, threshold] of [0.6, 0.8].entries())
        expect(await store.putDefaults({ version: 1, policy: { threshold } }, index, NOON + index, CALLER)).toBe(
          'stored',
        );

      const newest = { version: 1, policy: { threshold: 0.8 } };

      expect(await store.defaults()).toEqual({ defaults: newest, version: 2, putAt: NOON + 1, putBy: CALLER });
      expect(await store.defaults(1)).toMatchObject({ defaults: { policy: { threshold: 0.6 } } });
      expect(await store.get('with')).toMatchObject({ defaults: newest, defaultsPutAt: NOON + 1 });
      expect(await store.get('with', 1)).not.toHaveProperty('defaults');
      expect(await Array.fromAsync(store.list())).toMatchObject([{ defaults: newest }]);
      expect(await Array.fromAsync(store.tenantsOf('aws', account.account))).toMatchObject([{ defaults: newest }]);
    },
  },
  {
    message: 'refuses defaults that expect another version than the newest',
    async verify(store) {
      await store.putDefaults({ version: 1 }, 0, NOON);

      const outcomes = [];
      for (const expected of [0, 2, 7]) outcomes.push(await store.putDefaults({ version: 1 }, expected, NOON));

      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict']);
      expect(await store.defaults()).toMatchObject({ version: 1 });
    },
  },
];

const CALLER = 'arn:aws:sts::111122223333:assumed-role/operators/ada';

function ofAccount(account: string) {
  return { ...anAccount({ role: `arn:aws:iam::${account}:role/plimsoll-reader` }), account };
}

async function idsOf(tenants: AsyncIterable<StoredTenant>): Promise<string[]> {
  return (await Array.fromAsync(tenants)).map(({ config }) => config.tenant);
}

function named(tenant: string, version: number) {
  return aTenantConfig({ tenant, name: `version ${version}` });
}

async function listedWith(store: ConfigStore, prefix: string): Promise<StoredTenant[]> {
  const all = await Array.fromAsync(store.list());
  return all.filter(({ config }) => config.tenant.startsWith(prefix));
}
