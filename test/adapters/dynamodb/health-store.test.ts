/** The health store over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createHealthStore } from '../../../adapters/dynamodb/health-store.ts';
import { healthKey, watchKey } from '../../../adapters/dynamodb/keys.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { itKeeps } from '../../contract/check.ts';
import { aWatchState, healthStoreChecks } from '../../contract/health-store.ts';
import { aScopeHealth, MINUTE, NOON } from '../../fixtures/builders.ts';
import { damage, startTable, TABLE } from './table.ts';

const DAY = 24 * 60 * MINUTE;

const { client, raw, sandbox, close } = await startTable();
afterAll(close);

const store = createHealthStore({ client, table: TABLE });

describe('the health store over DynamoDB', () => {
  itKeeps(healthStoreChecks, () => store);

  it('lets DynamoDB delete the health of a region that was not inspected for ninety days', async () => {
    await store.put(aScopeHealth({ tenant: 'expiring' }), 0);

    const Key = { pk: 'T#expiring', sk: 'HEALTH#aws#111122223333#eu-west-1' };
    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key }));

    expect(Item).toMatchObject({ version: 1, ttl: (NOON + MINUTE + 90 * DAY) / 1000 });
  });

  it('lists a tenant’s regions with one query', async () => {
    for (const region of ['eu-west-1', 'eu-west-2', 'eu-west-3'])
      await store.put(aScopeHealth({ tenant: 'one-query', scope: { ...aScopeHealth().scope, region } }), 0);
    sandbox.calls.clear();

    expect(await Array.fromAsync(store.list('one-query'))).toHaveLength(3);

    expect(sandbox.calls.count('dynamodb', 'Query')).toBe(1);
    expect(sandbox.calls.count('dynamodb', 'GetItem')).toBe(0);
  });

  it('gives the health of the other regions before it reports one that is corrupt', async () => {
    const scopeOf = (region: string) => ({ ...aScopeHealth().scope, region });
    for (const region of ['a', 'b', 'c'])
      await store.put(aScopeHealth({ tenant: 'corrupt', scope: scopeOf(region) }), 0);
    await damage(raw, { key: healthKey('corrupt', scopeOf('b')), attribute: 'health' }, (json) =>
      json.replace('"complete"', '"perfect"'),
    );
    const listed: (string | null)[] = [];

    const listing = (async () => {
      for await (const { scope } of store.list('corrupt')) listed.push(scope.region);
    })();

    await expect(listing).rejects.toThrow(ItemError);
    expect(listed).toEqual(['a', 'c']);
  });

  it('reads items as this version writes them', async () => {
    const health = aScopeHealth({ tenant: 'stored' });
    const watch = aWatchState();
    const text =
      '{"tenant":"stored","scope":{"provider":"aws","account":"111122223333","region":"eu-west-1"},"slot":1795176000000,' +
      '"finishedAt":1795176060000,"outcome":"complete","failure":null,"partial":null,"completeSlot":1795176000000,' +
      '"hosts":{"known":10,"inspected":8,"notMonitored":2,"unreadable":0},"leaking":1,"stopped":{"count":0,"first":[]},' +
      '"cost":{"perRun":0.00008,"perMonth":0.0576}}';
    const watchText =
      '{"accounts":[{"provider":"aws","account":"111122223333","expectation":"0 * * * * UTC 1a2b3c4d","expectedSince":1795176000000,' +
      '"failingSince":1795176000000,"stoppedReportedOn":"2026-11-20"}],"aliveOn":"2026-11-20"}';
    const items = [
      { ...healthKey('stored', health.scope), version: 7, ttl: 1, health: text },
      { ...watchKey('stored'), version: 3, watch: watchText },
    ];
    for (const Item of items) await raw.send(new PutCommand({ TableName: TABLE, Item }));

    expect(await store.get('stored', health.scope)).toEqual({ value: health, version: 7 });
    expect(await store.getWatch('stored')).toEqual({ value: watch, version: 3 });
  });
});
