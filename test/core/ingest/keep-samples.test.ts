import { describe, expect, it } from 'vitest';
import { keepSamples } from '../../../core/ingest/keep-samples.ts';
import type { Window } from '../../../core/model/series.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { createMemoryConfigStore } from '../../memory/stores.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 29, 12);
const DEADLINE = { now: NOON + 5 * 60_000, remainingMs: () => 900_000 };

async function configsOf(...tenants: readonly string[]) {
  const configs = createMemoryConfigStore();
  for (const tenant of tenants) {
    const accounts = [
      { provider: 'otlp', account: 'production' },
      { provider: 'otlp', account: 'old', enabled: false },
      { provider: 'prometheus', account: 'server', url: 'https://prometheus.example.com' },
    ];
    await configs.put(tenantConfigSchema.parse({ version: 1, tenant, accounts }), 0, 'external', NOON);
  }
  return configs;
}

describe('keepSamples', () => {
  it('merges the hours of each account that sends that have been over for two hours', async () => {
    const merged: [string, Window][] = [];
    const samples = {
      async merge({ tenant, account }: { tenant: string; account: string }, window: Window) {
        merged.push([`${tenant}/${account}`, window]);
        return 3;
      },
    };

    const report = await keepSamples({ configs: await configsOf('acme'), samples }, DEADLINE);

    const window = { start: NOON - 2 * HOUR - 8 * 24 * HOUR, end: NOON - 2 * HOUR };
    expect(merged.toSorted()).toEqual([
      ['acme/old', window],
      ['acme/production', window],
    ]);
    expect(report).toEqual({ merged: 6, left: 0, failures: [] });
  });

  it('goes on with others where one fails, and reports it', async () => {
    const error = new StoreError('An object is damaged.');
    const samples = {
      async merge({ tenant }: { tenant: string }) {
        if (tenant === 'acme') throw error;
        return 1;
      },
    };
    const keepRecordings = async (tenant: string) => (tenant === 'other' ? [error] : []);
    const configs = await configsOf('acme', 'other');

    const { merged, failures } = await keepSamples({ configs, samples, keepRecordings }, DEADLINE);

    expect(merged).toBe(2);
    expect(failures.map(({ tenant }) => tenant).toSorted()).toEqual(['acme', 'acme', 'other']);
  });

  it('leaves to the next hour what there is no time for, and begins elsewhere then', async () => {
    const configs = await configsOf('acme', 'other');
    const begunIn = async (hour: number) => {
      const begun: string[] = [];
      let calls = 0;
      const remainingMs = () => (calls++ < 1 ? 900_000 : 1000);
      const merge = async ({ tenant, account }: { tenant: string; account: string }) => {
        begun.push(`${tenant}/${account}`);
        return 0;
      };
      const report = await keepSamples({ configs, samples: { merge } }, { now: NOON + hour * HOUR, remainingMs });
      return { begun, left: report.left };
    };

    const hours = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(begunIn));

    expect(hours.map(({ left }) => left)).toEqual(hours.map(() => 3));
    expect(new Set(hours.flatMap(({ begun }) => begun)).size).toBe(4);
  });

  it('reports that tenants could not be listed', async () => {
    const configs = {
      async *list() {
        yield* [];
        throw new StoreError('DynamoDB did not answer.');
      },
    };

    const report = await keepSamples({ configs, samples: { merge: async () => 0 } }, DEADLINE);

    expect(report.failures).toMatchObject([{ tenant: null, error: { message: 'DynamoDB did not answer.' } }]);
  });
});
