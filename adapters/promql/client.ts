/** Requests to the HTTP API: authorised, bounded in time and bytes, tried again where that may help, counted and checked. */
import type * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Scope, Window } from '../../core/model/series.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { Retries } from '../reading/retry.ts';
import { errorSchema, matrixSchema, vectorSchema } from './answers.ts';
import { readText } from './body.ts';
import type { IncomingAnswer, OutgoingRequest, PromqlConnection } from './connection.ts';
import { failureOfAnswer, failureOfError, failureOfRedirect, failureOfText, oneLine, undocumented } from './errors.ts';

/** What every request of one read shares: the connection, the scope, the meter that counts it, and what ends it. */
export interface RequestContext {
  readonly connection: PromqlConnection;
  readonly scope: Scope;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly retries: Retries;
  /** Milliseconds that one request may take, and bytes that are read of its answer, unpacked. */
  readonly deadlineMs: number;
  readonly maxBytes: number;
}

/** The result of a request, and why it may be incomplete; undefined where the server states nothing about that. */
export type Answer<Data> =
  | { readonly kind: 'answered'; readonly data: Data; readonly incomplete: Failure | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause?: unknown };

/** An answer of the API, below /api/v1. */
interface Call<Data> {
  readonly path: 'query' | 'query_range' | 'status/buildinfo';
  readonly form: readonly (readonly [name: string, value: string])[];
  readonly schema: z.ZodType<{ readonly data: Data; readonly warnings?: readonly string[] | null | undefined }>;
}

/** Series in an answer at the most. Servers that do not know the parameter are bounded by bytes. */
const MAX_SERIES = 200_000;

/** The server stops a query this long before nobody waits for it any more. */
const SERVER_MARGIN_MS = 5_000;

/** The series that an expression has at a time. */
export async function queryInstant(context: RequestContext, query: string, time: number) {
  const form = [['query', query], ['time', secondsText(time)], ...bounds(context)] as const;
  return await request(context, { path: 'query', form, schema: vectorSchema });
}

/**
 * The series of an expression with a point at the end of each period of a window: a multiple of the step, because Thanos, VictoriaMetrics
 * and others before a server round the times of requests to such.
 */
export async function queryRange(context: RequestContext, query: string, window: Window, periodMs: number) {
  const form = [
    ['query', query],
    ['start', secondsText(window.start + periodMs)],
    ['end', secondsText(window.end)],
    ['step', String(periodMs / 1000)],
    ...bounds(context),
  ] as const;
  return await request(context, { path: 'query_range', form, schema: matrixSchema });
}

function bounds({ deadlineMs }: RequestContext) {
  const timeout = Math.max(1, Math.floor((deadlineMs - SERVER_MARGIN_MS) / 1000));
  return [['timeout', `${timeout}s`] as const, ['limit', String(MAX_SERIES)] as const];
}

/** Does not throw. */
export function request<Data>(context: RequestContext, call: Call<Data>): Promise<Answer<Data>> {
  return context.retries.attempt(
    () => tryRequest(context, call),
    (answer) => (answer.kind === 'failed' ? answer.failure : undefined),
    context.signal,
  );
}

async function tryRequest<Data>(context: RequestContext, call: Call<Data>): Promise<Answer<Data>> {
  const { connection, meter, signal, deadlineMs, maxBytes } = context;
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = AbortSignal.any([signal, deadline]);
  const { host } = connection.url;
  try {
    const send = async (outgoing: OutgoingRequest) => {
      const authorised = await connection.authorise(outgoing, either);
      meter.count(call.path);
      return await connection.http({ ...outgoing, headers: { ...outgoing.headers, ...authorised } }, either);
    };
    const outgoing = outgoingOf(connection, call);
    let incoming = await send(outgoing);
    if (outgoing.method === 'POST' && (incoming.status === 405 || incoming.status === 501)) {
      incoming.body.destroy();
      readOnly.add(connection);
      const shorter = outgoingOf(connection, call);
      if (shorter.method === 'POST') return failed(TOO_LONG_FOR_GET);
      incoming = await send(shorter);
    }
    return await readAnswer(incoming, { url: outgoing.url, schema: call.schema, maxBytes });
  } catch (cause) {
    const end = { ended: signal.aborted, timedOut: deadline.aborted, host };
    return { kind: 'failed', failure: failureOfError(cause, end), cause };
  }
}

/** Servers behind a proxy that lets nothing but GET through, as it has answered: Grafana's has a switch for that, others only this. */
const readOnly = new WeakSet<PromqlConnection>();

/** Characters of a query in a URL that every proxy takes. */
const MAX_QUERY = 8_000;

const TOO_LONG_FOR_GET = failureFor(
  'truncated',
  'the server takes GET alone (a proxy refuses POST), and the request is too long for a URL: allow POST for /api/v1',
);

function outgoingOf(connection: PromqlConnection, { path, form }: Call<unknown>): OutgoingRequest {
  const { url, orgId } = connection;
  const text = new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString();
  const isRead = form.length === 0 || (readOnly.has(connection) && text.length <= MAX_QUERY);
  const query = isRead && text !== '' ? `?${text}` : '';
  return {
    url: new URL(`${url.href.replace(/\/+$/, '')}/api/v1/${path}${query}`),
    method: isRead ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(!isRead && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(orgId !== undefined && { 'x-scope-orgid': orgId }),
    },
    body: isRead ? '' : text,
  };
}

interface Expected<Data> extends Pick<Call<Data>, 'schema'> {
  readonly url: URL;
  readonly maxBytes: number;
}

async function readAnswer<Data>(
  incoming: IncomingAnswer,
  { url, schema, maxBytes }: Expected<Data>,
): Promise<Answer<Data>> {
  const { status, headers } = incoming;
  if (status >= 300 && status < 400) {
    incoming.body.destroy();
    return failed(failureOfRedirect(status, headers['location'], url));
  }
  const json = parseJson(await readText(incoming, maxBytes));
  const stated = errorSchema.safeParse(json).data;
  if (status >= 400 || stated !== undefined) {
    return failed(failureOfAnswer({ status, retryAfter: headers['retry-after'], stated }));
  }
  if (json === undefined) return failed(failureOfText(headers['content-type']));
  const { data: answer, error } = parseInput(schema, json);
  if (error) return failed(undocumented(faultOf(error)));
  return { kind: 'answered', data: answer.data, incomplete: incompleteness(answer.warnings ?? []) };
}

function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue?.path.length === 0 ? `it ${issue.message}` : (describeIssues(error)[0] ?? error.message);
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a server warns of is missing from the answer: stores that did not answer, or series above a limit. Notes (`infos`) are no warnings. */
function incompleteness([first, ...others]: readonly string[]): Failure | undefined {
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` (and ${others.length} more warnings)` : '';
  const reason = /limit/i.test(first) ? 'truncated' : 'unavailable';
  return failureFor(reason, `the server warns that its answer may be incomplete: ${oneLine(first)}${more}`);
}

function failed(failure: Failure) {
  return { kind: 'failed', failure } as const;
}

/** Seconds with their milliseconds. */
function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}
