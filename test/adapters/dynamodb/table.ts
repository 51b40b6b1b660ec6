/** A table of the sandbox for the tests of one file. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../../../adapters/dynamodb/keys.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';

export const TABLE = 'plimsoll';

/** Starts a sandbox with the table in it. `raw` reads and writes what no store would. */
export async function startTable() {
  const sandbox = await startSandbox();
  const client = new DynamoDBClient(sandbox.clientConfig('eu-west-1'));
  const raw = DynamoDBDocumentClient.from(client);
  await createTable(client, TABLE, 'Table');
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

/** Replaces text in the document that an attribute of an item holds as JSON. */
export async function damage(
  raw: DynamoDBDocumentClient,
  { table = TABLE, key, attribute }: { table?: string; key: Key; attribute: string },
  change: (json: string) => string,
): Promise<void> {
  const { Item = {} } = await raw.send(new GetCommand({ TableName: table, Key: key }));
  const json: unknown = Item[attribute];
  if (typeof json !== 'string') throw new Error(`The item has no ${attribute} in JSON.`);
  const damaged = change(json);
  if (damaged === json) throw new Error(`The change leaves ${attribute} as it was.`);
  await raw.send(new PutCommand({ TableName: table, Item: { ...Item, [attribute]: damaged } }));
}
