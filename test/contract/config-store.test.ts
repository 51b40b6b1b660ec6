/** The suite of config stores: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { createMemoryConfigStore } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { configStoreChecks, defaultsChecks } from './config-store.ts';

describe('the config store in memory', () => {
  itKeeps(configStoreChecks, createMemoryConfigStore);
  itKeeps(defaultsChecks, createMemoryConfigStore);
});

const ROUND_TRIP = 'gives back what was put';
const NUMBERS = 'numbers versions without holes and keeps the older ones';
const EXTERNAL_ID = 'keeps the external id of the first version for ever';
const RESERVED = 'reserves an external id before there is a config, and gives it to the first one';
const HAS_ONE = 'reserves nothing for a tenant that has an external id';
const ONE_FOR_ALL = 'reserves one external id for all who ask at the same time';
const GUARD = 'refuses a put that expects another version than the newest, and changes nothing';
const RACE = 'stores exactly one of twenty puts that race';
const LIST = 'lists the newest version of every tenant as soon as it is put, in order of tenant id';
const REMOVED = 'removes a tenant with all of its versions and its external id, and no other tenant';
const ACCOUNTS = 'finds the tenants whose newest config has an account, and no other';
const HISTORY = 'keeps who put each version, and gives every version with the newest first';
const DEFAULTS = 'gives the newest defaults with the newest version of every tenant, and keeps the older ones';
const GUARDED_DEFAULTS = 'refuses defaults that expect another version than the newest';
const PAGES = 'lists more tenants than fit a page, each once';

type Lie = (honest: ConfigStore) => Partial<ConfigStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'drops the policy',
    ROUND_TRIP,
    ({ get }) => ({ get: async (...requested) => withoutPolicy(await get(...requested)) }),
  ],
  ['forgets older versions', NUMBERS, ({ get }) => ({ get: (tenant) => get(tenant) })],
  ['reports a lost put as stored', GUARD, ({ put }) => ({ put: (...args) => put(...args).then(() => 'stored') })],
  ['checks before it waits and writes after', RACE, checkingTooEarly],
  ['takes the external id of every put', EXTERNAL_ID, withExternalIdsOfPuts],
  ['reserves nothing', RESERVED, () => ({ reserveExternalId: async (_, newExternalId) => newExternalId })],
  ['reserves beside the config', HAS_ONE, reservingApart],
  ['looks before it waits and reserves after', ONE_FOR_ALL, reservingTooEarly],
  ['lists what it read before the last put', LIST, listingStale],
  ['lists backwards', LIST, ({ list }) => ({ list: () => all(list(), (tenants) => tenants.reverse()) })],
  ['lists one page', PAGES, ({ list }) => ({ list: () => all(list(), (tenants) => tenants.slice(0, 25)) })],
  ['removes nothing', REMOVED, () => ({ remove: async () => {} })],
  ['finds the tenants of an account that is no longer theirs', ACCOUNTS, ({ list }) => ({ tenantsOf: () => list() })],
  ['forgets who put it', HISTORY, ({ put }) => ({ put: (config, version, id, at) => put(config, version, id, at) })],
  [
    'gives the oldest version first',
    HISTORY,
    ({ versions }) => ({ versions: (id) => all(versions(id), (one) => one.reverse()) }),
  ],
  ['gives the defaults with no tenant', DEFAULTS, ({ get }) => ({ get: async (id) => get(id, 1) })],
  [
    'overwrites defaults',
    GUARDED_DEFAULTS,
    ({ putDefaults }) => ({ putDefaults: (...args) => putDefaults(...args).then(() => 'stored') }),
  ],
  ['lists a tenant twice', PAGES, ({ list }) => ({ list: () => all(list(), (tenants) => [...tenants, ...tenants]) })],
];

describe('the suite of config stores', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryConfigStore();
      return { ...honest, ...lie(honest) };
    };

    const broken = await brokenPromises([...configStoreChecks, ...defaultsChecks], liar);

    expect(broken).toContain(promise);
  });
});

function withoutPolicy(tenant: StoredTenant | undefined): StoredTenant | undefined {
  if (tenant === undefined) return undefined;
  const { policy: _, ...config } = tenant.config;
  return { ...tenant, config };
}

/** The lost update: all racers see the same newest version, and the last one to write wins. */
function checkingTooEarly({ get, put }: ConfigStore): Partial<ConfigStore> {
  return {
    async put(config, expectedVersion, ...rest) {
      const seen = (await get(config.tenant))?.version ?? 0;
      if (seen !== expectedVersion) return 'conflict';
      while ((await put(config, (await get(config.tenant))?.version ?? 0, ...rest)) === 'conflict');
      return 'stored';
    },
  };
}

function withExternalIdsOfPuts({ get, put }: ConfigStore): Partial<ConfigStore> {
  let newest = '';
  return {
    put: (config, version, externalId, putAt) => {
      newest = externalId;
      return put(config, version, externalId, putAt);
    },
    get: async (...requested) => {
      const tenant = await get(...requested);
      return tenant && { ...tenant, externalId: newest };
    },
  };
}

function reservingApart({ get }: ConfigStore): Partial<ConfigStore> {
  const reserved = new Map<string, string>();
  return {
    async reserveExternalId(tenant, newExternalId) {
      reserved.set(tenant, reserved.get(tenant) ?? newExternalId);
      return reserved.get(tenant) ?? newExternalId;
    },
    async get(...requested) {
      const tenant = await get(...requested);
      return tenant && { ...tenant, externalId: reserved.get(tenant.config.tenant) ?? tenant.externalId };
    },
  };
}

/** The lost update of ids: all who ask see that there is none, and each keeps its own. */
function reservingTooEarly({ get }: ConfigStore): Partial<ConfigStore> {
  return {
    reserveExternalId: async (tenant, newExternalId) => (await get(tenant))?.externalId ?? newExternalId,
  };
}

/** Every listing is of the state before the newest put. */
function listingStale({ list, put }: ConfigStore): Partial<ConfigStore> {
  let listed: StoredTenant[] = [];
  return {
    put: async (...args) => {
      listed = await Array.fromAsync(list());
      return put(...args);
    },
    async *list() {
      yield* listed;
    },
  };
}

async function* all<Value>(values: AsyncIterable<Value>, change: (values: Value[]) => Value[]): AsyncIterable<Value> {
  yield* change(await Array.fromAsync(values));
}
