/** What an inspect function does with an event: a batch from its queue, or a request that somebody invoked it with. */
import type { SQSBatchResponse } from 'aws-lambda';
import type * as z from 'zod';
import { answerRequest } from '../core/inspection/answer-request.ts';
import { type InspectionResult, inspectionResultSchema, refusedResult } from '../core/model/inspection-result.ts';
import { inspectionRequestSchema, triggerOf } from '../core/model/message.ts';
import { LEAK_METRIC } from '../core/model/metrics.ts';
import { encoded } from '../core/model/notation.ts';
import { type InspectMessagesOptions, inspectMessages, logRegions } from './inspect-messages.ts';
import { isBatch, lengthIssue, type Parsed, parseContent } from './messages.ts';
import { runMetrics } from './metrics.ts';

export type { InvocationContext } from './inspect-messages.ts';

/** To a batch the messages that failed; to a request its result, with ISO times. */
export type InspectAnswer = SQSBatchResponse | z.input<typeof inspectionResultSchema>;

export async function inspectEvent(event: unknown, options: InspectMessagesOptions): Promise<InspectAnswer> {
  if (isBatch(event)) return inspectMessages(event, options);
  return encoded(inspectionResultSchema, await answerEvent(event, options));
}

/** What is wrong with a request is in its answer: whoever invoked the function reads that, and not its log. */
async function answerEvent(event: unknown, options: InspectMessagesOptions): Promise<InspectionResult> {
  const { ports, logger, context, now, metrics } = options;
  const parsed = parseEvent(event);
  if (parsed.kind === 'malformed') {
    logger.warn('Refused an event that requests no inspection.', { reason: parsed.reason });
    return refusedResult(parsed.reason);
  }
  const request = parsed.value;
  const { tenant, account, id = context.awsRequestId } = request;
  const facts = { tenant, account, id, trigger: triggerOf(request) };
  const began = context.getRemainingTimeInMillis();
  const deadline = { now, totalMs: began, remainingMs: () => context.getRemainingTimeInMillis() };
  const requested = { request, metric: LEAK_METRIC, invocationId: context.awsRequestId };
  const { result, inspected } = await answerRequest(requested, ports, deadline);
  if (inspected) {
    logRegions(logger, facts, inspected);
    metrics?.(runMetrics(inspected, (began - context.getRemainingTimeInMillis()) / 1000));
  }
  logger.info('Answered a request.', { ...facts, outcome: result.outcome, reason: result.reason });
  return result;
}

function parseEvent(event: unknown): Parsed<z.output<typeof inspectionRequestSchema>> {
  let tooLong: string | undefined;
  try {
    tooLong = lengthIssue(JSON.stringify(event) ?? '');
  } catch {
    // The writer of JSON gives up at some thousand levels.
    tooLong = 'is nested too deeply for a request';
  }
  return tooLong === undefined ? parseContent(inspectionRequestSchema, event) : { kind: 'malformed', reason: tooLong };
}
