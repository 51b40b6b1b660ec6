/** A table of the sandbox for the tests of one file. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable } from '../../../sandbox/aws/table.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';

export const TABLE = 'plimsoll';

/** Starts a sandbox with the table in it. `raw` reads and writes what no store would. */
export async function startTable() {
  const sandbox = await startSandbox();
  const client = new DynamoDBClient(sandbox.clientConfig('eu-west-1'));
  const raw = DynamoDBDocumentClient.from(client);
  await createTable(client, TABLE);
  return {
    sandbox,
    client,
    raw,
    async close() {
      client.destroy();
      await sandbox.close();
    },
  };
}
