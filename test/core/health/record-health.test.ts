import { describe, expect, it } from 'vitest';
import { recordHealth } from '../../../core/health/record-health.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { HealthStore } from '../../../core/ports/health-store.ts';
import { aRunSummary, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryHealthStore } from '../../memory/stores.ts';

const { scope } = aRunSummary();
const run = (hour: number) => ({
  summary: aRunSummary({ scheduledTime: NOON + hour * HOUR }),
  trigger: 'schedule' as const,
  finishedAt: NOON + hour * HOUR,
});

describe('recordHealth', () => {
  it('writes a newer slot, and nothing for one that was recorded', async () => {
    const store = createMemoryHealthStore();

    await recordHealth(run(0), store);
    await recordHealth(run(1), store);
    await recordHealth(run(1), store);
    await recordHealth(run(0), store);

    expect(await store.get('acme', scope)).toMatchObject({ value: { slot: NOON + HOUR }, version: 2 });
  });

  it('lets the run go on where what is there cannot be read back', async () => {
    const store = createMemoryHealthStore();
    const get = () => Promise.reject(new ItemError('HEALTH#… is not as Plimsoll writes it'));

    await recordHealth(run(0), { ...store, get });

    expect(await store.get('acme', scope)).toBeUndefined();
  });

  it.each(['on_demand', 'scaling'] as const)('ignores a run that is requested by the trigger %s', async (trigger) => {
    const store = createMemoryHealthStore();

    await recordHealth({ ...run(0), trigger }, store);

    expect(await store.get('acme', scope)).toBeUndefined();
  });

  it('keeps the newest slot of runs that end at the same time', async () => {
    const store = createMemoryHealthStore();

    await Promise.all([3, 1, 4, 2].map((hour) => recordHealth(run(hour), store)));

    expect((await store.get('acme', scope))?.value.slot).toBe(NOON + 4 * HOUR);
  });

  it('throws where others win every race', async () => {
    const store: HealthStore = { ...createMemoryHealthStore(), put: async () => 'conflict' };

    await expect(recordHealth(run(0), store)).rejects.toThrow(StoreError);
  });
});
