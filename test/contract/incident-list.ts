/** What every list of incidents promises. */
import { expect } from 'vitest';
import type { Incident } from '../../core/model/incident.ts';
import { summaryOf } from '../../core/model/incident-summary.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import type { IncidentList, IncidentQuery } from '../../core/ports/incident-list.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { anIncident, anIncidentKey, aResource, HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export interface IncidentListSubject {
  readonly incidents: IncidentStore;
  readonly list: IncidentList;
}

const MANY = 30;

/** An incident of a host whose last change was so many hours after noon. */
function at(tenant: string, host: string, hour: number, rest: Partial<Incident> = {}): Incident {
  return anIncident({ key: anIncidentKey({ tenant, host }), lastChangeAt: NOON + hour * HOUR, ...rest });
}

async function put({ incidents }: IncidentListSubject, ...all: readonly Incident[]): Promise<void> {
  for (const incident of all) await incidents.put(incident, 0);
}

async function hostsOf({ list }: IncidentListSubject, tenant: string, query: Partial<IncidentQuery> = {}) {
  const { incidents } = await list.list(tenant, { limit: 100, ...query });
  return incidents.map(({ key }) => key.host);
}

/** The hosts of every page. */
async function pagesOf({ list }: IncidentListSubject, tenant: string, query: Partial<IncidentQuery>) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await list.list(tenant, { limit: 7, ...query, ...(cursor !== null && { cursor }) });
    pages.push(page.incidents.map(({ key }) => key.host));
    cursor = page.cursor;
  } while (cursor !== null && pages.length < 100);
  return pages;
}

export const incidentListChecks: readonly Check<IncidentListSubject>[] = [
  {
    message: 'lists no fleet that waits for members, until something has changed in it',
    async verify(subject) {
      const waiting = at('waiting', 'fleet', 0, { status: 'closed', openedAt: null, transition: 0 });
      await put(subject, waiting, at('waiting', 'a', 1));
      expect(await hostsOf(subject, 'waiting')).toEqual(['a']);

      await subject.incidents.put({ ...waiting, status: 'open', transition: 1 }, 1);

      expect(await hostsOf(subject, 'waiting')).toEqual(['a', 'fleet']);
    },
  },
  {
    message: 'lists incidents of all statuses, the latest change first',
    async verify(subject) {
      const all = [
        at('ordered', 'b', 2, { status: 'closed' }),
        at('ordered', 'd', 0, { status: 'suspected' }),
        at('ordered', 'a', 3),
        at('ordered', 'c', 1, { status: 'watched' }),
      ];
      await put(subject, ...all, at('ordered-not', 'x', 1));

      const { incidents, cursor } = await subject.list.list('ordered', { limit: 10 });

      const latest = all.toSorted((one, other) => other.lastChangeAt - one.lastChangeAt);
      expect(incidents).toEqual(latest.map(summaryOf));
      expect(cursor).toBeNull();
    },
  },
  {
    message: 'lists an incident once, as it was put last',
    async verify(subject) {
      const before = at('moved', 'a', 0);
      await put(subject, before);

      await subject.incidents.put({ ...before, status: 'closed', lastChangeAt: NOON + HOUR, severity: 'high' }, 1);

      const { incidents } = await subject.list.list('moved', { limit: 10 });
      expect(incidents).toMatchObject([{ status: 'closed', lastChangeAt: NOON + HOUR, severity: 'high' }]);
      expect(await hostsOf(subject, 'moved', { statuses: ['open'] })).toEqual([]);
    },
  },
  {
    message: 'lists what matches every field that is given',
    async verify(subject) {
      const resource = aResource({ id: 'a', group: 'web' });
      await put(
        subject,
        at('filtered', 'a', 0, { resource, severity: 'high' }),
        at('filtered', 'b', 1, { status: 'closed' }),
        anIncident({ key: anIncidentKey({ tenant: 'filtered', host: 'c', account: '999999999999' }) }),
      );

      const lists = {
        status: await hostsOf(subject, 'filtered', { statuses: ['closed'] }),
        statuses: await hostsOf(subject, 'filtered', { statuses: ['closed', 'suspected', 'closed'] }),
        severity: await hostsOf(subject, 'filtered', { severities: ['high', 'critical'] }),
        account: await hostsOf(subject, 'filtered', { account: '999999999999' }),
        group: await hostsOf(subject, 'filtered', { group: 'web' }),
        host: await hostsOf(subject, 'filtered', { host: 'b' }),
        both: await hostsOf(subject, 'filtered', { host: 'b', group: 'web' }),
        nothing: await hostsOf(subject, 'filtered', { statuses: [] }),
      };

      const expected = { status: ['b'], statuses: ['b'], severity: ['a'], account: ['c'], group: ['a'], host: ['b'] };
      expect(lists).toEqual({ ...expected, both: [], nothing: [] });
    },
  },
  {
    message: 'lists from a time on and before another',
    async verify(subject) {
      await put(subject, ...[0, 1, 2, 3].map((hour) => at('timed', `i-${hour}`, hour)));

      const hosts = await hostsOf(subject, 'timed', { from: NOON + HOUR, to: NOON + 3 * HOUR });

      expect(hosts).toEqual(['i-2', 'i-1']);
    },
  },
  {
    message: 'lists page after page, each incident once, where several have the same time and statuses differ',
    async verify(subject) {
      const statuses = ['open', 'closed', 'suspected'] as const;
      const all = Array.from({ length: MANY }, (_, index) =>
        at('paged', `i-${index}`, Math.floor(index / 5), { status: statuses[index % 3] ?? 'open' }),
      );
      await put(subject, ...all);

      const pages = await pagesOf(subject, 'paged', {});
      const closed = await pagesOf(subject, 'paged', { statuses: ['closed'], to: NOON + 3 * HOUR });

      expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 7, 2]);
      expect(pages.flat().toSorted()).toEqual(all.map(({ key }) => key.host).toSorted());
      const expected = all.filter(({ status, lastChangeAt }) => status === 'closed' && lastChangeAt < NOON + 3 * HOUR);
      expect(closed.flat().toSorted()).toEqual(expected.map(({ key }) => key.host).toSorted());
    },
  },
  {
    message: 'shows incidents of the tenant alone, whoever the cursor was made for',
    async verify(subject) {
      for (const tenant of ['victim', 'attacker'])
        await put(subject, ...[0, 1, 2].map((hour) => at(tenant, `${tenant}-${hour}`, hour)));
      const { cursor } = await subject.list.list('victim', { limit: 1 });

      const hosts = await hostsOf(subject, 'attacker', { ...(cursor !== null && { cursor }) });

      expect(hosts).toEqual(['attacker-1', 'attacker-0']);
    },
  },
  {
    message: 'refuses what is no cursor',
    async verify({ list }) {
      const made = [
        'x',
        '',
        Buffer.from('INCIDENTS#victim#open').toString('base64url'),
        Buffer.from('{"listOf":"INCIDENTS#victim#open"}').toString('base64url'),
      ];

      for (const cursor of made)
        await expect(list.list('attacker', { limit: 1, cursor })).rejects.toThrow(InvalidInputError);
    },
  },
];
