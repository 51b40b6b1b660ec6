import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../core/incidents/observation.ts';
import { record } from '../../../core/incidents/record.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import { anIncident, anIncidentKey, HOUR, NOON } from '../../fixtures/builders.ts';
import { leakAt, steadyAt } from '../../fixtures/leak-observations.ts';
import { createMemoryIncidentStore } from '../../memory/stores.ts';

const OPTIONS = { recoverAfter: 2, now: NOON };

const leak = (asOf = NOON): Observation => leakAt(asOf);
const calm = (asOf: number): Observation => steadyAt(asOf);

/** A store in which somebody else writes the incident before each of our first puts. */
function aContestedStore(losses: number, others: (loss: number) => Incident) {
  const store = createMemoryIncidentStore();
  let puts = 0;
  const contested: IncidentStore = {
    ...store,
    async put(incident, version) {
      puts++;
      if (puts <= losses) await store.put(others(puts), version);
      return store.put(incident, version);
    },
  };
  return { store: contested, puts: () => puts };
}

describe('record', () => {
  it('stores a new incident with its event, at version 1', async () => {
    const store = createMemoryIncidentStore();

    const recorded = await record(leak(), store, OPTIONS);

    expect(recorded).toMatchObject({ outcome: 'opened', stored: { version: 1, value: { status: 'open' } } });
    expect(await store.get(anIncidentKey())).toEqual(recorded.stored);
  });

  it('stores the same observation once', async () => {
    const store = createMemoryIncidentStore();
    const first = await record(leak(), store, OPTIONS);

    const second = await record(leak(), store, OPTIONS);

    expect(second).toEqual({ outcome: 'unchanged' });
    expect(await store.get(anIncidentKey())).toEqual(first.stored);
  });

  it('stores the same observation once when copies race', async () => {
    const store = createMemoryIncidentStore();

    const recorded = await Promise.all([1, 2, 3].map(() => record(leak(), store, OPTIONS)));

    expect(recorded.map(({ outcome }) => outcome).sort()).toEqual(['opened', 'unchanged', 'unchanged']);
    expect((await store.get(anIncidentKey()))?.value.undecided).toHaveLength(1);
  });

  it('changes nothing for a late observation', async () => {
    const store = createMemoryIncidentStore();
    const newer = await record(leak(), store, OPTIONS);

    const late = await record(calm(NOON - HOUR), store, OPTIONS);

    expect(late).toEqual({ outcome: 'unchanged' });
    expect(await store.get(anIncidentKey())).toEqual(newer.stored);
  });

  it('decides again on what the winner of a race has stored', async () => {
    const suspected = anIncident({ status: 'suspected', asOf: NOON - HOUR });
    const { store } = aContestedStore(1, () => suspected);

    const recorded = await record(leak(), store, OPTIONS);

    expect(recorded).toMatchObject({ outcome: 'opened', stored: { version: 2, value: { episode: 1 } } });
  });

  it('keeps the changes that the winner of a race has recorded', async () => {
    const closed = anIncident({ status: 'closed', asOf: NOON - HOUR, transition: 2 });
    const other = await record(leak(NOON - 2 * HOUR), createMemoryIncidentStore(), OPTIONS);
    const undecided = other.stored?.value.undecided ?? [];
    const { store } = aContestedStore(1, () => ({ ...closed, undecided }));

    const { stored } = await record(leak(), store, OPTIONS);

    expect(stored?.value.undecided).toHaveLength(2);
    expect(stored?.value.undecided[0]).toEqual(undecided[0]);
    expect(stored?.value).toMatchObject({ episode: 2, transition: 3 });
  });

  it('wins at its eighth attempt', async () => {
    const { store, puts } = aContestedStore(7, (loss) => anIncident({ asOf: NOON - HOUR, steadyRuns: loss }));

    const recorded = await record(leak(), store, OPTIONS);

    expect(recorded.outcome).toBe('updated');
    expect(puts()).toBe(8);
  });

  it('fails after eight lost races, naming the host and the tenant', async () => {
    const { store, puts } = aContestedStore(100, (loss) => anIncident({ asOf: NOON - HOUR, steadyRuns: loss }));

    const lost = record(leak(), store, OPTIONS);

    await expect(lost).rejects.toThrow(StoreError);
    await expect(lost).rejects.toThrow(/host i-0a1b2c3d \(tenant acme\) was changed by others 8 times/);
    expect(puts()).toBe(8);
  });

  it('passes on the failure of a store', async () => {
    const failing: IncidentStore = {
      ...createMemoryIncidentStore(),
      get: () => Promise.reject(new StoreError('the table is down')),
    };

    await expect(record(leak(), failing, OPTIONS)).rejects.toThrow('the table is down');
  });
});
