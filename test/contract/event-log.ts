/** What every log of incidents promises. */
import { expect } from 'vitest';
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import type { EventLog, EventQuery } from '../../core/ports/event-log.ts';
import { aChange, aDecision, aNotification, HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

const DAY = 24 * HOUR;

type Action = Extract<IncidentEvent, { kind: 'action' }>;

function anEvent(tenant: string, id: string, at: number, incident: string | null = 'i/1'): Action {
  return { kind: 'action', id, tenant, incident, at, action: 'note', by: 'ops', reason: id, subject: null };
}

const ids = (events: readonly IncidentEvent[]) => events.map(({ id }) => id);

async function idsOf(log: EventLog, tenant: string, query: Partial<EventQuery> = {}) {
  return ids((await log.list(tenant, { from: NOON - 90 * DAY, to: NOON + DAY, limit: 100, ...query })).events);
}

export const eventLogChecks: readonly Check<EventLog>[] = [
  {
    message: 'gives back what was put, to the last digit',
    async verify(log) {
      const facts = { tenant: 'exact', incident: 'host #1/日本/1', at: NOON, change: aChange(), decision: aDecision() };
      const sent: IncidentEvent = { kind: 'change', id: 'a', ...facts, body: aNotification() };
      const dropped: IncidentEvent = { kind: 'dropped', id: 'b', ...facts, at: NOON - 1, reason: 'no room' };
      await log.put(sent);
      await log.put(dropped);

      const { events } = await log.ofIncident('exact', 'host #1/日本/1', { limit: 10 });
      const all = await log.list('exact', { from: NOON - DAY, to: NOON + DAY, limit: 10 });

      expect(events).toEqual([sent, dropped]);
      expect(all.events).toEqual([sent, dropped]);
    },
  },
  {
    message: 'keeps a fact once, as first written, also where twenty write it at once',
    async verify(log) {
      const first = anEvent('once', 'a', NOON);
      const racing = (index: number): Action => ({ ...anEvent('once', 'b', NOON), reason: `b${index}` });

      const outcomes = [await log.put(first), await log.put({ ...first, reason: 'rewritten' })];
      const raced = await Promise.all(Array.from({ length: 20 }, (_, index) => log.put(racing(index))));

      expect(outcomes).toEqual(['stored', 'known']);
      expect(raced.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      const { events } = await log.ofIncident('once', 'i/1', { limit: 10 });
      expect(events).toHaveLength(2);
      expect(events.map((event) => ('reason' in event ? event.reason : ''))).toContain('a');
    },
  },
  {
    message: 'has the entries of an incident, the latest first, page after page',
    async verify(log) {
      const wanted = Array.from({ length: 20 }, (_, index) =>
        anEvent('of', `e-${index}`, NOON + Math.floor(index / 3)),
      );
      const others = [anEvent('of', 'x', NOON, 'i/11'), anEvent('of', 'y', NOON, null), anEvent('other', 'z', NOON)];
      for (const event of [...wanted, ...others]) await log.put(event);

      const pages: IncidentEvent[] = [];
      let cursor: string | null = null;
      do {
        const page = await log.ofIncident('of', 'i/1', { limit: 6, ...(cursor !== null && { cursor }) });
        pages.push(...page.events);
        cursor = page.cursor;
      } while (cursor !== null && pages.length < 100);

      expect(ids(pages).toSorted()).toEqual(ids(wanted).toSorted());
      expect(pages.map(({ at }) => at)).toEqual(wanted.map(({ at }) => at).toSorted((a, b) => b - a));
    },
  },
  {
    message: 'lists the entries of a tenant over months, from a time on and before another',
    async verify(log) {
      const days = [-80, -50, -20, 0];
      for (const day of days) await log.put(anEvent('months', `day ${day}`, NOON + day * DAY, `i/${day}`));
      await log.put(anEvent('months', 'of no incident', NOON - 10 * DAY, null));
      await log.put(anEvent('months-not', 'x', NOON));

      expect(await idsOf(log, 'months')).toEqual(['day 0', 'of no incident', 'day -20', 'day -50', 'day -80']);
      const between = { from: NOON - 50 * DAY, to: NOON - 10 * DAY };
      expect(await idsOf(log, 'months', between)).toEqual(['day -20', 'day -50']);
    },
  },
  {
    message: 'lists page after page, and each entry once',
    async verify(log) {
      const all = Array.from({ length: 25 }, (_, index) =>
        anEvent('paged', `e-${index}`, NOON - (index % 5) * 20 * DAY),
      );
      for (const event of all) await log.put(event);

      const listed: string[] = [];
      let cursor: string | null = null;
      do {
        const query = { from: NOON - 90 * DAY, to: NOON + 1, limit: 4, ...(cursor !== null && { cursor }) };
        const page = await log.list('paged', query);
        listed.push(...ids(page.events));
        cursor = page.cursor;
      } while (cursor !== null && listed.length < 100);

      expect(listed.toSorted()).toEqual(ids(all).toSorted());
    },
  },
  {
    message: 'shows entries of the tenant alone, whoever the cursor was made for, and refuses what is none',
    async verify(log) {
      for (const tenant of ['victim', 'attacker'])
        for (const hour of [0, 1, 2]) await log.put(anEvent(tenant, `${tenant} ${hour}`, NOON + hour * HOUR));
      const { cursor } = await log.list('victim', { from: NOON, to: NOON + DAY, limit: 1 });
      if (cursor === null) throw new Error('there are three');

      expect(await idsOf(log, 'attacker', { cursor })).toEqual(['attacker 1', 'attacker 0']);
      const made = Buffer.from('EVENTS#victim#2026-11').toString('base64url');
      await expect(idsOf(log, 'attacker', { cursor: made })).rejects.toThrow(InvalidInputError);
      await expect(log.ofIncident('attacker', 'i/1', { limit: 1, cursor: made })).rejects.toThrow(InvalidInputError);
    },
  },
];
