import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sendEverything } from '../../../core/incidents/decide.ts';
import { startDeliveries } from '../../../core/incidents/outbox.ts';
import { SWEEP_GRACE_MS, type SweepOptions, sweep } from '../../../core/incidents/sweep.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Versioned } from '../../../core/ports/conditional-put.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { Publisher, PublishOutcome } from '../../../core/ports/publisher.ts';
import { aNotification, anEntry, anIncident, anIncidentKey, NOON } from '../../fixtures/builders.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';

const event = (id: string) => ({ ...aNotification(), id });
const withOutbox = (host: string, ...ids: string[]): Incident => {
  const outbox = ids.map((id, index) => ({ ...anEntry({ transition: index + 1 }), body: event(id) }));
  return anIncident({ key: anIncidentKey({ host }), outbox });
};

async function deliver(
  incidents: readonly Versioned<Incident>[],
  publisher: Publisher,
  store: IncidentStore,
  timeIsUp?: AbortSignal,
) {
  const log = createMemoryEventLog();
  const deliveries = startDeliveries({ publisher, incidents: store, log }, timeIsUp);
  await deliveries.add(incidents);
  return { ...deliveries.total(), logged: log.entries };
}

const sweepOutbox = (publisher: Publisher, incidents: IncidentStore, options: SweepOptions) =>
  sweep({ publisher, incidents, log: createMemoryEventLog(), decide: sendEverything }, options);

/** A topic that answers for each event as given here, and accepts the others. */
function aTopic(answers: Record<string, Omit<PublishOutcome & { kind: 'failed' }, 'id'>> = {}): Publisher {
  return {
    ensureTopic: async (tenant) => `topic of ${tenant}`,
    removeTopic: async () => {},
    publish: async (events) => events.map(({ id }) => ({ id, ...(answers[id] ?? { kind: 'published' }) })),
  };
}

function ofTenant(tenant: string, host: string): Incident {
  const key = anIncidentKey({ tenant, host });
  return anIncident({ key, outbox: [anEntry({ key })] });
}

/** Topics of which one tenant's does not answer. */
function unresponsiveFor(tenant: string) {
  let waits = 0;
  const publisher: Publisher = {
    ...aTopic(),
    async publish(events) {
      if (events.some(({ data }) => data.tenant === tenant)) waits++;
      return events.map(({ id, data }) => {
        if (data.tenant !== tenant) return { id, kind: 'published' };
        return { id, kind: 'failed', retryable: true, detail: 'no answer', unresponsive: true };
      });
    },
  };
  return { publisher, waits: () => waits };
}

async function stored(store: IncidentStore, ...incidents: Incident[]) {
  for (const incident of incidents) await store.put(incident, 0);
  return Array.fromAsync(store.unsettled());
}

const outboxOf = async (store: IncidentStore, host: string) =>
  (await store.get(anIncidentKey({ host })))?.value.outbox.map(({ body }) => body?.id);

