/** The config store over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { itKeeps } from '../../contract/check.ts';
import { configStoreChecks, defaultsChecks } from '../../contract/config-store.ts';
import { anAccount, aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { damage, startTable, TABLE } from './table.ts';

const { sandbox, client, raw, close } = await startTable();
afterEach(() => sandbox.liftFaults());
afterAll(close);

const configs = () => createConfigStore({ client, table: TABLE });

describe('the config store over DynamoDB', () => {
  itKeeps(configStoreChecks, configs);
  let tables = 0;
  itKeeps(defaultsChecks, async () => {
    const table = `defaults-${++tables}`;
    await createTable(client, table, 'ConfigsTable');
    return createConfigStore({ client, table });
  });

  it('passes over a tenant that is listed and was never stored', async () => {
    await raw.send(new PutCommand({ TableName: TABLE, Item: { pk: 'TENANTS', sk: 'ghost', tenant: 'ghost' } }));

    const listed = await Array.fromAsync(configs().list());

    expect(listed.map(({ config }) => config.tenant)).not.toContain('ghost');
  });

  it('reports a put as stored whose answer was lost and which was sent again', async () => {
    sandbox.inject({ service: 'dynamodb', action: 'PutItem', kind: 'lost', after: 2, times: 1 });

    const outcome = await configs().put(aTenantConfig({ tenant: 'lost-answer' }), 0, 'e', NOON);

    expect(outcome).toBe('stored');
    expect(await configs().get('lost-answer')).toMatchObject({ version: 1 });
  });

  it('refuses a config that is too large for an item', async () => {
    const hosts = { exclude: Array.from({ length: 900 }, (_, index) => ({ id: `${index}`.padEnd(250, '*') })) };
    const accounts = ['111122223333', '222233334444'].map((account) => {
      return anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-reader`, hosts });
    });

    const put = configs().put(aTenantConfig({ tenant: 'too-large', accounts }), 0, 'e', NOON);

    await expect(put).rejects.toThrow(
      /pk=T#too-large sk=CONFIG#0000000001 has \d{6} bytes; one item .* may have 409600/,
    );
    expect(await configs().get('too-large')).toBeUndefined();
  });

  it('lists the others before it reports a config that is corrupt', async () => {
    const table = 'corrupt-configs';
    await createTable(client, table, 'ConfigsTable');
    const store = createConfigStore({ client, table });
    for (const tenant of ['a', 'b', 'c']) await store.put(aTenantConfig({ tenant }), 0, 'e', NOON);
    const key = { pk: 'T#b', sk: 'CONFIG#0000000001' };
    await damage(raw, { table, key, attribute: 'config' }, (json) => json.replace('"accounts"', '"acounts"'));

    const listed: string[] = [];
    const listing = (async () => {
      for await (const { config } of store.list()) listed.push(config.tenant);
    })();

    await expect(listing).rejects.toThrow(/pk=T#b sk=CONFIG#0000000001[\s\S]*config\.accounts/);
    expect(listed).toEqual(['a', 'c']);
  });
});
