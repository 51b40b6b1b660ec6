/** The pages of one request to CloudWatch: counted and checked. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import { attemptsOf, failureOf } from '../aws/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { type PageOrFailure, paginate } from '../reading/paginate.ts';

/** What every request of one read shares: the client, the meter that counts it, and the signal that ends it. */
export interface RequestContext {
  readonly client: CloudWatchClient;
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

export interface PagedRequest<Page> {
  readonly call: 'ListMetrics' | 'GetMetricData';
  /** Metrics that each page is billed for. */
  readonly metricsBilled: number;
  /** Pages after which the answer counts as one without end. */
  readonly maxPages: number;
  readonly schema: z.ZodType<Page>;
  send(token: string | undefined): Promise<{ readonly $metadata: { readonly attempts?: number | undefined } }>;
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

/** The client's own retries are requests that leave, so the meter counts them; only the answered one is billed. */
async function requestPage<Page>(
  { meter, signal }: RequestContext,
  { call, metricsBilled, schema, send }: PagedRequest<Page>,
  token: string | undefined,
): Promise<PageOrFailure<Page>> {
  try {
    const output = await send(token);
    meter.count(call, metricsBilled);
    for (let retry = 1; retry < (output.$metadata.attempts ?? 1); retry++) meter.count(call);
    const parsed = schema.safeParse(output);
    return parsed.success
      ? { kind: 'page', page: parsed.data }
      : { kind: 'failed', failure: malformedAnswer(parsed.error) };
  } catch (error) {
    for (let attempt = 0; attempt < attemptsOf(error); attempt++) meter.count(call);
    return { kind: 'failed', failure: failureOf(error, signal), cause: error };
  }
}
