/** What the function on-scaling does with a batch from its queue: forwarded events of EventBridge, and events that the HTTP API took. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { readAutoScalingEvent } from '../adapters/scaling-events/aws.ts';
import { recordScaling, type ScalingOutcome, type ScalingPorts } from '../core/inspection/schedule-checks.ts';
import { type ReadEvent, type ScalingEvent, scalingEventSchema } from '../core/model/scaling-event.ts';
import type { InspectionQueue } from '../core/ports/inspection-queue.ts';
import { eachMessage, parseBody, parseContent } from './messages.ts';
import type { EmitMetrics } from './metrics.ts';

export interface OnScalingPorts extends ScalingPorts {
  readonly deadLetters: Pick<InspectionQueue, 'reject'>;
}

export interface OnScalingOptions {
  readonly ports: OnScalingPorts;
  readonly logger: Logger;
  /** Absent where nothing is emitted. */
  readonly metrics?: EmitMetrics;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An event that fails returns to the queue alone; one that is malformed is put aside with the reason. */
export function onScalingMessages(event: unknown, options: OnScalingOptions): Promise<SQSBatchResponse> {
  return eachMessage(event, { inParallel: true, logger: options.logger }, (record) => recordOne(record, options));
}

async function recordOne(
  { messageId, body }: SQSRecord,
  { ports, logger, metrics, now }: OnScalingOptions,
): Promise<void> {
  const read = readBody(body);
  try {
    const outcome: ScalingOutcome =
      read.kind === 'event'
        ? await recordScaling(read.event, ports, now)
        : { kind: read.kind === 'malformed' ? 'refused' : 'ignored', reason: read.reason };
    if (outcome.kind === 'refused') {
      logger.error('Put a scaling event aside.', { messageId, reason: outcome.reason });
      await ports.deadLetters.reject(body, outcome.reason);
    } else if (outcome.kind === 'unknown_account') {
      logger.warn('Ignored a scaling event of an account that no tenant has.', { messageId, reason: outcome.reason });
      metrics?.({ UnknownAccounts: 1 });
    } else if (outcome.kind === 'ignored') logger.info('Ignored an event.', { messageId, reason: outcome.reason });
    else logger.info('Recorded a scaling event.', { messageId, recorded: outcome.of });
  } catch (error) {
    logger.error('A scaling event was not recorded; its message goes back to the queue.', { messageId, error });
    throw error;
  }
}

type ReadBody = ReadEvent | { readonly kind: 'event'; readonly event: ScalingEvent };

/** What EventBridge forwards names its source; what the HTTP API took is an event of ours. */
function readBody(body: string): ReadBody {
  const parsed = parseBody(z.looseObject({}), body);
  if (parsed.kind === 'malformed') return parsed;
  if (Object.hasOwn(parsed.value, 'detail-type')) return readAutoScalingEvent(parsed.value);
  const event = parseContent(scalingEventSchema, parsed.value);
  return event.kind === 'malformed' ? event : { kind: 'event', event: event.value };
}
