/** The suite of incident stores: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/model/incident.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { createMemoryIncidentStore } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { incidentStoreChecks } from './incident-store.ts';

describe('the incident store in memory', () => {
  itKeeps(incidentStoreChecks, createMemoryIncidentStore);
});

const ROUND_TRIP = 'gives back what was put, to the last digit';
const VERSIONS = 'adds one to the version with every put';
const GUARD = 'refuses a put that expects another version, and changes nothing';
const ABSENT = 'refuses to change an item that is not there';
const RACE = 'stores exactly one of twenty puts that race';
const SEPARATORS = 'keeps hosts apart whose names contain separators';
const LABELS = 'keeps labels of any name';
const LONG = 'keeps hosts apart whose names are long, or no well-formed text';
const OPEN = 'lists as open what is suspected or open in the scope, and nothing else';
const CLOSING = 'lists as open the newest version, and no longer when it is closed';
const PAGES = 'lists more open incidents than fit a page, each once';
const OUTBOX = 'lists what is not settled of all tenants, closed incidents too, with changes and bodies in their order';
const ROUND = 'lists all that is not settled wherever it begins';
const UNDECIDED = 'lists an incident as not settled while a change is undecided';
const SCOPED = 'lists what is not settled in the scope, and nothing else';
const DRAINED = 'lists an incident as not settled no longer when its bodies were taken';

type Lie = (honest: IncidentStore) => Partial<IncidentStore>;

const LIES: readonly [string, string, Lie][] = [
  ['rounds numbers', ROUND_TRIP, ({ get }) => ({ get: async (key) => rounded(await get(key)) })],
  ['always reports version 1', VERSIONS, ({ get }) => ({ get: async (key) => asVersion(1, await get(key)) })],
  ['overwrites whatever was expected', GUARD, overwriting],
  ['reports a conflict and writes all the same', GUARD, writingOnConflict],
  ['makes what it was asked to change', ABSENT, overwriting],
  ['checks before it waits and writes after', RACE, checkingTooEarly],
  ['joins key parts without encoding them', SEPARATORS, joiningKeys],
  ['assigns one label after the other', LABELS, assigningLabels],
  ['shortens names', LONG, shorteningNames],
  ['lists closed incidents as open', OPEN, listingClosed],
  ['lists only what has paged', OPEN, ({ open }) => ({ open: (...requested) => kept(open(...requested), isPaged) })],
  ['lists as open what it read before the last put', CLOSING, listingStale],
  [
    'lists one page',
    PAGES,
    ({ open }) => ({ open: (...requested) => all(open(...requested), (found) => found.slice(0, 25)) }),
  ],
  ['lists bodies backwards', OUTBOX, ({ unsettled }) => ({ unsettled: () => all(unsettled(), backwards) })],
  [
    'lists the bodies of open incidents only',
    OUTBOX,
    ({ unsettled }) => ({ unsettled: () => kept(unsettled(), isNotClosed) }),
  ],
  ['does not go round', ROUND, fromTheMiddle],
  ['lists as not settled what was ever so', DRAINED, rememberingUnsettled],
  ['lists bodies alone', UNDECIDED, ({ unsettled }) => ({ unsettled: (begin) => kept(unsettled(begin), hasBodies) })],
  ['lists what is not settled of every region', SCOPED, ({ unsettled }) => ({ unsettledIn: () => unsettled() })],
];

describe('the suite of incident stores', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryIncidentStore();
      return { ...honest, ...lie(honest) };
    };

    const broken = await brokenPromises(incidentStoreChecks, liar);

    expect(broken).toContain(promise);
  });
});

type Found = Versioned<Incident>;

function rounded(found: Found | undefined): Found | undefined {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(15)) : value);
  return found && JSON.parse(JSON.stringify(found, round));
}

function asVersion(version: number, found: Found | undefined): Found | undefined {
  return found && { ...found, version };
}

function overwriting({ get, put }: IncidentStore): Partial<IncidentStore> {
  return { put: async (incident) => put(incident, (await get(incident.key))?.version ?? 0) };
}

function writingOnConflict({ get, put }: IncidentStore): Partial<IncidentStore> {
  return {
    async put(incident, expectedVersion) {
      const outcome = await put(incident, expectedVersion);
      if (outcome === 'conflict') await put(incident, (await get(incident.key))?.version ?? 0);
      return outcome;
    },
  };
}

/** The lost update: all racers see the same version, and the last one to write wins. */
function checkingTooEarly({ get, put }: IncidentStore): Partial<IncidentStore> {
  return {
    async put(incident, expectedVersion) {
      const seen = (await get(incident.key))?.version ?? 0;
      if (seen !== expectedVersion) return 'conflict';
      while ((await put(incident, (await get(incident.key))?.version ?? 0)) === 'conflict');
      return 'stored';
    },
  };
}

