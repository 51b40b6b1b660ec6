/** The reads that have to be consistent, by the request that is sent: an emulator is consistent whether it is asked to be or not. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { anIncidentKey } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, close } = await startTable();
afterAll(close);

const options = { client, table: TABLE };

/** The inputs of the requests that the work sends. */
async function sentBy(work: () => Promise<unknown>): Promise<object[]> {
  const inputs: object[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      inputs.push(args.input);
      return next(args);
    },
    { step: 'initialize', name: 'watch', override: true },
  );
  await work();
  return inputs;
}

describe('a read of the table', () => {
  it('is consistent for one item', async () => {
    const sent = await sentBy(() => createIncidentStore(options).get(anIncidentKey()));

    expect(sent).toMatchObject([{ TableName: TABLE, ConsistentRead: true }]);
  });

  it('is consistent for the newest config, which decides whether a put conflicts, and for the defaults', async () => {
    const sent = await sentBy(() => createConfigStore(options).get('acme'));

    const consistent = { TableName: TABLE, ConsistentRead: true };
    expect(sent).toMatchObject([consistent, consistent]);
  });

  it('is consistent for the newest runs', async () => {
    const sent = await sentBy(() => createRunLog(options).newest('acme', anIncidentKey(), 1));

    expect(sent).toMatchObject([{ TableName: TABLE, ConsistentRead: true }]);
  });

  it('is not requested as consistent from an index, which DynamoDB refuses', async () => {
    const sent = await sentBy(() => Array.fromAsync(createIncidentStore(options).open('acme', anIncidentKey())));

    expect(sent).toMatchObject([{ TableName: TABLE, IndexName: 'open' }]);
    expect(sent[0]).not.toHaveProperty('ConsistentRead');
  });
});
