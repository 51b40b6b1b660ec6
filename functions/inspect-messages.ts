/** What every inspect function does with a batch from its queue; the functions differ in the source that they open. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { RegionRun } from '../core/inspection/inspect-region.ts';
import { type InspectionOutcome, type InspectionPorts, runInspection } from '../core/inspection/run-inspection.ts';
import { describeIssues } from '../core/model/issues.ts';
import { type InspectMessage, inspectMessageSchema } from '../core/model/message.ts';

/** The part of Lambda's context that is used, so that a test or the demo can pass its own. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html: what is checked before a record is touched. */
const sqsEventSchema = z.looseObject({
  Records: z.array(z.looseObject({ messageId: z.string(), body: z.string(), eventSource: z.literal('aws:sqs') })),
});

export interface InspectMessagesOptions {
  readonly ports: InspectionPorts;
  readonly logger: Logger;
  readonly context: InvocationContext;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Inspects what the batch requests, one message after the other. A message that fails returns to the queue alone; one that
 * cannot be parsed goes to the dead-letter queue for a person; an event that is no batch at all is logged and dropped.
 */
export async function inspectMessages(event: unknown, options: InspectMessagesOptions): Promise<SQSBatchResponse> {
  const batch = sqsEventSchema.safeParse(event);
  if (!batch.success) {
    const issues = describeIssues(batch.error);
    options.logger.error('Dropped an event that is not a batch of SQS messages.', { issues });
    return { batchItemFailures: [] };
  }
  const processor = new BatchProcessor(EventType.SQS);
  return processPartialResponse(batch.data, (record: SQSRecord) => inspectRecord(record, options), processor, {
    // Inspections share the function's memory and time: in parallel a batch would peak with all of its hosts at once.
    processInParallel: false,
    throwOnFullBatchFailure: false,
  });
}

async function inspectRecord({ messageId, body }: SQSRecord, options: InspectMessagesOptions): Promise<void> {
  const { ports, logger, context, now } = options;
  const parsed = parseMessage(body);
  if (parsed.kind === 'malformed') {
    logger.error('Put a message that requests no inspection on the dead-letter queue.', {
      messageId,
      reason: parsed.reason,
    });
    return ports.queue.reject(body, parsed.reason);
  }
  const { message } = parsed;
  const run = { messageId, tenant: message.tenant, account: message.account, scheduledTime: message.scheduledTime };
  try {
    const deadline = { now, remainingMs: () => context.getRemainingTimeInMillis() };
    logOutcome(logger, run, await runInspection(message, ports, deadline));
  } catch (error) {
    logger.error('An inspection failed; its message goes back to the queue.', { ...run, error });
    throw error;
  }
}

function logOutcome(logger: Logger, run: object, outcome: InspectionOutcome): void {
  if (outcome.kind === 'skipped') {
    logger.warn('Skipped an inspection.', { ...run, reason: outcome.reason });
    return;
  }
  for (const region of outcome.regions) logRegion(logger, run, region);
  if (outcome.continued.length === 0) return;
  logger.info('Left regions to a continuation.', { ...run, regions: outcome.continued });
}

function logRegion(logger: Logger, run: object, { summary, delivery, superseded }: RegionRun): void {
  const facts = { ...run, superseded, summary, published: delivery.published };
  for (const event of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { ...run, ...event });
  if (delivery.failed.length > 0) {
    logger.error('Inspected a region; its topic did not accept every event: the rest stays in the outbox.', {
      ...facts,
      failed: delivery.failed,
    });
  } else if (summary.outcome === 'partial') {
    logger.warn('Inspected a region in part.', facts);
  } else if (summary.hosts.known === 0) {
    logger.warn('Inspected a region without a host: check whether its filters admit any.', facts);
  } else if (summary.stoppedReporting.length > 0) {
    logger.warn('Inspected a region in which agents have stopped reporting.', facts);
  } else {
    logger.info('Inspected a region.', facts);
  }
}

type Parsed =
  | { readonly kind: 'message'; readonly message: InspectMessage }
  | { readonly kind: 'malformed'; readonly reason: string };

function parseMessage(body: string): Parsed {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch (error) {
    return { kind: 'malformed', reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = inspectMessageSchema.safeParse(content);
  if (!parsed.success) return { kind: 'malformed', reason: describeIssues(parsed.error).join('; ') };
  return { kind: 'message', message: parsed.data };
}
