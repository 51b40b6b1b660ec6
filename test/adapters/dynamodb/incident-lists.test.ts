/** What people look at, over DynamoDB: lists of incidents, the log, mutes, labels and tunings. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createEventLog } from '../../../adapters/dynamodb/event-log.ts';
import { createIncidentList } from '../../../adapters/dynamodb/incident-list.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { tenantItemKey } from '../../../adapters/dynamodb/keys.ts';
import { createLabelStore, createMuteStore, createTuningStore } from '../../../adapters/dynamodb/tenant-items.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { itKeeps } from '../../contract/check.ts';
import { eventLogChecks } from '../../contract/event-log.ts';
import { incidentListChecks } from '../../contract/incident-list.ts';
import { tenantItemsChecks } from '../../contract/tenant-items.ts';
import { aLabel, aMute, anIncident, anIncidentKey, aTuning, HOUR, NOON } from '../../fixtures/builders.ts';
import { damage, putMany, startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const options = { client, table: TABLE };
const DAY = 24 * HOUR;

describe('the list of incidents over DynamoDB', () => {
  itKeeps(incidentListChecks, () => ({ incidents: createIncidentStore(options), list: createIncidentList(options) }));

  it('ends a page whose filter matches nothing after a while, and goes on with the next', async () => {
    const key = (index: number) => anIncidentKey({ tenant: 'large', host: `i-${index}` });
    const all = Array.from({ length: 2_050 }, (_, index) =>
      anIncident({ key: key(index), lastChangeAt: NOON - index }),
    );
    await putMany(client, (keeping) => {
      const incidents = createIncidentStore({ ...options, client: keeping });
      return Promise.all(all.map((incident) => incidents.put(incident, 0)));
    });
    const list = createIncidentList(options);

    const first = await list.list('large', { host: 'i-2049', limit: 10 });
    const second = await list.list('large', { host: 'i-2049', limit: 10, cursor: first.cursor ?? '' });

    expect(first).toMatchObject({ incidents: [], cursor: expect.any(String) });
    expect(second).toMatchObject({ incidents: [{ key: { host: 'i-2049' } }], cursor: null });
  });
});

describe('the log of incidents over DynamoDB', () => {
  itKeeps(eventLogChecks, () => createEventLog({ ...options, now: () => NOON }));

  it('forgets an entry after as many days as are given', async () => {
    let now = NOON;
    const log = createEventLog({ ...options, now: () => now, keptDays: 30 });
    const facts = { tenant: 'kept', incident: 'i/1', at: NOON, by: 'ops', reason: 'seen', subject: null };
    await log.put({ kind: 'action', id: 'a', action: 'note', ...facts });
    const lists = async () => [
      (await log.ofIncident('kept', 'i/1', { limit: 1 })).events.length,
      (await log.list('kept', { from: NOON, to: NOON + 1, limit: 1 })).events.length,
    ];

    now = NOON + 30 * DAY - 1000;
    expect(await lists()).toEqual([1, 1]);
    now = NOON + 30 * DAY;
    expect(await lists()).toEqual([0, 0]);
  });
});

describe('the list of the log over DynamoDB', () => {
  it.each([
    ['from the first day on', 0, NOON + 1, 2],
    ['up to the last year', NOON, Date.parse('9999-12-31T00:00:00Z'), 1],
    ['of a time that is forgotten', 0, NOON - 50 * DAY, 0],
    ['of a time to come', NOON + 50 * DAY, NOON + 500 * DAY, 0],
  ])('makes a query for each month in which entries are kept, %s', async (_, from, to, queries) => {
    let sent = 0;
    const counted = { step: 'initialize', name: 'counted' } as const;
    client.middlewareStack.add(
      (next) => (given) => {
        sent++;
        return next(given);
      },
      counted,
    );
    const log = createEventLog({ ...options, now: () => NOON, keptDays: 25 });

    expect(await log.list('nobody', { from, to, limit: 10 })).toEqual({ events: [], cursor: null });
    client.middlewareStack.remove('counted');
    expect(sent).toBe(queries);
  });
});

describe('mutes over DynamoDB', () => {
  itKeeps(tenantItemsChecks(aMute), () => createMuteStore(options));

  it('are kept for a quarter after their end', async () => {
    const mute = aMute('ending');
    await createMuteStore(options).put(mute);

    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key: tenantItemKey('MUTE#', mute) }));

    expect(Item).toMatchObject({ ttl: (mute.until + 90 * DAY) / 1000 });
  });
});

describe('tunings over DynamoDB', () => {
  const given = (tenant: string, id: string, hour: number, reason = 'fewer false episodes') =>
    aTuning({ tenant, id, at: NOON + hour * HOUR, reason });

  itKeeps(tenantItemsChecks(given), () => createTuningStore(options));
});

describe('labels over DynamoDB', () => {
  itKeeps(tenantItemsChecks(aLabel), () => createLabelStore(options));

  it('are listed without one that cannot be read back, which is reported, or thrown where nobody asks', async () => {
    const store = createLabelStore(options);
    const [kept, corrupt] = [
      { ...aLabel(), id: 'kept', tenant: 'corrupt' },
      { ...aLabel(), id: 'corrupt', tenant: 'corrupt' },
    ];
    for (const label of [kept, corrupt]) await store.put(label);
    const key = tenantItemKey('LABEL#', corrupt);
    await damage(raw, { key, attribute: 'label' }, (json) => json.replace('"id"', '"ids"'));
    const skipped: string[] = [];

    const listed = await store.list('corrupt', ({ message }) => void skipped.push(message));

    expect(listed).toEqual([kept]);
    expect(skipped).toEqual([expect.stringContaining('corrupt')]);
    await expect(store.list('corrupt')).rejects.toThrow(ItemError);
  });
});
