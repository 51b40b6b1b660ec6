import { describe, expect, it } from 'vitest';
import { recordSpend } from '../../../core/health/record-spend.ts';
import { aRunSummary, NOON } from '../../fixtures/builders.ts';
import { createMemorySpendStore } from '../../memory/stores.ts';

const costing = (perRun: number, overrides = {}) =>
  aRunSummary({ cost: { ...aRunSummary().cost, perRun }, ...overrides });

describe('recordSpend', () => {
  it('counts a request once in each region, in the month for which it was due', async () => {
    const store = createMemorySpendStore();
    const other = { scope: { ...aRunSummary().scope, region: 'us-east-1' } };
    const december = { scheduledTime: Date.UTC(2026, 11, 1) };

    await recordSpend(costing(0.25), 'request-1', store);
    await recordSpend(costing(0.25), 'request-1', store);
    await recordSpend(costing(0.5, other), 'request-1', store);
    await recordSpend(costing(4, december), 'request-2', store);

    expect([NOON < december.scheduledTime, await store.requestsOf('acme', '2026-11')]).toEqual([true, 0.75]);
  });

  it('leaves runs of the schedule to their health', async () => {
    const store = createMemorySpendStore();

    await recordSpend(costing(0.25), null, store);

    expect(await store.requestsOf('acme', '2026-11')).toBe(0);
  });
});
