/** Items of tenants that were written before a cost cap and `watch` knew jobs: they are read as what they meant. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createHealthStore } from '../../../adapters/dynamodb/health-store.ts';
import { capKey, readsKey, spendKey, watchKey } from '../../../adapters/dynamodb/keys.ts';
import { createSpendStore } from '../../../adapters/dynamodb/spend-store.ts';
import { cappedCadence } from '../../../core/health/cost-cap.ts';
import { serviceEventSchema } from '../../../core/model/service-event.ts';
import { aSpend } from '../../contract/spend-store.ts';
import { NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const spend = createSpendStore({ client, table: TABLE, now: () => NOON });
const TTL = { ttl: NOON / 1000 + 86_400 };
const CAP = { quietHours: 4, changedAt: NOON, reportedHours: 2, reports: 3, exceededOn: null };

async function write(item: object) {
  await raw.send(new PutCommand({ TableName: TABLE, Item: { ...item } }));
}

describe('an item that is older than jobs', () => {
  it('has a cost cap leave jobs as their configs have them, and is replaced', async () => {
    await write({ ...capKey('acme'), version: 3, cap: JSON.stringify(CAP) });

    const kept = await spend.getCap('acme');

    expect(kept).toEqual({ value: CAP, version: 3 });
    expect(cappedCadence({ costCap: { usdPerMonth: 9 } }, kept?.value)).toEqual({
      ...{ quietHours: 4, jobs: 0, deepReadsOff: false },
    });
    expect(await spend.putCap('acme', { ...CAP, quietHours: 4, reportedHours: 4, jobs: 1 }, 3)).toBe('stored');
  });

  it('counts towards the month as it did, beside what jobs spend', async () => {
    await write({ ...spendKey('acme', aSpend()), ...TTL, usd: '0.5' });
    await write({ ...readsKey('acme', '2026-11'), ...TTL, version: 2, usd: '0.25' });

    expect(await spend.jobsOf('acme', '2026-11')).toEqual([]);
    expect(await spend.requestsOf('acme', '2026-11')).toBe(0.75);
  });

  it('states what a tenant was notified of, and of no job', async () => {
    const watch = { accounts: [], aliveOn: '2026-11-20', digestTo: NOON };
    await write({ ...watchKey('acme'), version: 1, watch: JSON.stringify(watch) });

    expect(await createHealthStore({ client, table: TABLE }).getWatch('acme')).toEqual({ value: watch, version: 1 });
  });

  it('is an event about a cadence in which jobs are as configured', () => {
    const data = {
      ...{ kind: 'cadence_reduced', tenant: 'acme', severity: 'medium', stage: 'prod', summary: 'less often' },
      ...{ day: '2026-11-20', month: '2026-11', quietHours: 2, quietHoursBefore: 0 },
      ...{ capUsd: 50, spentUsd: 1, projectedUsd: 40, exceedsUsd: 0 },
    };
    const schema = serviceEventSchema.shape.data;

    expect(schema.parse(data)).toMatchObject({ jobs: 0, jobsBefore: 0 });
  });
});