function joiningKeys({ get, put }: IncidentStore): Partial<IncidentStore> {
  const joined = ({ host, metric, ...rest }: Incident['key']) => ({ ...rest, host: `${host}#${metric}`, metric: '' });
  return {
    get: (key) => get(joined(key)),
    put: (incident, version) => put({ ...incident, key: joined(incident.key) }, version),
  };
}

/** An assignment to `__proto__` makes no label. */
function assigningLabels({ put }: IncidentStore): Partial<IncidentStore> {
  return {
    put({ resource: { labels = {}, ...resource }, ...incident }, version) {
      const assigned: Record<string, string> = {};
      for (const [name, value] of Object.entries(labels)) assigned[name] = value;
      return put({ ...incident, resource: { ...resource, labels: assigned } }, version);
    },
  };
}

function shorteningNames({ get, put }: IncidentStore): Partial<IncidentStore> {
  const shortened = (key: Incident['key']) => ({ ...key, host: key.host.slice(0, 100) });
  return {
    get: (key) => get(shortened(key)),
    put: (incident, version) => put({ ...incident, key: shortened(incident.key) }, version),
  };
}

function listingClosed({ put }: IncidentStore): Partial<IncidentStore> {
  const hidden = createMemoryIncidentStore();
  return {
    async put(incident, version) {
      await hidden.put({ ...incident, status: 'open' }, version);
      return put(incident, version);
    },
    open: hidden.open,
  };
}

/** Every listing is of the state before the newest put. */
function listingStale({ open, put }: IncidentStore): Partial<IncidentStore> {
  let listed: Found[] = [];
  return {
    async put(incident, version) {
      listed = await Array.fromAsync(open(incident.key.tenant, incident.key));
      return put(incident, version);
    },
    async *open() {
      yield* listed;
    },
  };
}

function rememberingUnsettled({ put, unsettled }: IncidentStore): Partial<IncidentStore> {
  const ever: Found[] = [];
  return {
    async put(incident, version) {
      const outcome = await put(incident, version);
      ever.push(...(await Array.fromAsync(unsettled())));
      return outcome;
    },
    async *unsettled() {
      yield* ever;
    },
  };
}

function fromTheMiddle({ unsettled }: IncidentStore): Partial<IncidentStore> {
  return {
    unsettled: (begin = 0) => all(unsettled(begin), (found) => found.slice(Math.floor(begin * found.length))),
  };
}

function hasBodies({ value }: Found): boolean {
  return value.outbox.length > 0;
}

function backwards(found: Found[]): Found[] {
  return found.map(({ value, version }) => ({ value: { ...value, outbox: value.outbox.toReversed() }, version }));
}

function isPaged({ value }: Found): boolean {
  return value.status === 'open';
}

function isNotClosed({ value }: Found): boolean {
  return value.status !== 'closed';
}

function kept(values: AsyncIterable<Found>, belongs: (found: Found) => boolean): AsyncIterable<Found> {
  return all(values, (found) => found.filter(belongs));
}

async function* all(values: AsyncIterable<Found>, change: (found: Found[]) => Found[]): AsyncIterable<Found> {
  yield* change(await Array.fromAsync(values));
}
