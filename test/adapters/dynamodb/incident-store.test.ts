/** The incident store over DynamoDB: the suite of its port, what is DynamoDB's alone, and a table that refuses. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { itKeeps } from '../../contract/check.ts';
import { incidentStoreChecks } from '../../contract/incident-store.ts';
import { aNotification, anIncident, anIncidentKey } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { sandbox, client, raw, close } = await startTable();
afterEach(() => sandbox.liftFaults());
afterAll(close);

const incidents = () => createIncidentStore({ client, table: TABLE });

describe('the incident store over DynamoDB', () => {
  itKeeps(incidentStoreChecks, incidents);

  it('keeps no index entry of an incident that is closed and has nothing pending', async () => {
    const key = anIncidentKey({ tenant: 'sparse' });
    await incidents().put(anIncident({ key, outbox: [aNotification({ key })] }), 0);
    const waiting = await itemOf('sparse');

    await incidents().put(anIncident({ key, status: 'closed' }), 1);

    expect(Object.keys(waiting)).toEqual(expect.arrayContaining(['openScope', 'outboxShard']));
    const settled = Object.keys(await itemOf('sparse'));
    expect(settled).not.toContain('openScope');
    expect(settled).not.toContain('outboxShard');
  });

  it('asks the item itself where an index still points to what is over', async () => {
    const key = anIncidentKey({ tenant: 'lagging' });
    await incidents().put(anIncident({ key, outbox: [aNotification({ key })] }), 0);
    const { pk, sk } = await itemOf('lagging');
    await raw.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: { pk, sk },
        UpdateExpression: 'SET incident.#status = :closed, incident.outbox = :none',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':closed': 'closed', ':none': [] },
      }),
    );

    const open = await Array.fromAsync(incidents().open('lagging', key));
    const outbox = await Array.fromAsync(incidents().outbox());

    expect(open).toEqual([]);
    expect(outbox.filter(({ value }) => value.key.tenant === 'lagging')).toEqual([]);
  });

  it('reports a put as stored whose answer was lost and which was sent again', async () => {
    const key = anIncidentKey({ tenant: 'lost-answer' });
    sandbox.inject({ service: 'dynamodb', action: 'PutItem', kind: 'lost', times: 1 });

    expect(await incidents().put(anIncident({ key }), 0)).toBe('stored');
  });

  it('refuses an incident that is too large for an item, and reports how large it is', async () => {
    const key = anIncidentKey({ tenant: 'too-large' });
    const outbox = Array.from({ length: 300 }, () => aNotification({ key }));

    const put = incidents().put(anIncident({ key, outbox }), 0);

    await expect(put).rejects.toThrow(StoreError);
    await expect(put).rejects.toThrow(/has \d{6} bytes; one item of the table may have 409600/);
  });

  it('takes an incident that just fits an item', async () => {
    const key = anIncidentKey({ tenant: 'just-fits' });
    const resource = { ...anIncident({ key }).resource, labels: { long: 'x'.repeat(408_500) } };

    expect(await incidents().put(anIncident({ key, resource }), 0)).toBe('stored');
  });

  it('refuses a host whose name is too long for a key', async () => {
    const key = anIncidentKey({ tenant: 'long', host: 'ä'.repeat(1000) });

    await expect(incidents().put(anIncident({ key }), 0)).rejects.toThrow(/sort key may have 1024/);
    await expect(incidents().get(key)).rejects.toThrow(StoreError);
  });

  it('stores nothing that it could not read back', async () => {
    const key = anIncidentKey({ tenant: 'unreadable' });

    const put = incidents().put(anIncident({ key, asOf: Number.NaN }), 0);

    await expect(put).rejects.toThrow(/would not be read back[\s\S]*incident\.asOf/);
  });

  it.each([
    ['a field is missing', 'REMOVE incident.severity', /incident\.severity/],
    ['a field is of another type', 'SET incident.asOf = :text', /incident\.asOf/],
    ['a field is not ours', 'SET incident.foo = :text', /incident\.foo/],
    ['a body of the outbox is truncated', 'SET incident.outbox = :list', /incident\.outbox\[0\]: is not JSON/],
  ])('names the key and the field when %s', async (damage, UpdateExpression, field) => {
    const key = anIncidentKey({ tenant: `corrupt-${damage.replaceAll(' ', '-')}` });
    await incidents().put(anIncident({ key }), 0);
    const { pk, sk } = await itemOf(key.tenant);
    const values = Object.entries({ ':text': 'x', ':list': ['{"specversion":'] });
    await raw.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: { pk, sk },
        UpdateExpression,
        ...(UpdateExpression.includes(':') && {
          ExpressionAttributeValues: Object.fromEntries(values.filter(([name]) => UpdateExpression.includes(name))),
        }),
      }),
    );

    const read = incidents().get(key);

    await expect(read).rejects.toThrow(StoreError);
    await expect(read).rejects.toThrow(`pk=${pk} sk=${sk}`);
    await expect(read).rejects.toThrow(field);
  });

  it('yields the other outboxes before it reports an item that is corrupt', async () => {
    const table = 'corrupt-incidents';
    await createTable(client, table);
    const store = createIncidentStore({ client, table });
    const hosts = Array.from({ length: 40 }, (_, index) => `i-${index}`);
    for (const host of hosts) {
      const key = anIncidentKey({ host });
      await store.put(anIncident({ key, outbox: [aNotification({ key })] }), 0);
    }
    const sk = 'INC#aws#111122223333#eu-west-1#i-7#system.memory.utilization';
    const update = { TableName: table, Key: { pk: 'T#acme', sk }, UpdateExpression: 'REMOVE incident.severity' };
    await raw.send(new UpdateCommand(update));

    const found: string[] = [];
    const sweep = (async () => {
      for await (const { value } of store.outbox()) found.push(value.key.host);
    })();

    await expect(sweep).rejects.toThrow(`pk=T#acme sk=${sk}`);
    expect(found.toSorted()).toEqual(hosts.filter((host) => host !== 'i-7').toSorted());
  });

  async function itemOf(tenant: string): Promise<Record<string, unknown>> {
    const sk = 'INC#aws#111122223333#eu-west-1#i-0a1b2c3d#system.memory.utilization';
    return (await raw.send(new GetCommand({ TableName: TABLE, Key: { pk: `T#${tenant}`, sk } }))).Item ?? {};
  }
});

describe('a table that refuses', () => {
  const key = anIncidentKey();
  // What is refused for good is refused on the first try as well, and the client waits between its tries.
  let impatient: DynamoDBClient;
  beforeAll(() => {
    impatient = new DynamoDBClient({ ...sandbox.clientConfig('eu-west-1'), maxAttempts: 1 });
  });
  afterAll(() => impatient.destroy());

  it('is reported as missing', async () => {
    const store = createIncidentStore({ client, table: 'misspelled' });

    await expect(store.get(key)).rejects.toThrow(
      /Could not read the incident of host .* of tenant acme from table misspelled: .*no such table/,
    );
    await expect(store.put(anIncident({ key }), 0)).rejects.toThrow(
      /Could not write the incident .* to table misspelled: .*no such table/,
    );
    await expect(Array.fromAsync(store.outbox())).rejects.toThrow(
      /Could not read the outboxes from table misspelled: .*no such table/,
    );
  });

  it.each([
    ['denied', /allow dynamodb:GetItem, PutItem and Query/],
    ['throttled', /throttled through all tries/],
    ['server_error', /Try again later/],
    ['down', /Try again later/],
    ['garbage', /Could not read/],
  ] as const)('advises what to do when it is %s, and keeps the cause', async (kind, advice) => {
    sandbox.inject({ service: 'dynamodb', kind });

    const error = await createIncidentStore({ client: impatient, table: TABLE })
      .get(key)
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ message: expect.stringMatching(advice), cause: expect.any(Error) });
  });
});
