/** The results of a deleted tenant go when they are due, and not before. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { purgeResults } from '../../../core/inspection/purge-results.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryArchive } from '../../memory/results-archive.ts';
import { createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

const DAY = '2026-11-20';

/** Tenants of whose results one object is left, each deleted and due at noon. */
async function aWorld(...tenants: readonly string[]) {
  const archive = createMemoryArchive();
  const deleted = createMemoryDeletedTenants();
  for (const tenant of tenants) {
    await archive.write({ tenant, day: DAY, folder: 'aws/1/eu-west-1' }, 'run/00000.ndjson.gz', gzipSync('{}\n'));
    await deleted.put({ tenant, deletedAt: NOON - HOUR, resultsUntil: NOON });
  }
  return { archive, deleted, configs: createMemoryConfigStore() };
}

describe('the purge of results', () => {
  it('removes those that are due, and frees the id', async () => {
    const world = await aWorld('acme', 'globex');

    expect(await purgeResults(world, NOON)).toEqual({ purged: 2, failures: [] });

    expect(await Array.fromAsync(world.archive.tenants())).toEqual([]);
    expect(await Array.fromAsync(world.deleted.list())).toEqual([]);
  });

  it('leaves those that are not due', async () => {
    const world = await aWorld('acme');

    expect(await purgeResults(world, NOON - 1)).toEqual({ purged: 0, failures: [] });

    expect(await Array.fromAsync(world.archive.tenants())).toEqual(['acme']);
    expect(await world.deleted.get('acme')).toBeDefined();
  });

  it('leaves those that may still be written because the tenant was deleted just now', async () => {
    const world = await aWorld('acme');
    await world.deleted.put({ tenant: 'acme', deletedAt: NOON - HOUR / 2 + 1, resultsUntil: NOON });

    expect(await purgeResults(world, NOON)).toEqual({ purged: 0, failures: [] });
    expect(await purgeResults(world, NOON + 1)).toEqual({ purged: 1, failures: [] });
  });

  it('passes over a tenant that has a config', async () => {
    const world = await aWorld('acme');
    await world.configs.put(aTenantConfig(), 0, 'external', NOON);

    expect(await purgeResults(world, NOON)).toEqual({ purged: 0, failures: [] });
    expect(await Array.fromAsync(world.archive.tenants())).toEqual(['acme']);
  });

  it('keeps the id of a tenant whose results could not be removed, and goes on with the next', async () => {
    const world = await aWorld('acme', 'globex');
    const { archive } = world;
    const failing = {
      ...world,
      archive: {
        purge: async (tenant: string) => {
          if (tenant === 'acme') throw new Error('denied');
          return archive.purge(tenant);
        },
      },
    };

    const report = await purgeResults(failing, NOON);

    expect(report).toMatchObject({ purged: 1, failures: [{ tenant: 'acme' }] });
    expect((await Array.fromAsync(world.deleted.list())).map(({ tenant }) => tenant)).toEqual(['acme']);
  });
});
