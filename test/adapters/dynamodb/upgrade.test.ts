/** A table that version 0.1.0 has written, as it was read from one: its items are read, and written back in the form of this version. */
import { readFile } from 'node:fs/promises';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { incidentKey } from '../../../adapters/dynamodb/keys.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { anIncidentKey, aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const options = { client, table: TABLE };
const incidents = createIncidentStore(options);
const keyOf = (host: string) => anIncidentKey({ host });

beforeAll(async () => {
  const items: object[] = JSON.parse(
    await readFile(new URL('../../fixtures/items-of-0.1.0.json', import.meta.url), 'utf8'),
  );
  for (const Item of items) await raw.send(new PutCommand({ TableName: TABLE, Item: { ...Item } }));
});

describe('a table of version 0.1.0', () => {
  it('gives its configs', async () => {
    const stored = await createConfigStore(options).get('acme');

    expect(stored).toEqual({
      config: aTenantConfig({ name: 'Acme', policy: { lookBackHours: 100 } }),
      version: 1,
      externalId: 'external',
      putAt: NOON,
    });
  });

  it('gives its runs', async () => {
    const [run] = await createRunLog({ ...options, now: () => NOON }).newest('acme', anIncidentKey(), 1);

    expect(run).toMatchObject({ tenant: 'acme', hosts: { known: 10, inspected: 8, notMonitored: 2, unreadable: 0 } });
  });

  it('gives its open incidents with their outboxes', async () => {
    const open = await Array.fromAsync(incidents.open('acme', anIncidentKey()));

    expect(open.map(({ value }) => value.key.host)).toEqual(['i-attributed', 'i-recovered', 'i-unattributed']);
    for (const { value, version } of open) {
      expect(value).toMatchObject({
        key: { finding: 'leak' },
        status: 'open',
        transition: 1,
        resource: { labels: { team: 'payments' } },
      });
      expect(value.outbox).toMatchObject([{ body: { type: 'plimsoll.memory.opened', data: { finding: 'leak' } } }]);
      // Somebody was notified of its beginning: the policy sends its end.
      expect(value.lastNotifiedAt).toBe(value.cycleSince);
      expect(version).toBe(1);
    }
  });

  it('gives the outboxes to the sweep', async () => {
    const waiting = await Array.fromAsync(incidents.unsettled());

    expect(waiting.map(({ value }) => value.key.host).toSorted()).toEqual([
      'i-attributed',
      'i-recovered',
      'i-unattributed',
    ]);
  });

  it('gives the events that wait with every fact that they had', async () => {
    const [attributed, unattributed] = await Promise.all(
      ['i-attributed', 'i-unattributed'].map(
        async (host) => (await incidents.get(keyOf(host)))?.value.outbox[0]?.body?.data.leak,
      ),
    );

    expect(attributed).toMatchObject({
      confidence: 0.9,
      evaluated: { end: '2026-11-20T12:00:00.000Z' },
      checks: [{ name: 'still_growing', passed: true, message: expect.stringMatching(/^The last 12 h/) }],
      attribution: {
        kind: 'attributed',
        grown: [{ name: 'node', after: 1048580000, message: null }, { name: 'java' }],
        unexplained: { remainder: 'not_collected', message: expect.stringContaining('no consumer') },
      },
    });
    expect(unattributed).toMatchObject({
      exhaustion: { kind: 'cannot_say', message: 'its capacity is not known' },
      attribution: { kind: 'unattributed', reason: 'not_requested', message: 'Too many hosts leak at once.' },
    });
  });

  it('has the form of this version after an incident was written', async () => {
    const before = await incidents.get(keyOf('i-recovered'));
    if (before === undefined) throw new Error('There is no such incident.');

    await incidents.put({ ...before.value, status: 'closed', outbox: [] }, before.version);

    const { Item = {} } = await raw.send(new GetCommand({ TableName: TABLE, Key: incidentKey(keyOf('i-recovered')) }));
    expect(Object.keys(Item).toSorted()).toEqual([
      'incident',
      'listAt',
      'listOf',
      'pk',
      'sk',
      'summary',
      'version',
      'writeId',
    ]);
    expect(JSON.parse(String(Item['incident']))).toEqual({ ...before.value, status: 'closed', outbox: [] });
  });
});
