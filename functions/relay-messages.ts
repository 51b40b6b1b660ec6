/** What the function relay does with a batch from its queue: notifications of tenants' topics, each with the topic that sent it. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { RelayQueue } from '../adapters/sqs/relay-queue.ts';
import { subjectOf } from '../core/model/event-subject.ts';
import { notificationSchema } from '../core/model/notification.ts';
import { type PublishedEvent, serviceEventSchema } from '../core/model/service-event.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import type { InspectionQueue } from '../core/ports/inspection-queue.ts';
import { type RelayPorts, type RelayReport, relayEvent } from '../core/relay/relay-event.ts';
import { eachMessage, type Parsed, parseBody } from './messages.ts';
import type { EmitMetrics } from './metrics.ts';

export interface RelayMessagesPorts extends RelayPorts {
  readonly queue: RelayQueue;
  readonly deadLetters: Pick<InspectionQueue, 'reject'>;
}

export interface RelayMessagesOptions {
  readonly ports: RelayMessagesPorts;
  /** A tenant's topic is this and the tenant's id. */
  readonly topicArnPrefix: string;
  readonly logger: Logger;
  readonly metrics?: EmitMetrics;
  readonly signal?: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A receiver did not take an event yet: its message goes back to the queue. */
class NotRelayedError extends PlimsollError {}

/** Characters: what SQS takes at the most. */
const MAX_LENGTH = 256 * 1024;

/** What SNS puts around a message for a queue. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const envelopeSchema = z.looseObject({
  Type: z.literal('Notification'),
  TopicArn: z.string().max(512),
  Message: z.string(),
});

const eventSchema = z.union([notificationSchema, serviceEventSchema]);

const attemptsSchema = z.looseObject({
  attributes: z.looseObject({ ApproximateReceiveCount: z.string().regex(/^\d{1,6}$/) }),
});

/**
 * An event that a receiver did not take returns to the queue alone, and is hidden for as long as the receiver wants. Events of one
 * incident go one after the other, as they are in the batch.
 */
export function relayMessages(event: unknown, options: RelayMessagesOptions): Promise<SQSBatchResponse> {
  const before = new Map<string, Promise<void>>();
  return eachMessage(event, { inParallel: true, logger: options.logger }, async (record) => {
    const parsed = readEvent(record.body, options.topicArnPrefix);
    if (parsed.kind === 'malformed') return putAside(record, parsed.reason, options);
    const subject = `${parsed.value.data.tenant} ${subjectOf(parsed.value)}`;
    const work = (before.get(subject) ?? Promise.resolve()).then(() => relayOne(record, parsed.value, options));
    // One that failed is in the log: the next one finds it there, and waits.
    before.set(
      subject,
      work.catch(() => undefined),
    );
    return work;
  });
}

/** The event, if its tenant is the one whose topic sent it. */
function readEvent(body: string, topicArnPrefix: string): Parsed<PublishedEvent> {
  const envelope = parseBody(envelopeSchema, body, MAX_LENGTH);
  if (envelope.kind === 'malformed') return envelope;
  const { TopicArn, Message } = envelope.value;
  const event = parseBody(eventSchema, Message, MAX_LENGTH);
  if (event.kind === 'malformed') return event;
  if (TopicArn !== topicArnPrefix + event.value.data.tenant)
    return { kind: 'malformed', reason: 'its tenant is not the one of the topic that sent it' };
  return event;
}

async function putAside(
  { messageId, body }: SQSRecord,
  reason: string,
  { ports, logger }: RelayMessagesOptions,
): Promise<void> {
  logger.error('Put a notification aside.', { messageId, reason });
  await ports.deadLetters.reject(body, reason);
}

async function relayOne(record: SQSRecord, event: PublishedEvent, options: RelayMessagesOptions): Promise<void> {
  const { ports, logger, now, signal } = options;
  const { tenant } = event.data;
  let report: RelayReport;
  try {
    report = await relayEvent(event, ports, { now, attempts: attemptsOf(record), signal });
  } catch (error) {
    logger.error('A notification was not relayed; its message goes back to the queue.', {
      tenant,
      event: event.id,
      error,
    });
    throw error;
  }
  logReport(event, report, options);
  if (report.againAfterMs === undefined) return;
  await putOff(record, report.againAfterMs, options);
  throw new NotRelayedError(`The event ${event.id} was not taken by all of its receivers; it comes again.`);
}

function attemptsOf(record: unknown): number {
  const parsed = attemptsSchema.safeParse(record);
  return parsed.success ? Number(parsed.data.attributes.ApproximateReceiveCount) : 1;
}

/** Where that fails the message comes again after the time-out of the queue. */
async function putOff({ receiptHandle, messageId }: SQSRecord, ms: number, { ports, logger }: RelayMessagesOptions) {
  try {
    await ports.queue.hide(receiptHandle, ms);
  } catch (error) {
    logger.warn('A notification comes again later than it should.', { messageId, error });
  }
}

function logReport({ id, data }: PublishedEvent, report: RelayReport, { logger, metrics }: RelayMessagesOptions): void {
  const about = { tenant: data.tenant, event: id };
  for (const { receiver, attempt, reportFailure } of report.relayed) {
    if (attempt.kind === 'failed')
      logger.warn('A receiver did not take a notification.', { ...about, receiver, reason: attempt.reason });
    if (attempt.kind === 'settled' && attempt.isNew && attempt.delivery.outcome === 'refused')
      logger.error('A notification cannot be sent to a receiver.', {
        ...about,
        receiver,
        reason: attempt.delivery.reason,
      });
    if (reportFailure !== undefined)
      logger.error('A tenant could not be notified of a receiver that fails.', {
        ...about,
        receiver,
        detail: reportFailure,
      });
  }
  if (report.unknown.length > 0)
    logger.warn('The config has receivers no longer.', { ...about, unknown: report.unknown });
  const sent = report.relayed.filter(
    ({ attempt }) => attempt.kind === 'settled' && attempt.isNew && attempt.delivery.outcome === 'sent',
  );
  if (report.relayed.length > 0)
    logger.info('Relayed a notification.', { ...about, receivers: report.relayed.length, sent: sent.length });
  const NewlyFailingReceivers = report.relayed.filter(({ beganToFail }) => beganToFail).length;
  metrics?.({ EventsRelayed: sent.length, ...(NewlyFailingReceivers > 0 && { NewlyFailingReceivers }) });
}
