import { describe, expect, it } from 'vitest';
import { relatedIncidents, relatedTo as relatedToNamed } from '../../../core/incidents/related.ts';
import { type Incident, incidentId } from '../../../core/model/incident.ts';
import type { IncidentList } from '../../../core/ports/incident-list.ts';
import { aChange, aDecision, anIncident, anIncidentKey, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryEventLog, createMemoryIncidentList, createMemoryIncidentStore } from '../../memory/stores.ts';

function incidentOf(host: string, { group, hour = 0, ...key }: { group?: string; hour?: number; account?: string }) {
  const full = anIncidentKey({ host, ...key });
  const { provider, account, region } = full;
  const at = NOON + hour * HOUR;
  const resource = { provider, account, region, id: host, ...(group !== undefined && { group }) };
  return anIncident({ key: full, resource, cycleSince: at, lastChangeAt: at });
}

async function relatedTo(incident: Incident, others: readonly Incident[]) {
  const store = createMemoryIncidentStore();
  for (const one of [incident, ...others]) await store.put(one, 0);
  const { key, episode, resource, cycleSince: from, lastChangeAt: to } = incident;
  const subject = { key, group: resource.group ?? null, fleet: incident.fleet, id: incidentId(key, episode), from, to };
  const { items } = await relatedIncidents(subject, createMemoryIncidentList(store), { near: 6 * HOUR, limit: 10 });
  return items.map(({ by, incident: { key } }) => [by, key.host]);
}

describe('related incidents', () => {
  it('are those of the same host, group, region or account, the closest relation and time first', async () => {
    const others = [
      incidentOf('i-region', {}),
      incidentOf('i-group-later', { group: 'web', hour: 3 }),
      incidentOf('i-group', { group: 'web', hour: -1 }),
      incidentOf('i-elsewhere', { group: 'web', account: '999999999999' }),
    ];

    expect(await relatedTo(incidentOf('i-1', { group: 'web' }), others)).toEqual([
      ['group', 'i-group'],
      ['group', 'i-group-later'],
      ['region', 'i-region'],
    ]);
  });

  it('are none that grew at another time', async () => {
    const others = [incidentOf('i-before', { hour: -7 }), incidentOf('i-after', { hour: 7 })];

    expect(await relatedTo(incidentOf('i-1', {}), others)).toEqual([]);
  });

  it('are those of its host and its fleet for as long as it lasts, and of others those that began near its beginning', async () => {
    const lasting = { ...incidentOf('i-1', { group: 'web' }), fleet: 'fleet', lastChangeAt: NOON + 100 * HOUR };
    const full = incidentOf('i-1', { group: 'web', hour: 106 });
    const others = [
      incidentOf('i-with-it', { group: 'web', hour: 6 }),
      incidentOf('i-meanwhile', { group: 'web', hour: 7 }),
      { ...incidentOf('i-of-fleet', { hour: 50 }), fleet: 'fleet' },
      { ...incidentOf('i-of-fleet-later', { hour: 107 }), fleet: 'fleet' },
      { ...full, key: { ...full.key, finding: 'exhausted' as const } },
    ];

    expect(await relatedTo(lasting, others)).toEqual([
      ['host', 'i-1'],
      ['fleet', 'i-of-fleet'],
      ['group', 'i-with-it'],
    ]);
  });

  it('of an episode that is over are those near its own times, and not near those of the newest one', async () => {
    const incidents = createMemoryIncidentStore();
    const log = createMemoryEventLog();
    const key = anIncidentKey({ host: 'i-1' });
    const newest = { ...incidentOf('i-1', { group: 'web', hour: 1000 }), episode: 9 };
    for (const one of [
      newest,
      incidentOf('i-then', { group: 'web' }),
      incidentOf('i-now', { group: 'web', hour: 1000 }),
    ])
      await incidents.put(one, 0);
    const id = incidentId(key, 1);
    const end = { how: 'levelled_off', ageHours: 5, confidence: null } as const;
    const change = { ...aChange(), kind: 'recovered', at: NOON + 5 * HOUR, end } as const;
    const facts = { tenant: key.tenant, incident: id, at: change.at, host: newest.resource, decision: aDecision() };
    await log.put({ kind: 'change', id: `${id}/1`, ...facts, change });
    const ports = { incidents, log, list: createMemoryIncidentList(incidents) };
    const hostsNear = async (episode: number) => {
      const named = { key, tenant: key.tenant, episode, id: incidentId(key, episode) };
      const related = await relatedToNamed(named, ports, { near: 6 * HOUR, limit: 5 });
      return related?.items.map(({ incident }) => incident.key.host);
    };

    expect(await hostsNear(1)).toEqual(['i-then']);
    expect(await hostsNear(9)).toEqual(['i-now']);
    expect(await hostsNear(2)).toBeUndefined();
  });

  it('are looked for up to a bound, which is stated', async () => {
    const { key, fleet } = incidentOf('i-1', {});
    const subject = { key, group: null, fleet, id: 'one', from: NOON, to: NOON };
    let pages = 0;
    const endless: IncidentList = { list: async () => ({ incidents: [], cursor: String(++pages) }) };

    const related = await relatedIncidents(subject, endless, { near: HOUR, limit: 5 });

    expect(related).toEqual({ items: [], isTruncated: true });
    expect(pages).toBe(25);
  });
});
