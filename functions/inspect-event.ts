/** What an inspect function does with an event: a batch from its queue, or a request that it was invoked with: to inspect, or to read a host. */
import type { SQSBatchResponse } from 'aws-lambda';
import type * as z from 'zod';
import { answerHostRead } from '../core/inspection/answer-host-read.ts';
import { answerRequest } from '../core/inspection/answer-request.ts';
import { clip } from '../core/messages/plain-text.ts';
import {
  type HostReadAnswer,
  hostReadAnswerSchema,
  hostReadRequestSchema,
  refusedRead,
} from '../core/model/host-memory.ts';
import { type InspectionResult, inspectionResultSchema, refusedResult } from '../core/model/inspection-result.ts';
import { inspectionRequestSchema, triggerOf } from '../core/model/message.ts';
import { LEAK_METRIC } from '../core/model/metrics.ts';
import { encoded } from '../core/model/notation.ts';
import {
  type PointReadAnswer,
  pointReadAnswerSchema,
  pointReadRequestSchema,
  refusedPoints,
} from '../core/model/point-read.ts';
import { answerPointRead } from '../core/points/answer-point-read.ts';
import { type InspectMessagesOptions, inspectMessages, logRegions } from './inspect-messages.ts';
import type { InspectPorts } from './inspection-ports.ts';
import { isBatch, lengthIssue, type Parsed, parseContent } from './messages.ts';
import { runMetrics } from './metrics.ts';

export type { InvocationContext } from './inspect-messages.ts';

/** To a batch the messages that failed; to a request its result, with ISO times; of a host its memory, or a metric of it. */
export type InspectAnswer =
  | SQSBatchResponse
  | z.input<typeof inspectionResultSchema>
  | HostReadAnswer
  | PointReadAnswer;

/** Characters of a reason in an answer. */
const REASON_LENGTH = 2000;

const JOB_REASON =
  'job: a job is inspected by its schedule alone. plimsoll inspect --metric inspects at any other time.';

export interface InspectEventOptions extends InspectMessagesOptions {
  readonly ports: InspectPorts;
}

export async function inspectEvent(event: unknown, options: InspectEventOptions): Promise<InspectAnswer> {
  if (isBatch(event)) return inspectMessages(event, options);
  if (isOfKind(event, 'read_host')) return hostReadAnswerSchema.parse(await readEvent(event, options));
  if (isOfKind(event, 'read_points')) return pointReadAnswerSchema.parse(await readPointsEvent(event, options));
  return encoded(inspectionResultSchema, await answerEvent(event, options));
}

/** Whether a host, or a metric of one, is to be read, well-formed or not. */
function isOfKind(event: unknown, kind: 'read_host' | 'read_points'): boolean {
  return typeof event === 'object' && event !== null && 'kind' in event && event.kind === kind;
}

/** As with a request for an inspection, what is wrong with it is in the answer. */
async function readEvent(
  event: unknown,
  { ports, logger, context, now }: InspectEventOptions,
): Promise<HostReadAnswer> {
  const parsed = parseEvent(hostReadRequestSchema, event);
  if (parsed.kind === 'malformed') {
    logger.warn('Refused an event that requests to read a host.', { reason: parsed.reason });
    return refusedRead('malformed', clip(parsed.reason, REASON_LENGTH));
  }
  const request = parsed.value;
  const { tenant, provider, account, region, host } = request;
  const totalMs = context.getRemainingTimeInMillis();
  const deadline = { now, totalMs, remainingMs: () => context.getRemainingTimeInMillis() };
  const answer = await answerHostRead({ request, metric: LEAK_METRIC }, ports, deadline);
  const facts = { tenant, provider, account, region, host, ms: totalMs - context.getRemainingTimeInMillis() };
  if (answer.outcome === 'refused') {
    logger.warn('Refused to read a host.', { ...facts, refusal: answer.refusal, reason: answer.reason });
  } else {
    const { verdict, cost, unreadable } = answer.memory;
    logger.info('Read a host.', { ...facts, verdict, cost, unreadable });
  }
  return answer;
}

async function readPointsEvent(
  event: unknown,
  { ports, logger, context, now }: InspectEventOptions,
): Promise<PointReadAnswer> {
  const parsed = parseEvent(pointReadRequestSchema, event);
  if (parsed.kind === 'malformed') {
    logger.warn('Refused an event that requests to read a metric of a host.', { reason: parsed.reason });
    return refusedPoints('malformed', clip(parsed.reason, REASON_LENGTH));
  }
  const request = parsed.value;
  const { tenant, provider, account, region, host, metric } = request;
  const totalMs = context.getRemainingTimeInMillis();
  const deadline = { now, totalMs, remainingMs: () => context.getRemainingTimeInMillis() };
  const answer = await answerPointRead(request, ports, deadline);
  const ms = totalMs - context.getRemainingTimeInMillis();
  const facts = { tenant, provider, account, region, host, metric, ms };
  if (answer.outcome === 'refused')
    logger.warn('Refused to read a metric of a host.', { ...facts, refusal: answer.refusal, reason: answer.reason });
  else logger.info('Read a metric of a host.', { ...facts, points: answer.view.points });
  return answer;
}

/** What is wrong with a request is in its answer: whoever invoked the function reads that, and not its log. */
async function answerEvent(event: unknown, options: InspectMessagesOptions): Promise<InspectionResult> {
  const { ports, logger, context, now, metrics } = options;
  const parsed = parseEvent(inspectionRequestSchema, event);
  if (parsed.kind === 'malformed') {
    logger.warn('Refused an event that requests no inspection.', { reason: parsed.reason });
    return refusedResult(parsed.reason);
  }
  const request = parsed.value;
  if (request.job !== undefined) return refusedResult(JOB_REASON);
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

function parseEvent<Schema extends z.ZodType>(schema: Schema, event: unknown): Parsed<z.output<Schema>> {
  let tooLong: string | undefined;
  try {
    tooLong = lengthIssue(JSON.stringify(event) ?? '');
  } catch {
    // The writer of JSON gives up at some thousand levels.
    tooLong = 'is nested too deeply for a request';
  }
  return tooLong === undefined ? parseContent(schema, event) : { kind: 'malformed', reason: tooLong };
}
