import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../core/ports/errors.ts';
import { purgeTenant } from '../../../core/tenants/purge-tenant.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

async function aWorld(...tenants: string[]) {
  const deleted = createMemoryDeletedTenants();
  for (const tenant of tenants) await deleted.put({ tenant, deletedAt: NOON - HOUR, resultsUntil: NOON });
  const purged: string[] = [];
  const results = {
    async purge(tenant: string) {
      if (tenant === 'failing') throw new StoreError('the bucket does not answer');
      return purged.push(tenant);
    },
  };
  const left = async () => (await Array.fromAsync(deleted.list())).map(({ tenant }) => tenant);
  return { ports: { configs: createMemoryConfigStore(), deleted, results }, purged, left };
}

describe('purgeTenant', () => {
  it('removes the results of a deleted tenant, and frees its id', async () => {
    const { ports, purged, left } = await aWorld('gone', 'gone-too');

    expect(await purgeTenant('gone', ports)).toEqual({ kind: 'purged', objects: 1 });

    expect(purged).toEqual(['gone']);
    expect(await left()).toEqual(['gone-too']);
  });

  it('removes nothing of a tenant that there is', async () => {
    const { ports, purged, left } = await aWorld('acme');
    await ports.configs.put(aTenantConfig(), 0, 'e', NOON);

    expect(await purgeTenant('acme', ports)).toEqual({ kind: 'in_use' });

    expect(purged).toEqual([]);
    expect(await left()).toEqual(['acme']);
  });

  it('keeps the id where the results could not all be removed', async () => {
    const { ports, left } = await aWorld('failing');

    await expect(purgeTenant('failing', ports)).rejects.toThrow('does not answer');

    expect(await left()).toEqual(['failing']);
  });
});
