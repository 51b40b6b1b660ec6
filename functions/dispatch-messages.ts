/** What the dispatch function does with a batch of requests. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { type DispatchOutcome, type DispatchPorts, dispatchRequest } from '../core/inspection/dispatch.ts';
import { inspectionRequestSchema, triggerOf } from '../core/model/message.ts';
import type { InspectionQueue } from '../core/ports/inspection-queue.ts';
import { eachMessage, parseBody, sentTime } from './messages.ts';

export interface DispatchMessagesPorts extends DispatchPorts {
  readonly deadLetters: Pick<InspectionQueue, 'reject'>;
}

export interface DispatchMessagesOptions {
  readonly ports: DispatchMessagesPorts;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Dispatches each request. One that cannot be parsed, or names what there is not, goes to the dead-letter queue for a person.
 * One that fails returns to the queue alone.
 */
export async function dispatchMessages(event: unknown, options: DispatchMessagesOptions): Promise<SQSBatchResponse> {
  return eachMessage(event, { inParallel: true, logger: options.logger }, (record) => dispatchRecord(record, options));
}

async function dispatchRecord(record: SQSRecord, { ports, logger, now }: DispatchMessagesOptions): Promise<void> {
  const { messageId, body } = record;
  const putAside = (rest: string, reason: string, facts: object) => {
    logger.error('Put a request, or a part of it, on the dead-letter queue.', { messageId, ...facts, reason });
    return ports.deadLetters.reject(rest, reason);
  };
  const parsed = parseBody(inspectionRequestSchema, body);
  if (parsed.kind === 'malformed') return putAside(body, parsed.reason, {});
  const request = parsed.value;
  const { tenant, provider, account, id } = request;
  const facts = { tenant, provider, account, id, trigger: triggerOf(request) };
  let outcome: DispatchOutcome;
  try {
    const times = { sentAt: sentTime(record) ?? now, now, deliveryId: messageId };
    outcome = await dispatchRequest(request, times, ports);
  } catch (error) {
    logger.error('A request could not be dispatched; it goes back to the queue.', { messageId, ...facts, error });
    throw error;
  }
  if (outcome.kind === 'refused') return putAside(body, outcome.reason, facts);
  if (outcome.kind === 'skipped') {
    logger.warn('Skipped a request.', { messageId, ...facts, reason: outcome.reason });
    return;
  }
  const { sent, answered, setAside } = outcome;
  logger.info('Dispatched a request.', { messageId, ...facts, sent, answered });
  // Without its id, which is that of the part that was dispatched: it can be corrected and sent again.
  const { id: _, ...rest } = request;
  if (setAside) await putAside(JSON.stringify({ ...rest, regions: setAside.regions }), setAside.reason, facts);
}
