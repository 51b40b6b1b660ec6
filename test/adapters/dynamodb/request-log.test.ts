/** The request log over DynamoDB: the suite of its port, and what is DynamoDB's alone. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createRequestLog } from '../../../adapters/dynamodb/request-log.ts';
import { MOST_STORED_FINDINGS } from '../../../core/model/inspection-result.ts';
import { itKeeps } from '../../contract/check.ts';
import { requestLogChecks } from '../../contract/request-log.ts';
import { aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { aListedFinding, aRegionResult } from '../../fixtures/results.ts';
import { startTable, TABLE } from './table.ts';

const DAY = 24 * HOUR;

const { client, raw, close } = await startTable();
afterAll(close);

describe('the request log over DynamoDB', () => {
  itKeeps(requestLogChecks, () => {
    let now = NOON;
    return {
      log: createRequestLog({ client, table: TABLE, now: () => now }),
      passDays(days) {
        now += days * DAY;
      },
    };
  });

  it('lets DynamoDB delete a result a week after it was put', async () => {
    const log = createRequestLog({ client, table: TABLE, now: () => NOON });
    await log.putResult({ tenant: 'expiring', id: 'nightly:1' }, aRegionResult());

    const sk = 'REQUEST#nightly%3A1#aws#111122223333#eu-west-1';
    const { Item } = await raw.send(new GetCommand({ TableName: TABLE, Key: { pk: 'T#expiring', sk } }));

    expect(Item).toMatchObject({ ttl: (NOON + 7 * DAY) / 1000 });
  });

  it('has room for as many findings as are stored, of hosts with the longest names', async () => {
    const log = createRequestLog({ client, table: TABLE, now: () => NOON });
    const host = aResource({ id: '日'.repeat(400), name: '本'.repeat(400), group: 'g'.repeat(1024) });
    const findings = Array.from({ length: MOST_STORED_FINDINGS }, () => aListedFinding({ host }));

    await log.putResult({ tenant: 'large', id: '1' }, aRegionResult({ findings }));

    expect((await log.read({ tenant: 'large', id: '1' }))?.results).toHaveLength(1);
  });
});
