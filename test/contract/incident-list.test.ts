/** The suite of lists of incidents: kept by the list in memory, and broken by each list that lies. */
import { describe, expect, it } from 'vitest';
import type { IncidentList } from '../../core/ports/incident-list.ts';
import { createMemoryIncidentList, createMemoryIncidentStore } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { type IncidentListSubject, incidentListChecks } from './incident-list.ts';

function inMemory(): IncidentListSubject & { readonly incidents: ReturnType<typeof createMemoryIncidentStore> } {
  const incidents = createMemoryIncidentStore();
  return { incidents, list: createMemoryIncidentList(incidents) };
}

describe('the list of incidents in memory', () => {
  itKeeps(incidentListChecks, inMemory);
});

const ORDER = 'lists incidents of all statuses, the latest change first';
const ONCE = 'lists an incident once, as it was put last';
const MATCH = 'lists what matches every field that is given';
const TIME = 'lists from a time on and before another';
const PAGES = 'lists page after page, each incident once, where several have the same time and statuses differ';
const FORGED = 'shows incidents of the tenant alone, whoever the cursor was made for';
const CURSOR = 'refuses what is no cursor';

type Lie = (honest: IncidentList, subject: ReturnType<typeof inMemory>) => IncidentList['list'];

const LIES: readonly (readonly [string, string, Lie])[] = [
  [
    'lists the oldest first',
    ORDER,
    ({ list }) =>
      async (...query) => {
        const page = await list(...query);
        return { ...page, incidents: page.incidents.toReversed() };
      },
  ],
  [
    'lists what has paged alone',
    ORDER,
    ({ list }) =>
      (tenant, query) =>
        list(tenant, { statuses: ['open'], ...query }),
  ],
  [
    'keeps what an incident was',
    ONCE,
    (_, { incidents }) => {
      const kept = createMemoryIncidentStore();
      const { put } = incidents;
      Object.assign(incidents, {
        put: async (...given: Parameters<typeof put>) => {
          await kept.put(given[0], 0);
          return put(...given);
        },
      });
      return createMemoryIncidentList(kept).list;
    },
  ],
  [
    'takes no filter',
    MATCH,
    ({ list }) =>
      (tenant, { limit, cursor }) =>
        list(tenant, { limit, ...(cursor && { cursor }) }),
  ],
  [
    'takes the end in',
    TIME,
    ({ list }) =>
      (tenant, { to, ...query }) =>
        list(tenant, { ...query, ...(to && { to: to + 1 }) }),
  ],
  [
    'begins a page after what it left out',
    PAGES,
    ({ list }) =>
      async (tenant, query) => {
        const page = await list(tenant, query);
        return { ...page, cursor: page.cursor && String(Number(page.cursor) + 1) };
      },
  ],
  [
    'takes the tenant out of the cursor',
    FORGED,
    ({ list }) =>
      async (tenant, { cursor, ...query }) => {
        const [owner = tenant, rest] = cursor?.split(' ') ?? [];
        const page = await list(owner, { ...query, ...(rest && { cursor: rest }) });
        return { ...page, cursor: page.cursor && `${owner} ${page.cursor}` };
      },
  ],
  [
    'begins anew at a cursor that is none',
    CURSOR,
    ({ list }) =>
      (tenant, { cursor, ...query }) =>
        list(tenant, { ...query, ...(cursor && /^\d+$/.test(cursor) && { cursor }) }),
  ],
];

describe('the suite of lists of incidents', () => {
  it.each(LIES)('catches one that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = inMemory();
      return { ...honest, list: { list: lie(honest.list, honest) } };
    };

    expect(await brokenPromises(incidentListChecks, liar)).toContain(promise);
  });
});
