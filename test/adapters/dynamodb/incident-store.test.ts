/** The incident store over DynamoDB: the suite of its port, what is DynamoDB's alone, and a table that refuses. */
import { DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { GetCommand, NumberValue, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { incidentKey } from '../../../adapters/dynamodb/keys.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { itKeeps } from '../../contract/check.ts';
import { incidentStoreChecks } from '../../contract/incident-store.ts';
import { anEntry, anIncident, anIncidentKey, aResource } from '../../fixtures/builders.ts';
import { damage, startTable, TABLE } from './table.ts';

const { sandbox, client, raw, close } = await startTable();
afterEach(() => sandbox.liftFaults());
afterAll(close);

const incidents = () => createIncidentStore({ client, table: TABLE });

describe('the incident store over DynamoDB', () => {
  itKeeps(incidentStoreChecks, incidents);

  it('keeps no index entry of an incident that is closed and has an empty outbox', async () => {
    const key = anIncidentKey({ tenant: 'sparse' });
    await incidents().put(anIncident({ key, outbox: [anEntry({ key })] }), 0);
    const waiting = await itemOf('sparse');

    await incidents().put(anIncident({ key, status: 'closed' }), 1);

    expect(Object.keys(waiting)).toEqual(expect.arrayContaining(['openScope', 'pendingShard']));
    const settled = Object.keys(await itemOf('sparse'));
    expect(settled).not.toContain('openScope');
    expect(settled).not.toContain('pendingShard');
  });

  it('asks the item itself where an index still points to what is over', async () => {
    const key = anIncidentKey({ tenant: 'lagging' });
    await incidents().put(anIncident({ key, outbox: [anEntry({ key })] }), 0);
    const settled = JSON.stringify(anIncident({ key, status: 'closed' }));
    await damage(raw, { key: incidentKey(key), attribute: 'incident' }, () => settled);

    const open = await Array.fromAsync(incidents().open('lagging', key));
    const outbox = await Array.fromAsync(incidents().unsettled());

    expect(open).toEqual([]);
    expect(outbox.filter(({ value }) => value.key.tenant === 'lagging')).toEqual([]);
  });

  it('begins its list of outboxes with another part of the index where another is requested', async () => {
    for (let index = 0; index < 40; index++) {
      const key = anIncidentKey({ tenant: 'rotating', host: `i-${index}` });
      await incidents().put(anIncident({ key, outbox: [anEntry({ key })] }), 0);
    }

    const firsts = await Promise.all(
      Array.from({ length: 8 }, async (_, part) => {
        // The others of the list are not read: that takes hundreds of requests.
        for await (const first of incidents().unsettled(part / 8)) return JSON.stringify(first.value.key);
        return undefined;
      }),
    );

    expect(new Set(firsts).size).toBe(8);
  });

  it('reports a put as stored whose answer was lost and which was sent again', async () => {
    const key = anIncidentKey({ tenant: 'lost-answer' });
    sandbox.inject({ service: 'dynamodb', action: 'PutItem', kind: 'lost', times: 1 });

    expect(await incidents().put(anIncident({ key }), 0)).toBe('stored');
  });

  it('refuses an incident that is too large for an item, and reports how large it is', async () => {
    const key = anIncidentKey({ tenant: 'too-large' });
    const outbox = Array.from({ length: 200 }, () => anEntry({ key }));

    const put = incidents().put(anIncident({ key, outbox }), 0);

    await expect(put).rejects.toThrow(StoreError);
    await expect(put).rejects.toThrow(/has \d{6} bytes; one item of the table may have 409600/);
  });

  it('takes an incident that just fits an item', async () => {
    const key = anIncidentKey({ tenant: 'just-fits' });
    const resource = { ...anIncident({ key }).resource, labels: { long: 'x'.repeat(408_100) } };

    expect(await incidents().put(anIncident({ key, resource }), 0)).toBe('stored');
  });

  it.each([
    ['in a script of three bytes a character', '記'.repeat(500)],
    ['with half a surrogate pair', 'web-\ud800'],
    ['with nothing but separators', '#'.repeat(2000)],
  ])('keeps the incident of a host with a long name %s', async (_, host) => {
    const key = anIncidentKey({ tenant: 'long', host });
    await incidents().put(anIncident({ key, outbox: [anEntry({ key })] }), 0);

    expect((await incidents().get(key))?.value.key.host).toBe(host);
    const open = await Array.fromAsync(incidents().open('long', key));
    expect(open.map(({ value }) => value.key.host)).toContain(host);
  });

  it.each<[string, object]>([
    ['no number', { episode: Number.NaN }],
    ['more digits than numbers of 64 bits have', { asOf: 1e40 }],
    ['no severity', { severity: undefined }],
    ['labels that are no texts', { resource: Object.assign(aResource(), { labels: { deep: [[[{}]]] } }) }],
  ])('takes an incident with %s for a failure of its host alone', async (_, wrong) => {
    const key = anIncidentKey({ tenant: 'wrong' });

    const put = incidents().put(Object.assign({ ...anIncident({ key }) }, wrong), 0);

    await expect(put).rejects.toThrow(ItemError);
  });

  it('takes a put that DynamoDB refuses as invalid for a failure of its host alone', async () => {
    const refusing = new DynamoDBClient(sandbox.inProcess('eu-west-1'));
    const message = 'One or more parameter values were invalid';
    const refusal = new DynamoDBServiceException({
      name: 'ValidationException',
      $fault: 'client',
      $metadata: {},
      message,
    });
    refusing.middlewareStack.add(() => () => Promise.reject(refusal), { step: 'build', name: 'refuse' });
    const store = createIncidentStore({ client: refusing, table: TABLE });

    const put = store.put(anIncident(), 0);

    await expect(put).rejects.toThrow(ItemError);
    await expect(put).rejects.toThrow(/refuses the item pk=T#acme .*One or more parameter values were invalid/);
    await expect(store.get(anIncidentKey())).rejects.not.toBeInstanceOf(ItemError);
    refusing.destroy();
  });

  it('takes an item with a number of 38 digits, which no number here has, for a failure of its host alone', async () => {
    const key = anIncidentKey({ tenant: 'digits' });
    const version = NumberValue.from('12345678901234567890123456789012345678');
    await raw.send(new PutCommand({ TableName: TABLE, Item: { ...incidentKey(key), version, incident: '{}' } }));

    await expect(incidents().get(key)).rejects.toThrow(ItemError);
  });

  it('stores nothing that it could not read back', async () => {
    const key = anIncidentKey({ tenant: 'unreadable' });

    const put = incidents().put(anIncident({ key, asOf: Number.NaN }), 0);

    await expect(put).rejects.toThrow(/would not be read back[\s\S]*incident\.asOf/);
  });

  it.each<[string, (json: string) => string, RegExp]>([
    ['a field is missing', (json) => json.replace('"severity":"medium",', ''), /incident\.severity: must be/],
    ['a field is of another type', (json) => json.replace(/"asOf":\d+/, '"asOf":"x"'), /incident\.asOf: must be/],
    ['a field is not ours', (json) => json.replace('{', '{"foo":1,'), /incident\.foo: unknown field/],
    ['it is truncated', (json) => json.slice(0, 20), /incident: is not JSON/],
    [
      'a body of the outbox is a text',
      (json) => json.replace('"outbox":[]', '"outbox":["{"]'),
      /incident\.outbox\[0\]/,
    ],
  ])('names the key and the field when %s', async (problem, change, field) => {
    const key = anIncidentKey({ tenant: `corrupt-${problem.replaceAll(' ', '-')}` });
    await incidents().put(anIncident({ key }), 0);
    const stored = incidentKey(key);
    await damage(raw, { key: stored, attribute: 'incident' }, change);

    const read = incidents().get(key);

    await expect(read).rejects.toThrow(ItemError);
    await expect(read).rejects.toThrow(`pk=${stored.pk} sk=${stored.sk}`);
    await expect(read).rejects.toThrow(field);
  });

  it('yields the other outboxes before it reports an item that is corrupt', async () => {
    const table = 'corrupt-incidents';
    await createTable(client, table, 'Table');
    const store = createIncidentStore({ client, table });
    const hosts = Array.from({ length: 40 }, (_, index) => `i-${index}`);
    for (const host of hosts) {
      const key = anIncidentKey({ host });
      await store.put(anIncident({ key, outbox: [anEntry({ key })] }), 0);
    }
    const corrupt = incidentKey(anIncidentKey({ host: 'i-7' }));
    await damage(raw, { table, key: corrupt, attribute: 'incident' }, (json) =>
      json.replace('"severity":"medium",', ''),
    );

    const found: string[] = [];
    const sweep = (async () => {
      for await (const { value } of store.unsettled()) found.push(value.key.host);
    })();

    await expect(sweep).rejects.toThrow(`pk=${corrupt.pk} sk=${corrupt.sk}`);
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
    impatient = new DynamoDBClient({ ...sandbox.inProcess('eu-west-1'), maxAttempts: 1 });
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
    await expect(Array.fromAsync(store.unsettled())).rejects.toThrow(
      /Could not read the incidents that are not settled from table misspelled: .*no such table/,
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
