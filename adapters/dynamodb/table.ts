/**
 * The one table that the stores share: reads, pages, conditional puts, and what its refusals mean in words.
 * What an item holds is each store's own business; here it only has a key, a shape and a size.
 */
import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { UnreadableReason } from '../../core/model/series.ts';
import type { PutOutcome } from '../../core/ports/conditional-put.ts';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import { failureOf, lacksCredentials } from '../aws/errors.ts';
import { itemBytes, MAX_ITEM_BYTES, MAX_SORT_KEY_BYTES } from './item-size.ts';
import { subjectOf } from './key-text.ts';
import type { Key } from './keys.ts';

/** Where a store keeps its items: the table of infra/table.yml. */
export interface StoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** An item as it came over the wire, not yet checked. */
export type RawItem = Readonly<Record<string, unknown>>;

/** An item as it is written: texts and integers only, so that DynamoDB's client can refuse none of it. */
type FlatItem = Readonly<Record<string, string | number | undefined>>;

/** How an item is written and read back. */
export interface Shape<Item> {
  /** DynamoDB's form in, ours out. */
  readonly schema: z.ZodType<Item, FlatItem>;
  /** Brings an item that an earlier version wrote into the form of this one. */
  readonly upgrade?: (item: RawItem) => RawItem;
}

/** One partition of the table or of one of its indexes, by sort key. */
export interface Lookup {
  readonly index?: 'open' | 'pending' | 'incidents';
  readonly partition: string;
  readonly beginsWith?: string;
  /** The last sort key, which begins in the same way. */
  readonly upTo?: string;
  /** Sort keys before this one alone. */
  readonly before?: string;
  readonly descending?: boolean;
  readonly pageSize: number;
}

/** When a put holds: `new` where there is no item with the key, a number where its item has this version, else always. */
export type Condition = 'new' | 'always' | number;

export interface Table {
  /** The item as it is now, consistently read. */
  get<Item>(key: Key, shape: Shape<Item>): Promise<Item | undefined>;
  /** `conflict` when the condition does not hold. An item that could not be read back is refused and not stored. */
  put<Item extends Key>(item: Item, shape: Shape<Item>, condition: Condition): Promise<PutOutcome>;
  /** Removes the item. Harmless where it is gone: returns whether it was there. */
  remove(key: Key): Promise<boolean>;
  /** Pages in order of the sort key. The table's own are consistent; an index may lag behind puts by seconds. */
  pages(lookup: Lookup): AsyncIterable<readonly RawItem[]>;
  /** Throws `ItemError` where the item is not of the shape. */
  parse<Item>(item: RawItem, shape: Shape<Item>): Item;
}

/** The attribute names of the partition key and the sort key, of the table and of each index. */
const KEYS = {
  table: ['pk', 'sk'],
  open: ['openScope', 'sk'],
  pending: ['pendingShard', 'sk'],
  incidents: ['listOf', 'listAt'],
} as const;

export function openTable({ client, table }: StoreOptions): Table {
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // Without it the client throws at a number that somebody else wrote with more digits than ours have.
    unmarshallOptions: { wrapNumbers: Number },
  });

  async function getRaw(key: Key): Promise<RawItem | undefined> {
    try {
      const command = new GetCommand({ TableName: table, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true });
      return (await documents.send(command)).Item;
    } catch (error) {
      throw refusal(error, 'read', table, key);
    }
  }

  function parse<Item>(item: RawItem, shape: Shape<Item>): Item {
    const { writeId: _, ...rest } = item;
    const what = `The item ${describe(item)} of table ${table} is not as Plimsoll writes it; correct it or delete it.`;
    let current: RawItem;
    try {
      current = shape.upgrade?.(rest) ?? rest;
    } catch (error) {
      throw new ItemError(what, { cause: error });
    }
    const result = parseInput(shape.schema, current);
    if (result.success) return result.data;
    throw new ItemError(`${what}\n${wrongFields(result.error)}`, { cause: result.error });
  }

  return {
    parse,

    async get(key, shape) {
      checkKey(key);
      const item = await getRaw(key);
      return item && parse(item, shape);
    },

    async put(item, shape, condition) {
      const stored = { ...encode(item, shape), writeId: randomUUID() };
      checkKey(item);
      checkSize(item, stored);
      try {
        await documents.send(new PutCommand({ TableName: table, Item: stored, ...conditionOf(condition) }));
        return 'stored';
      } catch (error) {
        if (isAboutItem(error))
          throw new ItemError(`The table ${table} refuses the item ${describe(item)}: ${failureOf(error).detail}.`, {
            cause: error,
          });
        if (!(error instanceof ConditionalCheckFailedException)) throw refusal(error, 'write', table, item);
        // The client sends a put again when its answer was lost, and then meets its own item.
        return (await getRaw(item))?.['writeId'] === stored.writeId ? 'stored' : 'conflict';
      }
    },

    async remove(key) {
      try {
        const command = new DeleteCommand({
          TableName: table,
          Key: { pk: key.pk, sk: key.sk },
          ReturnValues: 'ALL_OLD',
        });
        return (await documents.send(command)).Attributes !== undefined;
      } catch (error) {
        throw refusal(error, 'write', table, key);
      }
    },

    async *pages(lookup) {
      const paging = { client: documents, pageSize: lookup.pageSize };
      try {
        for await (const { Items = [] } of paginateQuery(paging, queryOf(table, lookup))) yield Items;
      } catch (error) {
        throw refusal(error, 'read', table, { pk: lookup.partition, sk: lookup.beginsWith ?? '' });
      }
    },
  };
}

