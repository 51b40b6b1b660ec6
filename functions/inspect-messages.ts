/** What every inspect function does with a batch from its queue; the functions differ in the source that they open. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { InspectionPorts, OpenRegion, RegionsInspected } from '../core/inspection/inspect-regions.ts';
import type { RegionRun } from '../core/inspection/region-run.ts';
import { runInspection } from '../core/inspection/run-inspection.ts';
import { type InspectMessage, inspectMessageSchema } from '../core/model/message.ts';
import { LEAK_METRIC } from '../core/model/metrics.ts';
import type { RunSummary } from '../core/model/run.ts';
import { isJobMessage, type RunJobPorts } from '../core/points/run-job.ts';
import { UnderWayError } from '../core/ports/errors.ts';
import { inspectJobMessage } from './inspect-job.ts';
import { eachMessage, parseBody } from './messages.ts';
import { type EmitMetrics, runMetrics } from './metrics.ts';

/** The part of Lambda's context that is used, so that a test or the demo can pass its own. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
  /** The same on every try of an invocation. */
  readonly awsRequestId?: string;
}

export interface InspectMessagesOptions {
  readonly ports: InspectionPorts & RunJobPorts;
  readonly logger: Logger;
  readonly context: InvocationContext;
  /** Absent where nothing is emitted. */
  readonly metrics?: EmitMetrics;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Inspects what the batch requests, one message after the other. A message that fails returns to the queue alone; one that
 * cannot be parsed goes to the dead-letter queue for a person; an event that is no batch at all is logged and dropped.
 */
export async function inspectMessages(event: unknown, options: InspectMessagesOptions): Promise<SQSBatchResponse> {
  // Inspections share the function's memory and time: in parallel a batch would peak with all of its hosts at once.
  return eachMessage(event, { inParallel: false, logger: options.logger }, (record) => inspectRecord(record, options));
}

async function inspectRecord({ messageId, body }: SQSRecord, options: InspectMessagesOptions): Promise<void> {
  const { ports, logger, context, now, metrics } = options;
  const began = context.getRemainingTimeInMillis();
  const putAside = (rest: string, reason: string) => {
    logger.error('Put a message that requests no inspection on the dead-letter queue.', { messageId, reason });
    metrics?.({ Refused: 1 });
    return ports.queue.reject(rest, reason);
  };
  const parsed = parseBody(inspectMessageSchema, body);
  if (parsed.kind === 'malformed') return putAside(body, parsed.reason);
  const message = parsed.value;
  const run = { messageId, tenant: message.tenant, account: message.account, scheduledTime: message.scheduledTime };
  try {
    if (isJobMessage(message)) return await inspectJobMessage(message, { ...options, putAside });
    const deadline = { now, totalMs: began, remainingMs: () => context.getRemainingTimeInMillis() };
    const outcome = await runInspection({ message, metric: LEAK_METRIC }, ports, deadline);
    if (outcome.kind === 'refused') return await putAside(body, outcome.reason);
    if (outcome.kind === 'skipped') {
      logger.warn('Skipped an inspection.', { ...run, reason: outcome.reason });
      metrics?.({ Skipped: 1 });
      return;
    }
    logRegions(logger, run, outcome);
    metrics?.(runMetrics(outcome, (began - context.getRemainingTimeInMillis()) / 1000));
    const { setAside } = outcome;
    if (setAside) await putAside(JSON.stringify({ ...message, regions: setAside.regions }), setAside.reason);
  } catch (error) {
    if (error instanceof UnderWayError) {
      logger.info('Another function inspects this; the message comes again in case that one is ended.', {
        ...run,
        error,
      });
      throw error;
    }
    logger.error('An inspection failed; its message goes back to the queue.', { ...run, error });
    metrics?.({ FailedRuns: 1 });
    throw error;
  }
}

/** The log lines of an inspection, whoever requested it. */
export function logRegions(
  logger: Logger,
  run: object,
  { regions, results, unrecorded, waiting, open, gaveWay }: RegionsInspected,
): void {
  for (const summary of gaveWay) logStaleRun(logger, summary);
  for (const region of regions) logRegion(logger, run, region);
  for (const region of open) logOpenRegion(logger, run, region);
  const answered = results.length - regions.length - open.length;
  if (answered > 0) logger.info('Answered regions without inspecting them.', { ...run, answered });
  const namesOf = (messages: readonly InspectMessage[]) => messages.flatMap((message) => message.regions ?? []);
  if (waiting.length > 0) logger.info('Left regions to a continuation.', { ...run, regions: namesOf(waiting) });
  if (unrecorded.length > 0)
    logger.warn('Left findings to a continuation that could not be recorded in time.', {
      ...run,
      regions: namesOf(unrecorded),
    });
}

/** A run that is closed as partial, because nobody works on it any more. */
export function logStaleRun(logger: Logger, summary: RunSummary): void {
  logger.error('Closed an inspection that made no progress any more.', { tenant: summary.tenant, summary });
}

/** A region that this invocation did not finish. */
function logOpenRegion(logger: Logger, run: object, { kind, delivery, ...open }: OpenRegion): void {
  const facts = { ...run, ...open, published: delivery?.published };
  for (const { id, detail } of delivery?.undeliverable ?? [])
    logger.error('Dropped an event that its topic will never accept.', { ...run, event: id, detail });
  const [level, message] = OPEN_REGION[kind];
  logger[level](message, facts);
}

const OPEN_REGION = {
  continued: ['info', 'Inspected a part of a region; a continuation goes on with it.'],
  under_way: ['info', 'Left a region to the functions that inspect it.'],
  overrun: ['warn', 'Did not begin an inspection: the one before has not ended.'],
  skipped: ['info', 'Did not inspect a region again.'],
} as const satisfies Record<OpenRegion['kind'], readonly ['info' | 'warn', string]>;

function logRegion(
  logger: Logger,
  run: object,
  { summary, delivery, superseded, recorded, unrecorded, compared }: RegionRun,
): void {
  const facts = { ...run, superseded, summary, compared, published: delivery.published, recorded, unrecorded };
  for (const { id, detail } of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { ...run, event: id, detail });
  if (delivery.failed.length > 0) {
    logger.error('Inspected a region; its topic did not accept every event: the rest stays in the outbox.', {
      ...facts,
      failed: delivery.failed,
    });
  } else if (summary.outcome === 'partial') {
    logger.warn('Inspected a region in part.', facts);
  } else if (compared) {
    logger.info('Compared the new hosts of a group.', facts);
  } else if (summary.hosts.known === 0) {
    logger.warn('Inspected a region without a host: check whether its filters admit any.', facts);
  } else if (summary.stoppedReporting.length > 0) {
    logger.warn('Inspected a region in which agents have stopped reporting.', facts);
  } else {
    logger.info('Inspected a region.', facts);
  }
}
