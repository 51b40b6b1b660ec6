/** Makes the table of infra/table.yml in an emulator, so that what is tested is what is deployed. */
import { readFile } from 'node:fs/promises';
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';
import * as z from 'zod';

const FRAGMENT = new URL('../../infra/table.yml', import.meta.url);

/** Seconds that a table may take to come up. */
const MAX_WAIT_SECONDS = 30;

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** The parameters of CreateTable. Recovery and expiry of items are other calls, which emulators do not have. */
const fragmentSchema = z.object({
  Resources: z.object({
    Table: z.object({
      Properties: z.object({
        BillingMode: z.literal('PAY_PER_REQUEST'),
        AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.literal('S') })),
        KeySchema: keySchema,
        GlobalSecondaryIndexes: z.array(
          z.object({
            IndexName: z.string(),
            KeySchema: keySchema,
            Projection: z.object({ ProjectionType: z.enum(['KEYS_ONLY', 'ALL']) }),
          }),
        ),
      }),
    }),
  }),
});

/** Creates the table under the given name and waits until it takes items. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const fragment = fragmentSchema.parse(parse(await readFile(FRAGMENT, 'utf8')));
  await client.send(new CreateTableCommand({ TableName: name, ...fragment.Resources.Table.Properties }));
  await waitUntilTableExists({ client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 1 }, { TableName: name });
}