/** DynamoDB's answer to an item that it never takes; its client has no class for it. */
function isAboutItem(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException';
}

function queryOf(table: string, lookup: Lookup): QueryCommandInput {
  const { index, partition, beginsWith, upTo, before, descending = false } = lookup;
  const [partitionKey, sortKey] = KEYS[index ?? 'table'];
  const range = rangeOf(lookup);
  return {
    TableName: table,
    // An index cannot be read consistently.
    ...(index ? { IndexName: index } : { ConsistentRead: true }),
    KeyConditionExpression: range === undefined ? '#pk = :pk' : `#pk = :pk AND ${range}`,
    ExpressionAttributeNames: { '#pk': partitionKey, ...(range !== undefined && { '#sk': sortKey }) },
    ExpressionAttributeValues: {
      ':pk': partition,
      ...(beginsWith !== undefined && before === undefined && { ':sk': beginsWith }),
      ...(upTo !== undefined && { ':to': upTo }),
      ...(before !== undefined && { ':before': before }),
    },
    ScanIndexForward: !descending,
  };
}

/** A query takes one condition on the sort key. */
function rangeOf({ beginsWith, upTo, before }: Lookup): string | undefined {
  if (before !== undefined) return '#sk < :before';
  if (beginsWith === undefined) return undefined;
  return upTo === undefined ? 'begins_with(#sk, :sk)' : '#sk BETWEEN :sk AND :to';
}

function encode<Item extends Key>(item: Item, shape: Shape<Item>): FlatItem {
  const result = z.safeEncode(shape.schema, item);
  if (result.success) return result.data;
  const what = `The item ${describe(item)} would not be read back and is not stored.`;
  throw new ItemError(`${what}\n${wrongFields(result.error)}`, { cause: result.error });
}

function conditionOf(condition: Condition): Partial<PutCommandInput> {
  switch (condition) {
    case 'always':
      return {};
    case 'new':
      return { ConditionExpression: 'attribute_not_exists(pk)' };
    default:
      return {
        ConditionExpression: '#version = :expected',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':expected': condition },
      };
  }
}

function checkKey(key: Key): void {
  const bytes = Buffer.byteLength(key.sk);
  if (bytes <= MAX_SORT_KEY_BYTES) return;
  throw new ItemError(
    `The key ${describe(key).slice(0, 200)}… has ${bytes} bytes; a sort key may have ${MAX_SORT_KEY_BYTES}.`,
  );
}

function checkSize(key: Key, item: RawItem): void {
  const bytes = itemBytes(item);
  if (bytes <= MAX_ITEM_BYTES) return;
  throw new ItemError(
    `The item ${describe(key)} has ${bytes} bytes; one item of the table may have ${MAX_ITEM_BYTES}.`,
  );
}

function describe(item: RawItem | Key): string {
  const { pk, sk }: Partial<Record<keyof Key, unknown>> = item;
  return `pk=${typeof pk === 'string' ? pk : '?'} sk=${typeof sk === 'string' ? sk : '?'}`;
}

function wrongFields(error: z.ZodError): string {
  return describeIssues(error)
    .map((issue) => `  ${issue}`)
    .join('\n');
}

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied: 'Check your credentials, and allow dynamodb:GetItem, PutItem and Query on the table and its indexes.',
  throttled: 'It was throttled through all tries of the client: try again later.',
};

const NO_TABLE = 'There is no such table or index here: deploy the stack, or correct the table’s name or region.';

/** @param key The item's; of a partition as much as the sort keys have in common. */
function refusal(error: unknown, action: 'read' | 'write', table: string, key: Key): StoreError {
  const what = `Could not ${action} ${subjectOf(key)} ${action === 'read' ? 'from' : 'to'} table ${table}`;
  return new StoreError(`${what}: ${failureOf(error).detail}. ${adviceOn(error)}`.trimEnd(), { cause: error });
}

/** Empty where the failure's own text advises what to do. */
function adviceOn(error: unknown): string {
  if (error instanceof ResourceNotFoundException) return NO_TABLE;
  if (lacksCredentials(error)) return '';
  const { reason, retryable } = failureOf(error);
  return ADVICE[reason] ?? (retryable ? 'Try again later.' : '');
}
