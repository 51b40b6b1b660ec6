/** Answers a request of a sender, and counts what became of it: a refusal is a line of the log and a metric. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { otlpAnswer } from '../adapters/otlp/answer.ts';
import { type ReceivePorts, receiveMetrics } from '../core/ingest/receive.ts';
import { rejectedTotal } from '../core/ingest/rejections.ts';
import { type SelectPorts, selectForHost, selectionTagOf } from '../core/ingest/select.ts';
import type { IngestOutcome, RefusedRequest } from '../core/model/ingest-outcome.ts';
import type { EmitMetrics } from './metrics.ts';
import { readSenderRequest, type SenderRequest } from './sender-request.ts';

export interface SenderPorts extends ReceivePorts, SelectPorts {}

export interface AnswerContext {
  readonly ports: SenderPorts;
  readonly logger: Logger;
  readonly emit: EmitMetrics;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Throws nothing that is expected. */
export async function answerSender(event: unknown, context: AnswerContext): Promise<APIGatewayProxyStructuredResultV2> {
  const request = readSenderRequest(event);
  if (request === undefined) return { statusCode: 404 };
  return request.route === 'metrics' ? answerMetrics(request, context) : answerSelections(request, context);
}

/** The header of an answer to samples that has the ETag of GET /v1/selections: a host that has these does not request them. */
const SELECTIONS_TAG = 'plimsoll-selections';

async function answerMetrics(
  { headers, body }: SenderRequest,
  { ports, logger, emit, now }: AnswerContext,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { authorization, 'content-type': contentType, 'content-encoding': contentEncoding } = headers;
  const outcome = await receiveMetrics({ authorization, contentType, contentEncoding, body }, ports, now, (error) =>
    logger.error('Samples could not be queued; they are sent again.', { error }),
  );
  if (outcome.kind === 'refused') noteRefusal(outcome, { logger, emit });
  else noteAccepted(outcome, { logger, emit });
  const answer = otlpAnswer(outcome, contentType);
  const tag =
    outcome.kind === 'refused'
      ? undefined
      : await selectionTagOf(outcome, ports, now, (error) =>
          logger.error('Selections could not be read; they are requested.', { error }),
        );
  return {
    statusCode: answer.status,
    headers: { ...answer.headers, ...(tag !== undefined && { [SELECTIONS_TAG]: tag }) },
    body: Buffer.from(answer.body).toString('base64'),
    isBase64Encoded: true,
  };
}

async function answerSelections(
  { headers, query }: SenderRequest,
  { ports, logger, emit, now }: AnswerContext,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { authorization, 'if-none-match': ifNoneMatch } = headers;
  const outcome = await selectForHost({ authorization, ifNoneMatch, attributes: query }, ports, now, (error) =>
    logger.error('Selections could not be read; they are requested again.', { error }),
  );
  if (outcome.kind === 'refused') {
    noteRefusal(outcome, { logger, emit });
    const { status, headers: refusing, body } = otlpAnswer(outcome, 'application/json');
    return { statusCode: status, headers: { ...refusing }, body: Buffer.from(body).toString() };
  }
  const { etag, answer, maxAgeS, isKnown } = outcome;
  const shared = { etag, 'cache-control': `private, max-age=${maxAgeS}` };
  if (isKnown) return { statusCode: 304, headers: shared };
  return {
    statusCode: 200,
    headers: { ...shared, 'content-type': 'application/json' },
    body: JSON.stringify(answer),
  };
}

type Notes = Pick<AnswerContext, 'logger' | 'emit'>;

function noteRefusal(
  { status: statusCode, refusal, sender, message: reason }: RefusedRequest,
  { logger, emit }: Notes,
) {
  emit({ SendersRefused: 1 });
  logger.warn('Refused a request of a sender.', { ...sender, statusCode, refusal, reason });
}

/** What is accepted entirely leaves no line: senders send for years, and each line is paid for. */
function noteAccepted(outcome: Extract<IngestOutcome, { kind: 'accepted' }>, { logger, emit }: Notes) {
  const { sender, hosts, series, acceptedPoints: accepted, rejectedPoints, message: reason } = outcome;
  const rejected = rejectedTotal(rejectedPoints);
  const facts = { ...sender, hosts, series, accepted };
  if (rejected === 0) {
    logger.debug('Queued samples.', facts);
    return;
  }
  emit({ SamplesRejected: rejected });
  logger.warn('Queued samples, and rejected some.', { ...facts, rejected, reason });
}
