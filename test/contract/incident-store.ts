/** What every incident store promises. */
import { expect } from 'vitest';
import type { Incident } from '../../core/model/incident.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { aChange, aNotification, anEntry, anIncident, anIncidentKey } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

/** More incidents than a store reads at once. */
const MANY = 60;

export const incidentStoreChecks: readonly Check<IncidentStore>[] = [
  {
    message: 'has nothing of a host that was never put',
    async verify(store) {
      expect(await store.get(anIncidentKey({ tenant: 'unknown' }))).toBeUndefined();
    },
  },
  {
    message: 'gives back what was put, to the last digit',
    async verify(store) {
      const incident = awkwardIncident('round-trip');

      const outcome = await store.put(incident, 0);

      expect(outcome).toBe('stored');
      expect(await store.get(incident.key)).toEqual({ value: incident, version: 1 });
    },
  },
  {
    message: 'adds one to the version with every put',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'counted' });
      for (let version = 0; version < 3; version++) await store.put(anIncident({ key, transition: version }), version);

      expect(await store.get(key)).toEqual({ value: anIncident({ key, transition: 2 }), version: 3 });
    },
  },
  {
    message: 'refuses a put that expects another version, and changes nothing',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'guarded' });
      await store.put(anIncident({ key, transition: 1 }), 0);
      await store.put(anIncident({ key, transition: 2 }), 1);

      const outcomes = [];
      for (const expected of [0, 1, 3]) outcomes.push(await store.put(anIncident({ key, transition: 99 }), expected));

      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict']);
      expect(await store.get(key)).toMatchObject({ value: { transition: 2 }, version: 2 });
    },
  },
  {
    message: 'refuses to change an item that is not there',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'absent' });

      expect(await store.put(anIncident({ key }), 3)).toBe('conflict');
      expect(await store.get(key)).toBeUndefined();
    },
  },
  {
    message: 'stores exactly one of twenty puts that race',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'raced' });
      await store.put(anIncident({ key }), 0);
      const racers = Array.from({ length: 20 }, (_, index) => index + 2);

      const outcomes = await Promise.all(racers.map((transition) => store.put(anIncident({ key, transition }), 1)));

      const winner = racers[outcomes.indexOf('stored')];
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(await store.get(key)).toMatchObject({ value: { transition: winner }, version: 2 });
    },
  },
  {
    message: 'keeps hosts apart whose names contain separators',
    async verify(store) {
      const parts = [
        { host: 'a#b', metric: 'c' },
        { host: 'a', metric: 'b#c' },
        { host: 'a/b', metric: 'c' },
        { host: 'a', metric: 'b/c' },
        { host: 'a%23b', metric: 'c' },
      ];
      const keys = parts.map((part) => anIncidentKey({ tenant: 'separators', ...part }));

      const outcomes = [];
      for (const key of keys) outcomes.push(await store.put(anIncident({ key }), 0));

      expect(outcomes).toEqual(keys.map(() => 'stored'));
      for (const key of keys) expect((await store.get(key))?.value.key).toEqual(key);
    },
  },
  {
    message: 'keeps labels of any name',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'labelled' });
      const resource = { ...anIncident({ key }).resource, labels: LABELS };

      const outcome = await store.put(anIncident({ key, resource }), 0);

      expect(outcome).toBe('stored');
      const kept = (await store.get(key))?.value.resource.labels ?? {};
      expect(Object.entries(kept)).toEqual(Object.entries(LABELS));
    },
  },
  {
    message: 'keeps hosts apart whose names are long, or no well-formed text',
    async verify(store) {
      const long = '記憶體'.repeat(400);
      const hosts = [long, `${long}1`, `${long}2`, 'x'.repeat(3000), 'web-\ud800', 'web-\ud801', 'web-\ufffd'];
      const keys = hosts.map((host) => anIncidentKey({ tenant: 'long-names', host }));

      const outcomes = [];
      for (const key of keys) outcomes.push(await store.put(anIncident({ key }), 0));

      expect(outcomes).toEqual(keys.map(() => 'stored'));
      for (const key of keys) expect((await store.get(key))?.value.key).toEqual(key);
      const open = await openOf(store, 'long-names');
      expect(open.map(({ value }) => value.key.host).toSorted()).toEqual(hosts.toSorted());
    },
  },
  {
    message: 'lists as open what is suspected or open in the scope, and nothing else',
    async verify(store) {
      const here = (host: string, status: Incident['status']) =>
        anIncident({ key: anIncidentKey({ tenant: 'opened', host }), status });
      const elsewhere = [
        anIncident({ key: anIncidentKey({ tenant: 'opened-too' }) }),
        anIncident({ key: anIncidentKey({ tenant: 'opened', region: 'eu-west-12' }) }),
        anIncident({ key: anIncidentKey({ tenant: 'opened', account: '1111222233334' }) }),
        anIncident({ key: anIncidentKey({ tenant: 'opened', provider: 'gcp' }) }),
      ];
      const all = [here('i-open', 'open'), here('i-suspected', 'suspected'), here('i-closed', 'closed'), ...elsewhere];
      for (const incident of all) await store.put(incident, 0);

      const open = await openOf(store, 'opened');

      expect(open.map(({ value }) => value.key.host).toSorted()).toEqual(['i-open', 'i-suspected']);
    },
  },
  {
    message: 'lists as open the newest version, and no longer when it is closed',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'closing' });
      await store.put(anIncident({ key, transition: 1 }), 0);
      await store.put(anIncident({ key, transition: 2 }), 1);
      const before = await openOf(store, 'closing');

      await store.put(anIncident({ key, transition: 3, status: 'closed' }), 2);
      const after = await openOf(store, 'closing');

      expect(before).toEqual([{ value: anIncident({ key, transition: 2 }), version: 2 }]);
      expect(after).toEqual([]);
    },
  },
  {
    message: 'lists more open incidents than fit a page, each once',
    async verify(store) {
      const hosts = Array.from({ length: MANY }, (_, index) => `i-${index}`);
      await Promise.all(
        hosts.map((host) => store.put(anIncident({ key: anIncidentKey({ tenant: 'stormy', host }) }), 0)),
      );

      const open = await openOf(store, 'stormy');

      expect(open.map(({ value }) => value.key.host).toSorted()).toEqual(hosts.toSorted());
    },
  },
  {
    message: 'lists what is not settled of all tenants, closed incidents too, with changes and bodies in their order',
    async verify(store) {
      const waiting = ['pending-a', 'pending-b', 'pending-c'].map((tenant) => {
        const key = anIncidentKey({ tenant });
        const outbox = [anEntry({ key }), anEntry({ key, transition: 2 }, 'recovered')];
        const undecided = [aChange({ key, transition: 3 }), aChange({ key, transition: 4 }, 'recovered')];
        return anIncident({ key, undecided, outbox, status: 'closed' });
      });
      for (const incident of waiting) await store.put(incident, 0);
      await store.put(anIncident({ key: anIncidentKey({ tenant: 'pending-none' }) }), 0);

      const unsettled = await unsettledOf(store, 'pending-');

      const byTenant = unsettled.toSorted((a, b) => (a.value.key.tenant < b.value.key.tenant ? -1 : 1));
      expect(byTenant).toEqual(waiting.map((value) => ({ value, version: 1 })));
    },
  },
  {
    message: 'lists all that is not settled wherever it begins',
    async verify(store) {
      const hosts = Array.from({ length: MANY }, (_, index) => `i-${index}`);
      const keys = hosts.map((host) => anIncidentKey({ tenant: 'pending-round', host }));
      await Promise.all(keys.map((key) => store.put(anIncident({ key, outbox: [anEntry({ key })] }), 0)));

      const lists = await Promise.all([0, 0.4, 0.999].map((begin) => unsettledOf(store, 'pending-round', begin)));

      const listed = lists.map((incidents) => incidents.map(({ value }) => value.key.host).toSorted());
      expect(listed).toEqual(lists.map(() => hosts.toSorted()));
    },
  },
  {
    message: 'lists an incident as not settled no longer when its bodies were taken',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'drained' });
      await store.put(anIncident({ key, outbox: [anEntry({ key })] }), 0);
      const before = await unsettledOf(store, 'drained');

      await store.put(anIncident({ key }), 1);
      const after = await unsettledOf(store, 'drained');

      expect(before).toHaveLength(1);
      expect(after).toEqual([]);
    },
  },
  {
    message: 'lists an incident as not settled while a change is undecided',
    async verify(store) {
      const key = anIncidentKey({ tenant: 'undecided' });
      await store.put(anIncident({ key, undecided: [aChange({ key })] }), 0);
      const before = await unsettledOf(store, 'undecided');

      await store.put(anIncident({ key }), 1);
      const after = await unsettledOf(store, 'undecided');

      expect(before).toHaveLength(1);
      expect(after).toEqual([]);
    },
  },
  {
    message: 'lists what is not settled in the scope, and nothing else',
    async verify(store) {
      const here = (host: string, rest: Partial<Incident>) =>
        anIncident({ key: anIncidentKey({ tenant: 'scoped', host }), ...rest });
      const unsettled = (key: Incident['key']) => anIncident({ key, undecided: [aChange({ key })] });
      const elsewhere = [
        unsettled(anIncidentKey({ tenant: 'scoped-too' })),
        unsettled(anIncidentKey({ tenant: 'scoped', region: 'eu-west-12' })),
        unsettled(anIncidentKey({ tenant: 'scoped', account: '1111222233334' })),
        unsettled(anIncidentKey({ tenant: 'scoped', provider: 'gcp' })),
      ];
      const hosts = Array.from({ length: MANY }, (_, index) => `i-${index}`);
      const many = hosts.map((host) => here(host, { undecided: [aChange()], status: 'closed' }));
      const all = [here('i-sent', { outbox: [anEntry()] }), here('i-settled', {}), ...many, ...elsewhere];
      await Promise.all(all.map((incident) => store.put(incident, 0)));

      const { provider, account, region } = anIncidentKey();
      const listed = await Array.fromAsync(store.unsettledIn('scoped', { provider, account, region }));

      expect(listed.map(({ value }) => value.key.host).toSorted()).toEqual([...hosts, 'i-sent'].toSorted());
    },
  },
];

