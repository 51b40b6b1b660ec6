/** A run whose table is slow, or whose topic does not answer: it stops in time, is logged, and loses nothing. */
import { describe, expect, it } from 'vitest';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import { NOON } from '../../fixtures/builders.ts';
import { createMemoryIncidentStore } from '../../memory/stores.ts';
import { aMessage, aSource, aWorld, eventsOf, LEAK, SCOPE } from './world.ts';

const LEAKS = 40;
const leaks = Array.from({ length: LEAKS }, (_, index) => ({
  ...LEAK,
  resource: { ...LEAK.resource, id: `i-${index}` },
}));
const openSource: InspectionPorts['openSource'] = (_tenant, _account, region) => aSource(region, ...leaks);

/** A function with a moment left to record; its table takes so many records and answers no further one. */
function aSlowTable(incidents: IncidentStore, records: number) {
  let left = 20_050;
  let taken = 0;
  const slow: IncidentStore = {
    ...incidents,
    async put(incident, version) {
      // What was recorded is settled by further writes.
      if (incident.undecided.length === 0 || taken++ < records) return incidents.put(incident, version);
      left = 15_000;
      return new Promise(() => {});
    },
  };
  return { incidents: slow, deadline: { now: NOON, remainingMs: () => left } };
}

const inspect = (ports: InspectionPorts, deadline = { now: NOON, remainingMs: () => 300_000 }) =>
  runInspection({ message: aMessage(), metric: LEAK_METRIC }, ports, deadline);

describe('a run whose table becomes too slow', () => {
  it('publishes and logs what was recorded, and leaves the rest to a continuation', async () => {
    const { incidents, deadline } = aSlowTable(createMemoryIncidentStore(), 10);
    const world = await aWorld({ incidents, openSource });

    const outcome = await inspect(world, deadline);

    expect(outcome).toMatchObject({ kind: 'inspected', regions: [{ recorded: 10, unrecorded: LEAKS - 10 }] });
    expect(world.queue.sent).toMatchObject([{ regions: [SCOPE.region] }]);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([
      { outcome: 'partial', failures: [expect.stringMatching(/30 hosts could not be recorded in time, and 10 were/)] },
    ]);
    expect(eventsOf(world)).toHaveLength(10);
  });

  it('records and publishes each leak once when its continuation comes', async () => {
    const incidents = createMemoryIncidentStore();
    const slow = aSlowTable(incidents, 10);
    const world = await aWorld({ incidents: slow.incidents, openSource });
    await inspect(world, slow.deadline);

    await inspect({ ...world, incidents });

    const ids = (world.publisher.published.get('acme') ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(LEAKS);
    expect(ids).toHaveLength(LEAKS);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([{ outcome: 'complete' }]);
  });

  it('returns to its queue where nothing at all was recorded: a continuation would go on for ever', async () => {
    const { incidents, deadline } = aSlowTable(createMemoryIncidentStore(), 0);
    const world = await aWorld({ incidents, openSource });

    await expect(inspect(world, deadline)).rejects.toThrow(/None of 40 hosts .* could be recorded in time/);

    expect(world.queue.sent).toEqual([]);
  });
});

describe('a run whose table is throttled', () => {
  it('publishes what was recorded before it fails', async () => {
    const incidents = createMemoryIncidentStore();
    let puts = 0;
    const throttled: IncidentStore = {
      ...incidents,
      async put(incident, version) {
        // What was recorded is settled by further writes.
        if (incident.undecided.length > 0 && ++puts > 10) throw new StoreError('the table is throttled');
        return incidents.put(incident, version);
      },
    };
    const world = await aWorld({ incidents: throttled, openSource });

    await expect(inspect(world)).rejects.toThrow('the table is throttled');

    expect(eventsOf(world)).toHaveLength(10);
    expect(await Array.fromAsync(incidents.unsettled())).toEqual([]);
  });
});
