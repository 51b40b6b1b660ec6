/** Which tenants and days are merged: see test/adapters/s3/compaction.test.ts for what becomes of the objects. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compactResults } from '../../../core/inspection/compact-results.ts';
import { purgeResults } from '../../../core/inspection/purge-results.ts';
import type { ResultsArchive } from '../../../core/ports/results-archive.ts';
import { purgeTenant } from '../../../core/tenants/purge-tenant.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryArchive } from '../../memory/results-archive.ts';
import { createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

const DAY = 24 * HOUR;
const PLENTY = () => 300_000;

function folderOf(tenant: string) {
  return { tenant, day: '2026-11-20', folder: 'aws/1/eu-west-1' };
}

/** Tenants with one object each, of the day of noon. */
async function aWorld(tenants: readonly string[], changes: (archive: ResultsArchive) => Partial<ResultsArchive>) {
  const archive = createMemoryArchive();
  const configs = createMemoryConfigStore();
  for (const tenant of tenants) {
    await archive.write(folderOf(tenant), 'run/00000.ndjson.gz', gzipSync('{}\n'));
    await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON);
  }
  return { archive: { ...archive, ...changes(archive) }, configs, deleted: createMemoryDeletedTenants() };
}

describe('the compaction of all tenants', () => {
  it('begins nothing when its time is up, and counts the tenants that are left', async () => {
    let lists = 0;
    const world = await aWorld(['a', 'b', 'c'], ({ folders }) => ({
      folders: (...args) => {
        lists++;
        return folders(...args);
      },
    }));

    const report = await compactResults(world, { now: NOON + DAY, remainingMs: () => 0 });

    expect(lists).toBe(0);
    expect(report).toEqual({ compacted: 0, merged: 0, left: 0, tenantsLeft: 3, failures: [] });
  });

  it('lists no further day when its time is up, and counts the tenant', async () => {
    let lists = 0;
    const world = await aWorld(['a'], ({ folders }) => ({
      folders: (...args) => {
        lists++;
        return folders(...args);
      },
    }));

    const report = await compactResults(world, { now: NOON + DAY, remainingMs: () => (lists > 1 ? 0 : 300_000) });

    expect(lists).toBe(2);
    expect(report.tenantsLeft).toBe(1);
  });

  it.each([
    ['a quarter of all', 10, 4],
    ['a tenth of all', 4, 12],
  ])('reaches every tenant within days where its time is enough for %s', async (_, count, days) => {
    const tenants = Array.from({ length: 40 }, (_, index) => `t-${index}`);
    const looked = new Set<string>();
    let today = new Set<string>();
    const world = await aWorld(tenants, ({ folders }) => ({
      folders: (tenant, day) => {
        today.add(tenant);
        return folders(tenant, day);
      },
    }));

    // A multiple of four days since 1970 begins the turns anew.
    const first = Math.ceil(NOON / (4 * DAY)) * 4 * DAY;
    for (let day = 0; day < days; day++) {
      today = new Set();
      const remainingMs = () => (today.size >= count ? 0 : 300_000);
      await compactResults(world, { now: first + day * DAY, remainingMs });
      for (const tenant of today) looked.add(tenant);
    }

    expect(looked.size).toBe(40);
  });

  it('passes over a tenant without a config', async () => {
    const world = await aWorld(['gone', 'acme'], () => ({}));
    await world.configs.remove('gone');

    const report = await compactResults(world, { now: NOON + DAY, remainingMs: PLENTY });

    expect(report).toMatchObject({ compacted: 1, tenantsLeft: 0, failures: [] });
    expect(await world.archive.index(folderOf('gone'))).toBeUndefined();
  });

  it('leaves nothing to whoever takes the id of a tenant whose results were removed while they were merged', async () => {
    const removedAt = NOON + DAY;
    const outcomes: unknown[] = [];
    const world = await aWorld(['gone'], (archive) => ({
      async write(...args) {
        await world.deleted.put({ tenant: 'gone', deletedAt: removedAt, resultsUntil: removedAt + 30 * DAY });
        await world.configs.remove('gone');
        outcomes.push(await purgeTenant('gone', { ...world, results: archive }, removedAt));
        return archive.write(...args);
      },
    }));

    await compactResults(world, { now: removedAt, remainingMs: PLENTY });
    const cameBack = await Array.fromAsync(world.archive.tenants());
    const held = await world.deleted.get('gone');
    const nextDay = await purgeResults(world, removedAt + DAY);

    expect(outcomes).toMatchObject([{ kind: 'held', objects: 1 }]);
    expect(cameBack).toEqual(['gone']);
    expect(held).toBeDefined();
    expect(nextDay).toEqual({ purged: 1, failures: [] });
    expect(await Array.fromAsync(world.archive.tenants())).toEqual([]);
    expect(await world.archive.index(folderOf('gone'))).toBeUndefined();
    expect(await world.deleted.get('gone')).toBeUndefined();
  });
});