/** Names that mean something to objects, to maps or to encodings, and nothing to whoever gave them. */
const LABELS: Readonly<Record<string, string>> = JSON.parse(
  '{"constructor":"a","__proto__":"b","toString":"c","hasOwnProperty":"","":"d","\\ud800":"\\udfff","length":"e","$ref":"f"}',
);

/** An incident with what trips up encodings: signs, scripts, empty texts, and numbers at the ends of their range. */
function awkwardIncident(tenant: string): Incident {
  const key = anIncidentKey({ tenant, host: 'host #1/ä%23 日本', metric: 'system.memory.utilization' });
  const entry = anEntry({ key, transition: 1 });
  const event = aNotification({ key, transition: 1 });
  const leak = event.data.leak && {
    ...event.data.leak,
    level: 0.1 + 0.2,
    growthPerHour: { low: -1e-300, estimate: 1.2345e19, high: Number.MAX_VALUE },
  };
  const resource = { ...anIncident({ key }).resource, name: '', labels: { 'a.b#c': '', Größe: '“x”\n\u{1f600}' } };
  return anIncident({
    key,
    resource,
    outbox: [{ ...entry, body: { ...event, data: { ...event.data, ...(leak && { leak }) } } }],
  });
}

function openOf(store: IncidentStore, tenant: string): Promise<Versioned<Incident>[]> {
  const { provider, account, region } = anIncidentKey();
  return Array.fromAsync(store.open(tenant, { provider, account, region }));
}

async function unsettledOf(store: IncidentStore, prefix: string, begin?: number): Promise<Versioned<Incident>[]> {
  const all = await Array.fromAsync(store.unsettled(begin));
  return all.filter(({ value }) => value.key.tenant.startsWith(prefix));
}
