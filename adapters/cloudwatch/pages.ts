/** The pages of one request to CloudWatch: counted and checked. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import { failureOf, hasLeft } from '../aws/errors.ts';
import { type Failure, failureFor, OUT_OF_TIME } from '../reading/failure.ts';
import { failureIn, type PageOrFailure, paginate } from '../reading/paginate.ts';
import type { Retries } from '../reading/retry.ts';
import type { Pace } from './pace.ts';

/** What every request of one read shares: the client, the meter that counts it, and the signal that ends it. */
export interface RequestContext {
  readonly client: CloudWatchClient;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly retries: Retries;
  /** When a request for samples may leave. */
  readonly pace: Pace;
}

export interface PageRequest<Page> {
  readonly call: 'ListMetrics' | 'GetMetricData';
  /** Metrics that each page is billed for. */
  readonly metricsBilled: number;
  /** Points that a page may have; absent where it has none. */
  readonly points?: number;
  readonly schema: z.ZodType<Page>;
  send(token: string | undefined): Promise<unknown>;
  /** An answer's JSON as the client would give it. Used where the client gives up a page because of one malformed field. */
  readonly fromJson?: (body: unknown) => unknown;
}

export interface PagedRequest<Page> extends PageRequest<Page> {
  /** Pages after which the answer counts as one without end. */
  readonly maxPages: number;
}

/** Follows the tokens, as `paginate` does. */
export function pagesOf<Page extends { readonly NextToken?: string | undefined }>(
  context: RequestContext,
  request: PagedRequest<Page>,
): AsyncGenerator<PageOrFailure<Page>> {
  return paginate({
    subject: request.call,
    maxPages: request.maxPages,
    signal: context.signal,
    request: (token) => requestPage(context, request, token),
    nextToken: ({ NextToken }) => NextToken,
  });
}

/** An answer that is not what CloudWatch documents. */
export function malformedAnswer(error: z.ZodError): Failure {
  return failureFor('malformed', `CloudWatch’s answer is not as documented: ${describeIssues(error)[0]}`);
}

/** Requests the first page, or the one behind a token, again where its failure may pass. Does not throw. */
export function requestPage<Page>(
  context: RequestContext,
  request: PageRequest<Page>,
  token: string | undefined,
): Promise<PageOrFailure<Page>> {
  return context.retries.attempt(() => tryInTurn(context, request, token), failureIn, context.signal);
}

async function tryInTurn<Page>(
  context: RequestContext,
  request: PageRequest<Page>,
  token: string | undefined,
): Promise<PageOrFailure<Page>> {
  const { pace, signal } = context;
  try {
    if (request.points !== undefined) await pace(request.points, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return { kind: 'failed', failure: OUT_OF_TIME, cause: error };
  }
  return await tryPage(context, request, token);
}

/** The meter counts what leaves; only what is answered is billed. */
async function tryPage<Page>(
  { meter, signal }: RequestContext,
  request: PageRequest<Page>,
  token: string | undefined,
): Promise<PageOrFailure<Page>> {
  const { call, metricsBilled, schema, send } = request;
  try {
    const output = await send(token);
    meter.count(call, metricsBilled);
    const parsed = parseInput(schema, output);
    return parsed.success
      ? { kind: 'page', page: parsed.data }
      : { kind: 'failed', failure: malformedAnswer(parsed.error) };
  } catch (error) {
    const page = pageInSpiteOf(error, request);
    if (page !== undefined) {
      meter.count(call, metricsBilled);
      return { kind: 'page', page };
    }
    if (hasLeft(error)) meter.count(call);
    return { kind: 'failed', failure: failureOf(error, signal), cause: error };
  }
}

/** What the client leaves on an error of its parser; client.ts has read the body into memory. */
const unparsedSchema = z.object({
  $response: z.object({ statusCode: z.literal(200), body: z.instanceof(Uint8Array) }),
});

/** The client throws an entire page away where one time of one series is no number. Whatever else is in the page is good. */
function pageInSpiteOf<Page>(error: unknown, { schema, fromJson }: PageRequest<Page>): Page | undefined {
  const body = unparsedSchema.safeParse(error).data?.$response.body;
  if (body === undefined || fromJson === undefined) return undefined;
  try {
    return schema.safeParse(fromJson(JSON.parse(Buffer.from(body).toString()))).data;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
