import { describe, expect, it } from 'vitest';
import { migrateConfigs } from '../../../core/tenants/migrate-configs.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { createMemoryConfigStore } from '../../memory/stores.ts';

async function oldStore() {
  const store = createMemoryConfigStore();
  await store.put(aTenantConfig({ tenant: 'acme', name: 'first' }), 0, 'id-of-acme', NOON);
  await store.put(aTenantConfig({ tenant: 'acme', name: 'second' }), 1, 'ignored', NOON + 1);
  await store.put(aTenantConfig({ tenant: 'globex' }), 0, 'id-of-globex', NOON);
  return store;
}

describe('the migration of configs', () => {
  it('copies every version with its external id and its time', async () => {
    const [from, to] = [await oldStore(), createMemoryConfigStore()];

    const migrated = await migrateConfigs(from, to);

    expect(migrated).toEqual({ tenants: 2, versions: 3 });
    expect(await Array.fromAsync(to.list())).toEqual(await Array.fromAsync(from.list()));
    expect(await to.get('acme', 1)).toEqual(await from.get('acme', 1));
  });

  it('copies nothing that is there, and continues where it was interrupted', async () => {
    const [from, to] = [await oldStore(), createMemoryConfigStore()];
    await to.put(aTenantConfig({ tenant: 'acme', name: 'first' }), 0, 'id-of-acme', NOON);

    expect(await migrateConfigs(from, to)).toEqual({ tenants: 2, versions: 2 });
    expect(await migrateConfigs(from, to)).toEqual({ tenants: 2, versions: 0 });
  });

  it('leaves newer versions of the new store alone', async () => {
    const [from, to] = [await oldStore(), createMemoryConfigStore()];
    await migrateConfigs(from, to);
    await to.put(aTenantConfig({ tenant: 'acme', name: 'third' }), 2, 'ignored', NOON);

    await migrateConfigs(from, to);

    expect(await to.get('acme')).toMatchObject({ version: 3, config: { name: 'third' } });
  });

  it('stops at a tenant that accounts may trust by another external id', async () => {
    const [from, to] = [await oldStore(), createMemoryConfigStore()];
    await to.reserveExternalId('acme', 'made-meanwhile');

    const migration = migrateConfigs(from, to);

    await expect(migration).rejects.toThrow('Tenant acme has the external id made-meanwhile already, and id-of-acme');
    expect(await to.get('acme')).toBeUndefined();
  });
});
