/** The pages of one question to CloudWatch: counted, checked, bounded, and a failure is a value and not an exception. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import { attemptsOf, failureOf } from '../aws/errors.ts';
import type { Failure } from '../reading/failure.ts';

/** With whom, at whose expense and until when a read asks. */
export interface RequestContext {
  readonly client: CloudWatchClient;
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

export interface Question<Page> {
  readonly call: 'ListMetrics' | 'GetMetricData';
  /** Metrics that each page is billed for. */
  readonly metricsBilled: number;
  /** Pages after which the answer counts as one that never ends. */
  readonly maxPages: number;
  readonly schema: z.ZodType<Page>;
  send(token: string | undefined): Promise<{ readonly $metadata: { readonly attempts?: number | undefined } }>;
}

export type Answer<Page> =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause?: unknown };

/** Follows the tokens. A failure is the last answer: pages that came before it stand. */
export async function* pagesOf<Page extends { readonly NextToken?: string | undefined }>(
  context: RequestContext,
  question: Question<Page>,
): AsyncGenerator<Answer<Page>> {
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const answer = await ask(context, question, token);
    yield answer;
    if (answer.kind === 'failed') return;
    token = answer.page.NextToken;
    if (token === undefined) return;
    if (tokens.has(token) || tokens.size + 1 >= question.maxPages) {
      yield { kind: 'failed', failure: endless(question.call) };
      return;
    }
    tokens.add(token);
  } while (true);
}

/** An answer that is not what CloudWatch documents. */
export function malformedAnswer(error: z.ZodError): Failure {
  const what = describeIssues(error)[0];
  return { reason: 'malformed', retryable: false, detail: `CloudWatch’s answer is not as documented: ${what}` };
}

/** The client's own retries are requests that leave, so the meter counts them; only the one that is answered is billed. */
async function ask<Page>(
  context: RequestContext,
  question: Question<Page>,
  token: string | undefined,
): Promise<Answer<Page>> {
  const { meter, signal } = context;
  const { call, metricsBilled, schema, send } = question;
  if (signal.aborted) return { kind: 'failed', failure: failureOf(signal.reason, signal) };
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

function endless(call: string): Failure {
  return { reason: 'truncated', retryable: false, detail: `${call} gives further pages without end` };
}
