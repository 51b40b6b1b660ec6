/** The suite of mutes and labels: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { Mute } from '../../core/model/mute.ts';
import type { MuteStore } from '../../core/ports/mute-store.ts';
import { aMute } from '../fixtures/builders.ts';
import { createMemoryTenantItems } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { tenantItemsChecks } from './tenant-items.ts';

const checks = tenantItemsChecks(aMute);

describe('mutes in memory', () => {
  itKeeps(checks, () => createMemoryTenantItems<Mute>());
});

const LISTED = 'lists what was put, in the order in which it was given';
const KEPT = 'keeps the one of the same id as it is, and reports the conflict';
const UNDONE = 'undoes one, of its tenant alone, and reports whether there was one';

type Lie = (honest: MuteStore) => Partial<MuteStore>;

const LIES: readonly (readonly [string, string, Lie])[] = [
  ['lists the latest first', LISTED, ({ list }) => ({ list: async (tenant) => (await list(tenant)).toReversed() })],
  [
    'replaces the first',
    KEPT,
    ({ put, remove }) => ({
      put: async (mute) => {
        const isReplaced = await remove(mute.tenant, mute.id);
        await put(mute);
        return isReplaced ? 'conflict' : 'stored';
      },
    }),
  ],
  [
    'keeps the first and reports no conflict',
    KEPT,
    ({ put }) => ({
      put: async (mute) => {
        await put(mute);
        return 'stored';
      },
    }),
  ],
  ['undoes nothing', UNDONE, () => ({ remove: async () => true })],
  [
    'reports each as undone',
    UNDONE,
    ({ remove }) => ({ remove: async (...given) => (await remove(...given)) || true }),
  ],
];

describe('the suite of mutes and labels', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryTenantItems<Mute>();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(checks, liar)).toContain(promise);
  });
});
