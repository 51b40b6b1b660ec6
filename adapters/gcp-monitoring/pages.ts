/** The pages of one query to Cloud Monitoring: counted and checked. */
import type { MetricServiceClient } from '@google-cloud/monitoring';
import { status } from '@grpc/grpc-js';
import type * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { InRegion, Scope } from '../../core/model/series.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import { failureOf, failureOfStatus, statusOf } from '../gcp/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { failureIn, type PageOrFailure, paginate } from '../reading/paginate.ts';
import type { Retries } from '../reading/retry.ts';
import { pageSchema, type SeriesPage } from './answers.ts';
import { type Query, requestFor } from './requests.ts';

/** What every request of one read shares: the client, the scope, the meter that counts it, and what ends it. */
export interface RequestContext {
  readonly client: MetricServiceClient;
  readonly scope: InRegion<Scope>;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  /** Milliseconds that one call may take. */
  readonly deadlineMs: number;
  readonly retries: Retries;
}

/** Pages of 100,000 points after which an answer counts as one without end: a million hosts of 100 hours have 4,000. */
export const MAX_PAGES = 4_000;

/** The call's name, for the meter and for messages. */
export const CALL = 'ListTimeSeries';

/** Follows the tokens, as `paginate` does. */
export function pagesOf(context: RequestContext, query: Query): AsyncGenerator<PageOrFailure<SeriesPage>> {
  return paginate({
    subject: CALL,
    maxPages: MAX_PAGES,
    signal: context.signal,
    request: (token = '') => requestPage(context, query, token),
    nextToken: ({ nextPageToken }) => nextPageToken,
  });
}

/** An answer that is not what Cloud Monitoring documents. */
export function malformed(error: z.ZodError): Failure {
  return undocumented(describeIssues(error)[0] ?? error.message);
}

export function undocumented(what: string): Failure {
  return failureFor('malformed', `Cloud Monitoring’s answer is not as documented: ${what}`);
}

/** Why an answer may be incomplete, by its own errors; undefined where it is complete. */
export function incompleteness({ executionErrors }: SeriesPage): Failure | undefined {
  const [first] = executionErrors;
  return first && failureOfStatus({ code: first.code, details: first.message });
}

/** Requests the first page (an empty token), or the one behind a token, again where its failure may pass. Does not throw. */
export function requestPage(
  context: RequestContext,
  query: Query,
  pageToken: string,
): Promise<PageOrFailure<SeriesPage>> {
  return context.retries.attempt(() => tryPage(context, query, pageToken), failureIn, context.signal);
}

/**
 * Reading is billed by the series that come
 * back, and an answer without any as one. A further page is counted again: the price list does not state that it is free.
 */
async function tryPage(context: RequestContext, query: Query, pageToken: string): Promise<PageOrFailure<SeriesPage>> {
  const { client, scope, meter, signal, deadlineMs } = context;
  try {
    const [, , response] = await client.listTimeSeries(
      { ...requestFor(scope, query), pageToken },
      // Without retries the client tries a call once.
      { autoPaginate: false, signal, timeout: deadlineMs, retry: null },
    );
    const parsed = parseInput(pageSchema, response);
    const series = parsed.success ? parsed.data.timeSeries.length : 0;
    meter.count(CALL, Math.max(1, series));
    return parsed.success ? { kind: 'page', page: parsed.data } : { kind: 'failed', failure: malformed(parsed.error) };
  } catch (cause) {
    const end = statusOf(cause);
    // What fails before it leaves has no status.
    if (end !== undefined) meter.count(CALL);
    const failure = failureOf(cause, signal);
    const lostPage = pageToken !== '' && end?.code === status.INVALID_ARGUMENT;
    return { kind: 'failed', failure: lostPage ? { ...failure, reason: 'truncated' } : failure, cause };
  }
}
