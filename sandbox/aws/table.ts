/** Makes the tables of infra/ in an emulator, so that what is tested is what is deployed. */
import { readFile } from 'node:fs/promises';
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';
import * as z from 'zod';

/** Where each table is defined, by its logical id. */
const FRAGMENTS = {
  Table: new URL('../../infra/table.yml', import.meta.url),
  ConfigsTable: new URL('../../infra/configs-table.yml', import.meta.url),
} as const;

/** Seconds that a table may take to come up. */
const MAX_WAIT_SECONDS = 30;

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** The parameters of CreateTable. Recovery, streams and expiry of items are other calls, or what emulators do not have. */
const propertiesSchema = z.object({
  BillingMode: z.literal('PAY_PER_REQUEST'),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.literal('S') })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['KEYS_ONLY', 'INCLUDE', 'ALL']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
});

const fragmentSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.unknown() })),
});

/** Creates the table of this definition under the given name and waits until it takes items. */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  definition: keyof typeof FRAGMENTS,
): Promise<void> {
  const properties = read.get(definition) ?? readProperties(definition);
  read.set(definition, properties);
  await client.send(new CreateTableCommand({ TableName: name, ...(await properties) }));
  await waitUntilTableExists({ client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 1 }, { TableName: name });
}

/** What was read of infra/: tests make the same tables hundreds of times. */
const read = new Map<keyof typeof FRAGMENTS, ReturnType<typeof readProperties>>();

async function readProperties(definition: keyof typeof FRAGMENTS) {
  const { Resources } = fragmentSchema.parse(parse(await readFile(FRAGMENTS[definition], 'utf8')));
  return propertiesSchema.parse(Resources[definition]?.Properties);
}
