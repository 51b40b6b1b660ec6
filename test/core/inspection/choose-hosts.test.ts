import { describe, expect, it } from 'vitest';
import { createHostChoice } from '../../../core/inspection/choose-hosts.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import {
  anIncident,
  anIncidentKey,
  aResource,
  aRunSummary,
  aTenantConfig,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';
import { createMemoryResultsStore, createMemoryWorkStore } from '../../memory/results.ts';
import {
  createMemoryConfigStore,
  createMemoryIncidentStore,
  createMemoryRunLog,
  createMemorySpendStore,
} from '../../memory/stores.ts';

const HOSTS = Array.from({ length: 400 }, (_, index) => ({ resource: aResource({ id: `i-${index}` }), entry: null }));

const RUN: RunRef = {
  tenant: 'acme',
  scope: aRunSummary().scope,
  trigger: 'schedule',
  scheduledTime: NOON,
  request: null,
};

/** A tenant whose last run, an hour ago, watched `i-7`; `i-9` has an open incident. */
async function aWorld(config: Record<string, unknown> = { cadence: 'adaptive' }) {
  const [configs, incidents, results] = [
    createMemoryConfigStore(),
    createMemoryIncidentStore(),
    createMemoryResultsStore(),
  ];
  const runs = createMemoryRunLog(() => NOON);
  await configs.put(aTenantConfig(config), 0, 'external', NOON - 100 * HOUR);
  await incidents.put(anIncident({ key: anIncidentKey({ host: 'i-9' }), status: 'open' }), 0);
  const summary = aRunSummary({ scheduledTime: NOON - HOUR });
  await runs.put(summary);
  const before = { ...RUN, scheduledTime: NOON - HOUR };
  await results.putHead(before, {
    version: 1,
    run: 'run',
    summary,
    shards: 1,
    lines: [],
    omitted: 0,
    watched: ['i-7'],
  });
  return { configs, incidents, results, runs, spend: createMemorySpendStore(), work: createMemoryWorkStore() };
}

describe('the choice of hosts', () => {
  it('takes a quarter of the quiet hosts, the watched ones, and those with an incident', async () => {
    const choose = createHostChoice(await aWorld());

    const { due, notDue } = await choose(RUN, HOSTS);

    const ids = due.map(({ resource }) => resource.id);
    expect(ids).toEqual(expect.arrayContaining(['i-7', 'i-9']));
    expect(due.length + notDue).toBe(400);
    expect(due.length).toBeGreaterThan(60);
    expect(due.length).toBeLessThan(140);
  });

  it('takes hosts that the last run did not list, and leaves those that it listed to their turns', async () => {
    const choose = createHostChoice(await aWorld());
    await choose({ ...RUN, scheduledTime: NOON - HOUR }, HOSTS.slice(0, 300));

    const { due } = await choose(RUN, HOSTS);

    const ids = new Set(due.map(({ resource }) => resource.id));
    expect(HOSTS.slice(300).every(({ resource }) => ids.has(resource.id))).toBe(true);
    expect(HOSTS.slice(0, 300).filter(({ resource }) => ids.has(resource.id)).length).toBeLessThan(110);
  });

  it('goes by turns where the bucket does not answer, or what the last run listed is lost', async () => {
    const world = await aWorld();
    const fails = () => Promise.reject(new StoreError('the bucket does not answer'));

    const { due } = await createHostChoice({ ...world, work: { put: fails, get: fails } })(RUN, HOSTS);

    expect(due).toEqual((await createHostChoice(world)(RUN, HOSTS)).due);
  });

  it('takes every host after the defaults of the deployment were put', async () => {
    const world = await aWorld();
    await world.configs.putDefaults({ version: 1, policy: { threshold: 0.9 } }, 0, NOON - 1);

    expect((await createHostChoice(world)(RUN, HOSTS)).notDue).toBe(0);
  });

  it('takes every host of a request on demand, and where the config has no cadence', async () => {
    const demand = { ...RUN, trigger: 'on_demand' as const, request: 'request-1' };

    expect(await createHostChoice(await aWorld())(demand, HOSTS)).toEqual({ due: HOSTS, notDue: 0 });
    expect(await createHostChoice(await aWorld({}))(RUN, HOSTS)).toEqual({ due: HOSTS, notDue: 0 });
  });

  it('takes every host of a tenant or an account that is not configured any more', async () => {
    const choose = createHostChoice(await aWorld());
    const other = { ...RUN, scope: { ...RUN.scope, account: '999900001111' } };

    expect((await choose({ ...RUN, tenant: 'gone' }, HOSTS)).notDue).toBe(0);
    expect((await choose(other, HOSTS)).notDue).toBe(0);
  });

  it('takes every host where an incident cannot be read back', async () => {
    const world = await aWorld();
    const next = () => Promise.reject(new ItemError('not as Plimsoll writes it'));
    const incidents = { open: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) };

    expect((await createHostChoice({ ...world, incidents })(RUN, HOSTS)).notDue).toBe(0);
  });
});
