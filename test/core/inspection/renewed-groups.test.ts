import { describe, expect, it } from 'vitest';
import { rememberHosts } from '../../../core/inspection/known-hosts.ts';
import { renewedGroups } from '../../../core/inspection/renewed-groups.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { aResource, aRunSummary, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryWorkStore } from '../../memory/results.ts';
import { createMemoryRunLog } from '../../memory/stores.ts';

const RUN: RunRef = {
  tenant: 'acme',
  scope: aRunSummary().scope,
  trigger: 'schedule',
  scheduledTime: NOON,
  request: null,
};
const host = (id: string, group?: string) => ({
  resource: aResource({ id, ...(group !== undefined && { group }) }),
  entry: null,
});
const BEFORE = [host('i-1', 'web'), host('i-2', 'batch')];

/** The run before, an hour ago, listed `i-1` and `i-2`. */
async function aWorld() {
  const [runs, work] = [createMemoryRunLog(() => NOON), createMemoryWorkStore()];
  await runs.put(aRunSummary({ scheduledTime: NOON - HOUR }));
  await rememberHosts({ ...RUN, scheduledTime: NOON - HOUR }, BEFORE, work);
  return { runs, work };
}

describe('groups with hosts that the run before did not list', () => {
  it('are found by their new hosts', async () => {
    const hosts = [host('i-2', 'batch'), host('i-3', 'web'), host('i-4')];

    expect(await renewedGroups(RUN, hosts, await aWorld())).toEqual(new Set(['web']));
  });

  it('are none where a group has become smaller', async () => {
    expect(await renewedGroups(RUN, BEFORE.slice(1), await aWorld())).toEqual(new Set());
  });

  it('are none where the run before was partial', async () => {
    const { runs, work } = await aWorld();
    await runs.put(aRunSummary({ scheduledTime: NOON - HOUR, outcome: 'partial' }));

    expect(await renewedGroups(RUN, [host('i-3', 'web')], { runs, work })).toEqual(new Set());
  });

  it('are none where nobody knows what was listed', async () => {
    const { runs } = await aWorld();
    const failing = { newest: async () => Promise.reject(new StoreError('down')), put: async () => undefined };
    const work = createMemoryWorkStore();

    expect(await renewedGroups(RUN, [host('i-3', 'web')], { runs, work })).toEqual(new Set());
    expect(await renewedGroups(RUN, [host('i-3', 'web')], { runs: failing, work })).toEqual(new Set());
  });
});
