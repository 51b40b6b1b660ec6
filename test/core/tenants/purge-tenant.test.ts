import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../core/ports/errors.ts';
import { purgeTenant } from '../../../core/tenants/purge-tenant.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

async function aWorld(...tenants: string[]) {
  const deleted = createMemoryDeletedTenants();
  for (const tenant of tenants) await deleted.put({ tenant, deletedAt: NOON - HOUR, resultsUntil: NOON + HOUR });
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

    expect(await purgeTenant('gone', ports, NOON)).toEqual({ kind: 'purged', objects: 1 });

    expect(purged).toEqual(['gone']);
    expect(await left()).toEqual(['gone-too']);
  });

  it('keeps the id while a merge may still write, and frees it when the results are removed once more', async () => {
    const { ports, purged } = await aWorld('gone');
    const from = NOON - HOUR / 2;

    const early = await purgeTenant('gone', ports, from - 1);
    const held = await ports.deleted.get('gone');
    const late = await purgeTenant('gone', ports, from);

    expect(early).toEqual({ kind: 'held', objects: 1, from });
    expect(held).toEqual({ tenant: 'gone', deletedAt: NOON - HOUR, resultsUntil: from });
    expect(late).toEqual({ kind: 'purged', objects: 2 });
    expect(purged).toEqual(['gone', 'gone']);
    expect(await ports.deleted.get('gone')).toBeUndefined();
  });

  it('removes nothing of a tenant that there is', async () => {
    const { ports, purged, left } = await aWorld('acme');
    await ports.configs.put(aTenantConfig(), 0, 'e', NOON);

    expect(await purgeTenant('acme', ports, NOON)).toEqual({ kind: 'in_use' });

    expect(purged).toEqual([]);
    expect(await left()).toEqual(['acme']);
  });

  it('keeps the id where the results could not all be removed', async () => {
    const { ports, left } = await aWorld('failing');

    await expect(purgeTenant('failing', ports, NOON)).rejects.toThrow('does not answer');

    expect(await left()).toEqual(['failing']);
  });
});
