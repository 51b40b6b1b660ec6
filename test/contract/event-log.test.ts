/** The suite of logs: kept by the log in memory, and broken by each log that lies. */
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../core/ports/event-log.ts';
import { createMemoryEventLog } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { eventLogChecks } from './event-log.ts';

describe('the log of incidents in memory', () => {
  itKeeps(eventLogChecks, createMemoryEventLog);
});

const EXACT = 'gives back what was put, to the last digit';
const ONCE = 'keeps a fact once, as first written, also where twenty write it at once';
const OF_INCIDENT = 'has the entries of an incident, the latest first, page after page';
const MONTHS = 'lists the entries of a tenant over months, from a time on and before another';
const PAGES = 'lists page after page, and each entry once';
const FORGED = 'shows entries of the tenant alone, whoever the cursor was made for, and refuses what is none';

type Lie = (honest: EventLog) => Partial<EventLog>;

const LIES: readonly (readonly [string, string, Lie])[] = [
  ['rounds times', EXACT, ({ put }) => ({ put: (event) => put({ ...event, at: Math.round(event.at / 1000) * 1000 }) })],
  [
    'keeps each write',
    ONCE,
    ({ put }) => {
      let writes = 0;
      return { put: (event) => put({ ...event, id: `${event.id} ${++writes}` }) };
    },
  ],
  ['reports each write as stored', ONCE, ({ put }) => ({ put: (event) => put(event).then(() => 'stored') })],
  [
    'has the entries of all incidents',
    OF_INCIDENT,
    ({ list }) => ({
      ofIncident: (tenant, _, request) => list(tenant, { from: 0, to: Number.MAX_SAFE_INTEGER, ...request }),
    }),
  ],
  [
    'ends after a page',
    OF_INCIDENT,
    ({ ofIncident }) => ({
      ofIncident: async (...given) => ({ ...(await ofIncident(...given)), cursor: null }),
    }),
  ],
  [
    'lists the last month',
    MONTHS,
    ({ list }) => ({
      list: (tenant, query) => list(tenant, { ...query, from: Math.max(query.from, query.to - 31 * 86_400_000) }),
    }),
  ],
  [
    'repeats the last entry of a page',
    PAGES,
    ({ list }) => ({
      list: async (tenant, query) => {
        const page = await list(tenant, query);
        return { ...page, cursor: page.cursor && String(Number(page.cursor) - 1) };
      },
    }),
  ],
  [
    'begins anew at a cursor that is none',
    FORGED,
    ({ list }) => ({
      list: (tenant, { cursor, ...query }) =>
        list(tenant, { ...query, ...(cursor && /^\d+$/.test(cursor) && { cursor }) }),
    }),
  ],
];

describe('the suite of logs', () => {
  it.each(LIES)('catches one that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryEventLog();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(eventLogChecks, liar)).toContain(promise);
  });
});
