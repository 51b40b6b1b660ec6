/** The run log over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { itKeeps } from '../../contract/check.ts';
import { runLogChecks } from '../../contract/run-log.ts';
import { aRunSummary, HOUR, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const DAY = 24 * HOUR;

const { client, raw, close } = await startTable();
afterAll(close);

describe('the run log over DynamoDB', () => {
  itKeeps(runLogChecks, () => {
    let now = NOON;
    return {
      log: createRunLog({ client, table: TABLE, now: () => now }),
      passDays(days) {
        now += days * DAY;
      },
    };
  });

  it('lets DynamoDB delete a run ninety days after it was put', async () => {
    await createRunLog({ client, table: TABLE, now: () => NOON }).put(aRunSummary({ tenant: 'expiring' }));

    const sk = 'RUN#aws#111122223333#eu-west-1#2026-11-20T12:00:00.000Z';
    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key: { pk: 'T#expiring', sk } }));

    expect(Item).toMatchObject({ ttl: (NOON + 90 * DAY) / 1000 });
  });
});