describe('deliveries', () => {
  it('removes what the topic has accepted and keeps what it has not', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1'), withOutbox('b', 'b/1'));
    const topic = aTopic({ 'b/1': { kind: 'failed', retryable: true, detail: 'down' } });

    const delivery = await deliver(incidents, topic, store);

    expect(delivery).toMatchObject({ published: 1, failed: [{ id: 'b/1' }], undeliverable: [] });
    expect([await outboxOf(store, 'a'), await outboxOf(store, 'b')]).toEqual([[], ['b/1']]);
  });

  it('waits once for a topic that does not answer, and goes on with the others', async () => {
    const store = createMemoryIncidentStore();
    const tenants = ['acme', 'globex'];
    const many = Array.from({ length: 300 }, (_, index) =>
      tenants.map((tenant) => ofTenant(tenant, `i-${index}`)),
    ).flat();
    const incidents = await stored(store, ...many);
    const topic = unresponsiveFor('acme');

    const { published, failed } = await deliver(incidents, topic.publisher, store);

    expect(topic.waits()).toBe(1);
    expect({ published, failed: failed.length }).toEqual({ published: 300, failed: 300 });
    const left = await Array.fromAsync(store.unsettled());
    expect(new Set(left.map(({ value }) => value.key.tenant))).toEqual(new Set(['acme']));
    expect(left).toHaveLength(300);
  });

  it('sends nothing when time is up, and keeps it', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1'));

    const delivery = await deliver(incidents, aTopic(), store, AbortSignal.abort());

    expect(delivery).toMatchObject({ published: 0, failed: [{ id: 'a/1', retryable: true }] });
    expect(await outboxOf(store, 'a')).toEqual(['a/1']);
  });

  it('drops what the topic will never accept, with its body for the log, so that later events can go', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1', 'a/2'));
    const topic = aTopic({
      'a/1': { kind: 'failed', retryable: false, detail: 'invalid' },
      'a/2': { kind: 'failed', retryable: true, detail: 'an earlier event was not accepted' },
    });

    const delivery = await deliver(incidents, topic, store);

    expect(delivery.undeliverable).toEqual([{ id: 'a/1', detail: 'invalid' }]);
    expect(await outboxOf(store, 'a')).toEqual(['a/2']);
  });

  it('removes events from every incident that it can before it throws that one could not be stored', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1'), withOutbox('b', 'b/1'));
    const failing: IncidentStore = {
      ...store,
      async put(incident, version) {
        if (incident.key.host === 'a') throw new StoreError('the table is down');
        return store.put(incident, version);
      },
    };

    await expect(deliver(incidents, aTopic(), failing)).rejects.toThrow('the table is down');

    expect(await outboxOf(store, 'b')).toEqual([]);
  });

  it('does not end before every incident was tried, the slow ones too', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1'), withOutbox('b', 'b/1'));
    const slow = Promise.withResolvers<void>();
    const failing: IncidentStore = {
      ...store,
      async put(incident, version) {
        if (incident.key.host === 'a') throw new StoreError('the table is down');
        await slow.promise;
        return store.put(incident, version);
      },
    };
    let ended = false;
    const delivery = deliver(incidents, aTopic(), failing).finally(() => {
      ended = true;
    });
    const failure = expect(delivery).rejects.toThrow('the table is down');

    await setImmediate();
    expect(ended).toBe(false);
    slow.resolve();
    await failure;

    expect(await outboxOf(store, 'b')).toEqual([]);
  });

  it('drops only its own events from an incident that has changed meanwhile', async () => {
    const store = createMemoryIncidentStore();
    const incidents = await stored(store, withOutbox('a', 'a/1'));
    await store.put(withOutbox('a', 'a/1', 'a/2'), 1);

    await deliver(incidents, aTopic(), store);

    expect(await outboxOf(store, 'a')).toEqual(['a/2']);
  });
});

describe('sweep', () => {
  const now = NOON + SWEEP_GRACE_MS;
  const waiting = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...withOutbox(`i-${index}`, `${index}/1`), changedAt: NOON }));

  it('begins nothing more when its time is up, and leaves the rest to the next sweep', async () => {
    const store = createMemoryIncidentStore();
    await stored(store, ...waiting(300));
    const timeIsUp = new AbortController();
    let read = 0;
    const counting: IncidentStore = {
      ...store,
      async *unsettled() {
        for await (const incident of store.unsettled()) {
          read++;
          yield incident;
        }
      },
    };
    const topic: Publisher = {
      ...aTopic(),
      async publish(events) {
        timeIsUp.abort();
        return events.map(({ id }) => ({ id, kind: 'published' }));
      },
    };

    const first = await sweepOutbox(topic, counting, { now, timeIsUp: timeIsUp.signal });
    await setImmediate();
    const rest = await sweepOutbox(aTopic(), store, { now });

    expect(first.published).toBe(100);
    expect(read).toBeLessThan(110);
    expect(rest.published).toBe(200);
  });

  it('begins where it is given, so that the same incidents are not always the last', async () => {
    const begins: unknown[] = [];
    const store = createMemoryIncidentStore();
    const noting: IncidentStore = {
      ...store,
      unsettled(begin) {
        begins.push(begin);
        return store.unsettled(begin);
      },
    };

    await sweepOutbox(aTopic(), noting, { now, begin: 0.75 });

    expect(begins).toEqual([0.75]);
  });
});
