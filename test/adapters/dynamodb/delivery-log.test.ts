/** The delivery log over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createDeliveryLog } from '../../../adapters/dynamodb/delivery-log.ts';
import { subjectOf } from '../../../adapters/dynamodb/key-text.ts';
import { deliveryKey, notifyTestKey, progressKey } from '../../../adapters/dynamodb/keys.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { itKeeps } from '../../contract/check.ts';
import { aDelivery, anAlert, aProgress, deliveryLogChecks } from '../../contract/delivery-log.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const log = createDeliveryLog({ client, table: TABLE, now: () => NOON });

describe('the delivery log over DynamoDB', () => {
  itKeeps(deliveryLogChecks, () => log);

  it('lets DynamoDB delete an event after a month and an incident after three', async () => {
    await log.putDelivery('expiring', aDelivery());
    await log.putProgress('expiring', 'chat', aProgress(), 0);

    const keys = [deliveryKey('expiring', 'incident/1/1', 'chat'), progressKey('expiring', 'chat', 'incident/1')];
    const items = await Promise.all(keys.map((Key) => raw.send(new GetCommand({ TableName: TABLE, Key }))));

    expect(items.map(({ Item }) => (Item?.['ttl'] - NOON / 1000) / (24 * 3600))).toEqual([30, 90]);
  });

  it('forgets what has expired before DynamoDB deletes it', async () => {
    const later = createDeliveryLog({ client, table: TABLE, now: () => NOON + 91 * 24 * HOUR });
    await log.putDelivery('expired', aDelivery());
    await log.putProgress('expired', 'chat', aProgress({ alert: anAlert() }), 0);

    expect(await later.delivery('expired', 'incident/1/1', 'chat')).toBeUndefined();
    expect(await later.deliveries('expired', 'incident/1/1')).toEqual([]);
    expect(await Array.fromAsync(later.firing('expired', 'chat'))).toEqual([]);
  });

  it('keeps events apart whose ids are long and end differently', async () => {
    const [first, second] = [1, 2].map((number) => `${'記'.repeat(400)}/${number}`) as [string, string];
    await log.putDelivery('long', aDelivery({ event: first }));

    expect(await log.delivery('long', second, 'chat')).toBeUndefined();
    expect(await log.deliveries('long', first)).toEqual([aDelivery({ event: first })]);
  });

  it('lists the others where one alert that fires cannot be read back', async () => {
    const firing = aProgress({ alert: anAlert() });
    await log.putProgress('corrupt', 'alerts', firing, 0);
    const key = progressKey('corrupt', 'alerts', 'broken');
    await raw.send(new PutCommand({ TableName: TABLE, Item: { ...key, version: 1, ttl: 4e9, progress: '{}' } }));

    const seen: unknown[] = [];
    const list = async () => {
      for await (const { value } of log.firing('corrupt', 'alerts')) seen.push(value);
    };

    await expect(list()).rejects.toThrow(ItemError);
    expect(seen).toEqual([firing]);
  });

  it('names the tenant in messages', () => {
    expect(subjectOf(deliveryKey('acme', 'incident/1/1', 'chat'))).toBe('what was relayed for tenant acme');
    expect(subjectOf(notifyTestKey('acme'))).toBe('the test notification of tenant acme');
  });
});
