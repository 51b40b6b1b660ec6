import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/model/incident.ts';
import { noteOldest } from '../../functions/outbox-age.ts';
import { anEntry, anIncident, anIncidentKey, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { createMemoryIncidentStore } from '../memory/stores.ts';

const NOW = NOON + 10 * HOUR;

/** A leak whose events wait, the first of them since so many hours after noon, and which was seen again by every inspection since. */
function aGrowingLeak(host: string, firstHour: number): Incident {
  const key = anIncidentKey({ host });
  const since = NOON + firstHour * HOUR;
  const opened = anEntry({ key, asOf: since }, 'opened');
  const worse = anEntry({ key, asOf: since + HOUR, transition: 2 }, 'worse');
  return anIncident({ key, outbox: [opened, worse], since, asOf: NOW, changedAt: NOW, transition: 2 });
}

async function sweep(incidents: readonly Incident[]) {
  const store = createMemoryIncidentStore();
  for (const incident of incidents) await store.put(incident, 0);
  const noted = noteOldest(store, NOW);
  const swept = await Array.fromAsync(noted.store.unsettled());
  return { seconds: noted.seconds(), swept, noted };
}

describe('the age of the oldest outbox', () => {
  it('is that of its oldest event, however often the leak was seen since', async () => {
    const { seconds } = await sweep([aGrowingLeak('i-1', 8), aGrowingLeak('i-2', 3), aGrowingLeak('i-3', 5)]);

    expect(seconds).toBe((7 * HOUR) / 1000);
  });

  it('is 0 where every outbox is empty, and where an event is dated in the future', async () => {
    const future = anIncident({ outbox: [anEntry({ asOf: NOW + HOUR })] });

    expect((await sweep([])).seconds).toBe(0);
    expect((await sweep([future])).seconds).toBe(0);
  });

  it('is noted by tenant, and who has become late since the sweep before is counted', async () => {
    const late = (tenant: string, minutes: number) => {
      const key = anIncidentKey({ tenant });
      return anIncident({ key, outbox: [anEntry({ key, asOf: NOW - minutes * MINUTE })] });
    };
    const held = { ...anEntry({ asOf: NOON }), body: null };

    const { noted } = await sweep([
      late('broken', 3000),
      late('newly', 62),
      late('fine', 58),
      anIncident({ key: anIncidentKey({ tenant: 'held' }), outbox: [held] }),
    ]);

    expect(noted.byTenant()).toEqual(
      new Map([
        ['broken', 180_000],
        ['newly', 3_720],
        ['fine', 3_480],
      ]),
    );
    expect(noted.newlyLate(5 * MINUTE)).toBe(1);
  });

  it('is noted while incidents pass as they are', async () => {
    const incident = aGrowingLeak('i-1', 9);

    expect((await sweep([incident])).swept).toEqual([{ value: incident, version: 1 }]);
  });
});
