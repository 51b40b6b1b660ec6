/** How functions take batches from their queues: what is checked before a message is looked into, and how one is parsed. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { clip } from '../core/messages/plain-text.ts';
import { describeIssues, parseInput } from '../core/model/issues.ts';
import { MAX_MESSAGE_LENGTH } from '../core/model/message.ts';

/** Records of a batch: the most that a queue hands over. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const MAX_RECORDS = 10_000;

/** Issues that a log line or a reason names: a hostile event may have as many as it has fields. */
const ISSUES_NAMED = 10;

/** Characters of one of them: the name of an unknown field can be as long as its document. */
const ISSUE_LENGTH = 300;

/** How many records there are is checked before any of them is looked into. */
const batchSchema = z.object({ Records: z.array(z.unknown()).max(MAX_RECORDS) });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html: what is checked before a record is touched. */
const sqsEventSchema = batchSchema.pipe(
  z.object({
    Records: z.array(z.looseObject({ messageId: z.string(), body: z.string(), eventSource: z.literal('aws:sqs') })),
  }),
);

const sentSchema = z.looseObject({
  attributes: z.looseObject({ SentTimestamp: z.string().regex(/^\d{1,15}$/) }),
});

export type Parsed<Value> =
  | { readonly kind: 'parsed'; readonly value: Value }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Whether the event is from a queue, well-formed or not. */
export function isBatch(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Object.hasOwn(event, 'Records');
}

export interface BatchOptions {
  /** Whether messages are worked on at once, or one after the other. */
  readonly inParallel: boolean;
  readonly logger: Logger;
}

/** A message of a batch that is worked on as one. */
export type BatchRecord = z.output<typeof sqsEventSchema>['Records'][number];

/** The messages of the batch, for work on all of them together. An event that is no batch is logged and has none. */
export function recordsOf(event: unknown, logger: Logger): readonly BatchRecord[] {
  const batch = parseInput(sqsEventSchema, event);
  if (batch.success) return batch.data.Records;
  logger.error(NO_BATCH, { issues: firstIssues(batch.error) });
  return [];
}

const NO_BATCH = 'Dropped an event that is not a batch of SQS messages.';

/** Works on each message of the batch. One whose work throws returns to the queue alone. An event that is no batch is dropped. */
export async function eachMessage(
  event: unknown,
  { inParallel: processInParallel, logger }: BatchOptions,
  work: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const batch = parseInput(sqsEventSchema, event);
  if (!batch.success) {
    logger.error(NO_BATCH, { issues: firstIssues(batch.error) });
    return { batchItemFailures: [] };
  }
  const processor = new BatchProcessor(EventType.SQS);
  const options = { processInParallel, throwOnFullBatchFailure: false };
  return processPartialResponse(batch.data, work, processor, options);
}

/** The message that a body holds. @param maxLength Characters. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: string,
  maxLength = MAX_MESSAGE_LENGTH,
): Parsed<z.output<Schema>> {
  const tooLong = lengthIssue(body, maxLength);
  if (tooLong !== undefined) return { kind: 'malformed', reason: tooLong };
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch (error) {
    // The parser quotes the text, which nobody may log.
    const quoting = error instanceof Error ? error.message : String(error);
    return { kind: 'malformed', reason: `not JSON: ${quoting.replace(/".*"/s, 'the body')}` };
  }
  return parseContent(schema, content);
}

export function parseContent<Schema extends z.ZodType>(schema: Schema, content: unknown): Parsed<z.output<Schema>> {
  const parsed = parseInput(schema, content);
  if (!parsed.success) return { kind: 'malformed', reason: firstIssues(parsed.error).join('; ') };
  return { kind: 'parsed', value: parsed.data };
}

/** Why the text is too long for a message; undefined where it is not. */
export function lengthIssue({ length }: string, maxLength = MAX_MESSAGE_LENGTH): string | undefined {
  return length <= maxLength ? undefined : `has ${length} characters; a message has at most ${maxLength}`;
}

/** Epoch milliseconds: when the message was first sent. Undefined where the record does not state it, which SQS always does. */
export function sentTime(record: unknown): number | undefined {
  const parsed = sentSchema.safeParse(record);
  return parsed.success ? Number(parsed.data.attributes.SentTimestamp) : undefined;
}

/** What a log line or a reason names of the issues. */
export function firstIssues(error: z.ZodError): string[] {
  const issues = describeIssues(error).map((issue) => clip(issue, ISSUE_LENGTH));
  const more = issues.length - ISSUES_NAMED;
  return more > 0 ? [...issues.slice(0, ISSUES_NAMED), `and ${more} more`] : issues;
}
