/** A table of the sandbox for the tests of one file. */
import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../../../adapters/dynamodb/keys.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';

export const TABLE = 'plimsoll';

/** Starts a sandbox with the table in it. `raw` reads and writes what no store would. */
export async function startTable() {
  const sandbox = await startSandbox();
  const client = new DynamoDBClient(sandbox.inProcess('eu-west-1'));
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

/** Items of one BatchWriteItem. */
const BATCH = 25;

/**
 * Writes in batches what stores put under conditions that always hold: thousands of items take a fraction of the time.
 *
 * @param put Puts through a store over the client that it is given. That one keeps each item, and sends nothing.
 */
export async function putMany(
  client: DynamoDBClient,
  put: (keeping: DynamoDBClient) => Promise<unknown>,
): Promise<void> {
  const items: Record<string, AttributeValue>[] = [];
  const nobody = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
  const keeping = new DynamoDBClient({ region: 'eu-west-1', credentials: nobody });
  keeping.middlewareStack.add(
    () =>
      async ({ input }) => {
        if (!('Item' in input) || input.Item === undefined)
          throw new Error('Nothing but puts can be written in batches.');
        items.push(input.Item);
        return { output: { $metadata: {} }, response: {} };
      },
    // Behind what turns its values into DynamoDB's.
    { step: 'build', name: 'keep' },
  );
  await put(keeping);
  const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH).map((Item) => ({ PutRequest: { Item } })),
  );
  await Promise.all(
    batches.map((batch) => client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: batch } }))),
  );
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
