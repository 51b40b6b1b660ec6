/** What is promised of every input from outside, however wrong it is: a reader takes it, or refuses it in its own terms. */
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { configItem, incidentItem, runItem } from '../adapters/dynamodb/items.ts';
import { openTable, type RawItem } from '../adapters/dynamodb/table.ts';
import { InvalidInputError, ItemError } from '../core/ports/errors.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import { inspectEvent } from '../functions/inspect-event.ts';
import { mutatedDocument, mutatedText } from './fuzz-documents.ts';
import {
  CONFIG,
  eventOf,
  FORMER_INCIDENT,
  HOST_READ,
  INCIDENT,
  MESSAGE,
  NOON,
  portsOf,
  RUN,
} from './fuzz-input-samples.ts';

/** A kind of input, and what becomes of one. */
export interface InputPromise {
  readonly name: string;
  readonly input: fc.Arbitrary<unknown>;
  /** The outcome in words. Throws where the input does what no input may. */
  outcome(input: unknown): Promise<string>;
}

/** A config parses, or is refused with the names of its wrong fields. */
const configs: InputPromise = {
  name: 'config',
  input: mutatedDocument(CONFIG, { ...CONFIG, accounts: [...CONFIG.accounts, ...CONFIG.accounts] }),
  async outcome(input) {
    try {
      parseTenantConfig(input);
      return 'parsed';
    } catch (error) {
      if (!(error instanceof InvalidInputError) || error.issues.length === 0) throw error;
      return 'refused with its issues';
    }
  },
};

const body = mutatedDocument(MESSAGE, { ...MESSAGE, regions: ['eu-west-1'] }).map(
  (message) => JSON.stringify(message) ?? '',
);
const logger = new Logger({ logLevel: 'SILENT' });
const context = { getRemainingTimeInMillis: () => 300_000 };

/** A message is inspected, skipped or put aside; a bare request is answered. Where no port fails no message returns to its queue. */
const events: InputPromise = {
  name: 'event',
  input: fc.oneof(
    fc.array(fc.oneof(body, mutatedText(body)), { maxLength: 3 }).map(eventOf),
    mutatedDocument(eventOf([JSON.stringify(MESSAGE)])),
    mutatedDocument(MESSAGE),
    mutatedDocument(HOST_READ),
  ),
  async outcome(event) {
    const counts = { rejected: 0, logged: 0 };
    const answer = await inspectEvent(event, { ports: portsOf(counts), logger, context, now: NOON });
    if (!('batchItemFailures' in answer)) return `answered: ${answer.outcome}`;
    if (answer.batchItemFailures.length > 0)
      throw new Error('A message returned to its queue although nothing failed.');
    if (counts.rejected > 0) return 'put aside';
    return counts.logged > 0 ? 'inspected' : 'skipped or dropped';
  },
};

const table = openTable({ client: new DynamoDBClient({ region: 'eu-west-1' }), table: 'plimsoll' });
const key = { pk: 'T#acme', sk: 'sort-key' };

/** Each item that holds a document: the documents, its other attributes, and its reader. */
const ITEMS = [
  {
    attribute: 'incident',
    documents: [INCIDENT, FORMER_INCIDENT],
    others: { version: 1 },
    read: (item: RawItem) => table.parse(item, incidentItem),
  },
  {
    attribute: 'run',
    documents: [RUN],
    others: { ttl: 1_800_000_000 },
    read: (item: RawItem) => table.parse(item, runItem),
  },
  {
    attribute: 'config',
    documents: [CONFIG],
    others: { version: 1, externalId: 'external', putAt: NOON },
    read: (item: RawItem) => table.parse(item, configItem),
  },
] as const;

/** An item of the table, with its document as it is written now or as a map, is read or refused as that item's failure. */
const items: InputPromise = {
  name: 'item',
  input: fc.constantFrom(...ITEMS).chain(({ attribute, documents, others }) => {
    const document = mutatedDocument(...documents);
    const stored = fc.oneof(
      document,
      document.map((value) => JSON.stringify(value)),
    );
    const item = stored.map((value) => ({ ...key, ...others, [attribute]: value }));
    return fc.oneof(
      item,
      item.chain((one) => mutatedDocument(one)),
    );
  }),
  async outcome(input) {
    const item: RawItem = { ...(typeof input === 'object' ? input : {}) };
    const { read } = ITEMS.find(({ attribute }) => Object.hasOwn(item, attribute)) ?? ITEMS[0];
    try {
      read(item);
      return 'read';
    } catch (error) {
      if (error instanceof ItemError) return 'refused';
      throw error;
    }
  },
};

export const INPUT_PROMISES: readonly InputPromise[] = [configs, events, items];
