import { describe, expect, it } from 'vitest';
import { type CadencePorts, slotCadence } from '../../../core/inspection/slot-cadence.ts';
import type { RunSummary } from '../../../core/model/run.ts';
import type { RunHead } from '../../../core/model/run-head.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { ResultsStore } from '../../../core/ports/results-store.ts';
import { aCapState } from '../../contract/spend-store.ts';
import { aRunSummary, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryResultsStore } from '../../memory/results.ts';
import { createMemoryRunLog, createMemorySpendStore } from '../../memory/stores.ts';

function aWorld(overrides: Partial<CadencePorts> = {}): CadencePorts {
  const runs = createMemoryRunLog(() => NOON);
  return { spend: createMemorySpendStore(), runs, results: createMemoryResultsStore(), ...overrides };
}

function slotOf(config: Record<string, unknown>, putAt = 0) {
  const tenant = { config: aTenantConfig(config), version: 1, externalId: 'external', putAt };
  const [account] = tenant.config.accounts;
  if (account === undefined) throw new Error('a tenant has an account');
  return { tenant, account, scope: aRunSummary().scope, slot: NOON };
}

async function aRun(
  { runs, results }: CadencePorts,
  hour: number,
  overrides: Partial<RunSummary> = {},
  watched = ['i-full'],
) {
  const summary = aRunSummary({ scheduledTime: NOON + hour * HOUR, ...overrides });
  await runs.put(summary);
  const { tenant, scope, scheduledTime } = summary;
  const run: RunRef = { tenant, scope, scheduledTime, trigger: 'schedule', request: null };
  const head: RunHead = { version: 1, run: 'run', summary, shards: 1, lines: [], omitted: 0, watched };
  await results.putHead(run, head);
}

const unreachable: ResultsStore = {
  ...createMemoryResultsStore(),
  head: async () => {
    throw new StoreError('the bucket does not answer');
  },
};

describe('slotCadence', () => {
  it('inspects every host, and reads nothing of runs, where neither a cadence nor a cap is set', async () => {
    const { spend } = aWorld();
    await spend.putCap('acme', aCapState({ quietHours: 4 }), 0);

    expect(await slotCadence(slotOf({}), aWorld({ spend, results: unreachable }))).toEqual({
      slot: NOON,
      quietHours: 0,
      recent: undefined,
    });
  });

  it('builds on the last complete run before the slot', async () => {
    const world = aWorld();
    const missed = { outcome: 'partial', unreadable: { timeout: 1 } } as const;
    await aRun(world, -3, {}, ['i-old']);
    await aRun(world, -2);
    await aRun(world, -1, missed, ['i-new']);
    await aRun(world, 0, {}, ['i-this-slot']);

    expect(await slotCadence(slotOf({ cadence: 'adaptive' }), world)).toEqual({
      slot: NOON,
      quietHours: 4,
      recent: { since: NOON - 2 * HOUR, watched: new Set(['i-new', 'i-full']) },
    });
  });

  it('follows the cost cap while the config has one', async () => {
    const world = aWorld();
    await aRun(world, -1);
    await world.spend.putCap('acme', aCapState({ quietHours: 2 }), 0);

    const { quietHours, recent } = await slotCadence(slotOf({ costCap: { usdPerMonth: 5 } }), world);

    expect([quietHours, recent?.since]).toEqual([2, NOON - HOUR]);
  });

  it('inspects every host after a config was put, without a run, and while the bucket does not answer', async () => {
    const world = aWorld();
    await aRun(world, -1);
    const adaptive = { cadence: 'adaptive' };

    const recents = await Promise.all([
      slotCadence(slotOf(adaptive, NOON - 1), world),
      slotCadence(slotOf(adaptive), aWorld()),
      slotCadence(slotOf(adaptive), { ...world, results: unreachable }),
    ]);

    expect(recents.map(({ quietHours, recent }) => [quietHours, recent])).toEqual(Array(3).fill([4, undefined]));
  });

  it('inspects every host where the item of the cap cannot be read back', async () => {
    const spend = {
      ...createMemorySpendStore(),
      getCap: async () => {
        throw new ItemError('not as Plimsoll writes it');
      },
    };

    expect((await slotCadence(slotOf({ costCap: { usdPerMonth: 5 } }), aWorld({ spend }))).quietHours).toBe(0);
  });
});
