/** The spend store over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../../adapters/dynamodb/key-text.ts';
import { capKey, spendKey } from '../../../adapters/dynamodb/keys.ts';
import { createSpendStore } from '../../../adapters/dynamodb/spend-store.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { itKeeps } from '../../contract/check.ts';
import { aCapState, aSpend, spendStoreChecks } from '../../contract/spend-store.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const store = createSpendStore({ client, table: TABLE, now: () => NOON });

describe('the spend store over DynamoDB', () => {
  itKeeps(spendStoreChecks, () => store);

  it('lets DynamoDB delete what a request spent two months later', async () => {
    await store.addRequest('expiring', aSpend());

    const key = spendKey('expiring', aSpend());
    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key: key }));

    expect(key.sk).toBe('SPEND#2026-11#request-1#aws#111122223333#eu-west-1');
    expect(Item).toMatchObject({ ttl: (NOON + 62 * 24 * HOUR) / 1000, usd: '0.25' });
  });

  it('names the tenant in messages', () => {
    expect(subjectOf(spendKey('acme', aSpend()))).toBe('what requests of tenant acme spent');
    expect(subjectOf(capKey('acme'))).toBe('what the cost cap of tenant acme leads to');
  });

  it('refuses an item that is not as it is written', async () => {
    await store.putCap('corrupt', aCapState(), 0);
    await raw.send(
      new PutCommand({ TableName: TABLE, Item: { ...capKey('corrupt'), version: 1, cap: '{"quietHours":3}' } }),
    );

    await expect(store.getCap('corrupt')).rejects.toThrow(ItemError);
  });
});
