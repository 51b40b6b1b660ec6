import { describe, expect, it } from 'vitest';
import { answerIncident } from '../../../core/incidents/answer.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import { anIncident, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';

const BY = 'arn:aws:iam::111122223333:user/jane';
const GIVEN = { answer: { kind: 'acknowledged', note: 'on it' }, by: BY, now: NOON + HOUR } as const;

async function aStore(overrides: Parameters<typeof anIncident>[0] = {}) {
  const incident = anIncident(overrides);
  const store = createMemoryIncidentStore();
  await store.put(incident, 0);
  return { incident, store, log: createMemoryEventLog() };
}

describe('an answer to an incident', () => {
  it('is stored with the incident and logged with who gave it', async () => {
    const { incident, store, log } = await aStore();

    const answered = await answerIncident(incident, GIVEN, { incidents: store, log });

    expect(answered.acknowledged).toEqual({ by: BY, at: NOON + HOUR, note: 'on it' });
    expect((await store.get(incident.key))?.value).toEqual(answered);
    expect(log.entries).toMatchObject([{ kind: 'action', action: 'acknowledged', by: BY, reason: 'on it' }]);
  });

  it('is given to what a run has written meanwhile', async () => {
    const { incident, store, log } = await aStore();
    let isFirst = true;
    const raced: IncidentStore = {
      ...store,
      async put(next, version) {
        if (isFirst) await store.put({ ...incident, severity: 'critical' }, version);
        isFirst = false;
        return store.put(next, version);
      },
    };

    const answered = await answerIncident(incident, GIVEN, { incidents: raced, log });

    expect(answered).toMatchObject({ severity: 'critical', acknowledged: { by: BY } });
    expect(log.entries).toHaveLength(1);
  });

  it('is refused, and not logged, where the host has a later incident, or none', async () => {
    const { incident, store, log } = await aStore({ episode: 2 });
    const ports = { incidents: store, log };

    await expect(answerIncident({ ...incident, episode: 1 }, GIVEN, ports)).rejects.toThrow('is over');
    const nowhere = { key: { ...incident.key, host: 'i-none' }, episode: 1 };
    await expect(answerIncident(nowhere, GIVEN, ports)).rejects.toThrow('does not exist');
    expect(log.entries).toEqual([]);
  });
});
