/** The log of scaling events over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../../adapters/dynamodb/key-text.ts';
import { scalingKey } from '../../../adapters/dynamodb/keys.ts';
import { createScalingLog } from '../../../adapters/dynamodb/scaling-log.ts';
import { itKeeps } from '../../contract/check.ts';
import { aScalingEvent, scalingLogChecks } from '../../contract/scaling-log.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const DAY = 24 * HOUR;

const { client, raw, close } = await startTable();
afterAll(close);

describe('the log of scaling events over DynamoDB', () => {
  itKeeps(scalingLogChecks, () => {
    let now = NOON;
    return {
      log: createScalingLog({ client, table: TABLE, now: () => now }),
      passDays(days) {
        now += days * DAY;
      },
    };
  });

  it('lets DynamoDB delete an event ninety days after it was added', async () => {
    const event = aScalingEvent({ tenant: 'expiring' });
    await createScalingLog({ client, table: TABLE, now: () => NOON }).add(event);

    const key = scalingKey(event);
    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key: key }));

    expect(key.sk).toMatch(/^SCALING#aws#111122223333#eu-west-1#web#2026-11-20T12:00:00\.000Z#[\da-f]{32}$/);
    expect(Item).toMatchObject({ ttl: (NOON + 90 * DAY) / 1000 });
  });

  it('names the group in messages', () => {
    expect(subjectOf(scalingKey(aScalingEvent()))).toBe('the scaling events of group web of tenant acme');
  });

  it('keeps an event of a group with the longest name', async () => {
    const log = createScalingLog({ client, table: TABLE, now: () => NOON });
    const event = aScalingEvent({ tenant: 'long', group: '記'.repeat(300), account: 'a'.repeat(100) });

    await log.add(event);

    expect(await Array.fromAsync(log.list('long', event, event.group, 0))).toEqual([event]);
  });
});
