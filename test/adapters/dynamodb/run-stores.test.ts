/** The stores of open runs and of their shards over DynamoDB: the suites of their ports, and what is DynamoDB's alone. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { openRunKey, shardKey } from '../../../adapters/dynamodb/keys.ts';
import { createOpenRunStore } from '../../../adapters/dynamodb/open-run-store.ts';
import { createShardStore } from '../../../adapters/dynamodb/shard-store.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { itKeeps } from '../../contract/check.ts';
import { openRunChecks } from '../../contract/open-run-store.ts';
import { shardChecks } from '../../contract/shard-store.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { anOpenRun, aRunRef, aShardResult } from '../../fixtures/runs.ts';
import { damage, startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const THREE_DAYS = 3 * 24 * HOUR;
const options = { client, table: TABLE, now: () => NOON };
const itemOf = async (key: object) => (await raw.send(new GetCommand({ TableName: TABLE, Key: { ...key } }))).Item;

describe('the store of open runs over DynamoDB', () => {
  itKeeps(openRunChecks, () => createOpenRunStore(options));

  it('lets DynamoDB delete a run three days after its last change', async () => {
    const open = anOpenRun({ run: aRunRef({ tenant: 'expiring' }) });
    await createOpenRunStore(options).put(open, 0);

    expect(await itemOf(openRunKey(open.run))).toMatchObject({ ttl: (NOON + THREE_DAYS) / 1000 });
  });

  it('lists the others where one cannot be read back', async () => {
    const store = createOpenRunStore(options);
    const [broken, sound] = ['broken-1', 'broken-2'].map((tenant) => anOpenRun({ run: aRunRef({ tenant }) }));
    if (!broken || !sound) throw new Error('there are two runs');
    await store.put(broken, 0);
    await store.put(sound, 0);
    await damage(raw, { key: openRunKey(broken.run), attribute: 'open' }, (json) => json.replace('planned', 'lost'));

    const tenants: string[] = [];
    const listing = (async () => {
      for await (const { value } of store.list()) tenants.push(value.run.tenant);
    })();

    await expect(listing).rejects.toThrow(ItemError);
    expect(tenants).toContain('broken-2');
  });
});

describe('the store of shards over DynamoDB', () => {
  itKeeps(shardChecks, () => createShardStore(options));

  it('lets DynamoDB delete a shard after three days', async () => {
    const run = aRunRef({ tenant: 'expiring' });
    await createShardStore(options).put(run, { shard: 7, finishedAt: NOON, result: aShardResult() });

    expect(shardKey(run, 7).sk).toBe('SHARD#aws#111122223333#eu-west-1#20261120T120000Z#00007');
    expect(await itemOf(shardKey(run, 7))).toMatchObject({ ttl: (NOON + THREE_DAYS) / 1000 });
  });
});
