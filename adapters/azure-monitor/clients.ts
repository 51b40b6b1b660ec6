/** The clients of one read: they share credentials and limits, and count for that read's meter. */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  isRestError,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { LogsQueryClient, MetricsClient } from '@azure/monitor-query';
import * as z from 'zod';
import type { Meter } from '../../core/ports/memory-source.ts';
import type { Retries } from '../reading/retry.ts';
import { countAttempts } from './attempts.ts';

/** How Azure is reached. The hosts are fixed here and made from a checked region: no input names one. */
export interface AzureConnection {
  readonly credential: TokenCredential;
  /** Sends the requests; tests pass one that reaches a server on loopback. */
  readonly httpClient?: HttpClient;
}

const MANAGEMENT = 'https://management.azure.com';

/** Keeps its connections alive between requests. */
const defaultHttpClient = createDefaultHttpClient();

/**
 * Tries of one request after the first; a throttle's own time to wait, within its bound, goes before this backoff, in
 * milliseconds.
 */
const MAX_RETRIES = 2;
const RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 10_000;

/** Milliseconds for a complete answer: the samples of 50 hosts take seconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface Clients {
  readonly metrics: MetricsClient;
  readonly logs: LogsQueryClient;
  /** Sends a request to Resource Manager, and returns the answer's JSON. Throws as the other clients do. */
  manage(request: ManagementRequest): Promise<unknown>;
  /** For every request: what a read is given, and how long one answer may take. */
  readonly limits: { readonly abortSignal: AbortSignal; readonly requestOptions: { readonly timeout: number } };
  readonly retries: ServiceRetries;
}

/** Each is a service of its own, that may be up while others are down. */
export type ServiceRetries = Readonly<Record<'metrics' | 'logs' | 'manage', Retries>>;

interface ManagementRequest {
  /** As the meter counts it. */
  readonly call: string;
  readonly path: string;
  /** Posted as JSON; absent: a GET. */
  readonly body?: object;
}

/** What the requests of one read share. */
interface ReadContext {
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly retries: ServiceRetries;
}

export function openClients(
  { credential, httpClient }: AzureConnection,
  region: string,
  { meter, signal, retries }: ReadContext,
): Clients {
  const options = {
    ...(httpClient && { httpClient }),
    retryOptions: { maxRetries: MAX_RETRIES, retryDelayInMs: RETRY_DELAY_MS, maxRetryDelayInMs: MAX_RETRY_DELAY_MS },
    // A token must not follow a redirect.
    redirectOptions: { maxRetries: 0 },
  };
  const counting = (call: string, billed = 0) => [
    ...countAttempts((answered) => meter.count(call, answered ? billed : 0)),
  ];
  return {
    // Azure bills calls, however many hosts one names.
    metrics: new MetricsClient(`https://${region}.metrics.monitor.azure.com`, credential, {
      ...options,
      additionalPolicies: counting('metrics:getBatch', 1),
    }),
    logs: new LogsQueryClient(credential, { ...options, additionalPolicies: counting('logs:query') }),
    manage: (request) => manage({ credential, options, additionalPolicies: counting(request.call) }, request, signal),
    limits: { abortSignal: signal, requestOptions: { timeout: REQUEST_TIMEOUT_MS } },
    retries,
  };
}

interface ManagementPipeline {
  readonly credential: TokenCredential;
  readonly options: Parameters<typeof createPipelineFromOptions>[0] & { readonly httpClient?: HttpClient };
  readonly additionalPolicies: ReturnType<typeof countAttempts>;
}

/** Resource Manager through the same pipeline that the other clients have: it needs no client of its own for two requests. */
async function manage(
  { credential, options, additionalPolicies }: ManagementPipeline,
  { path, body }: ManagementRequest,
  abortSignal: AbortSignal,
): Promise<unknown> {
  const pipeline = createPipelineFromOptions(options);
  const authorise = bearerTokenAuthenticationPolicy({ credential, scopes: `${MANAGEMENT}/.default` });
  pipeline.addPolicy(authorise, { phase: 'Sign' });
  for (const { policy, position } of additionalPolicies) {
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Sign' } : {});
  }
  const request = createPipelineRequest({
    url: `${MANAGEMENT}${path}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
    abortSignal,
    timeout: REQUEST_TIMEOUT_MS,
    ...(body && { body: JSON.stringify(body) }),
  });
  const response = await pipeline.sendRequest(options.httpClient ?? defaultHttpClient, request);
  if (response.status < 300) return parse(response);
  throw refusal(response);
}

function parse(response: PipelineResponse): unknown {
  try {
    return JSON.parse(response.bodyAsText ?? '');
  } catch {
    const { status: statusCode, request } = response;
    throw new RestError('the answer is not JSON', { statusCode, request, response, code: RestError.PARSE_ERROR });
  }
}

/** https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors */
const refusalSchema = z.object({ error: z.object({ code: z.string().default(''), message: z.string().default('') }) });

function refusal(response: PipelineResponse): RestError {
  const { status: statusCode, request } = response;
  const reported = readRefusal(response);
  return new RestError(reported?.error.message ?? 'refused without a reason', {
    statusCode,
    request,
    response,
    ...(reported && { code: reported.error.code }),
  });
}

function readRefusal(response: PipelineResponse): z.output<typeof refusalSchema> | undefined {
  try {
    return refusalSchema.safeParse(parse(response)).data;
  } catch (error) {
    if (isRestError(error)) return undefined;
    throw error;
  }
}
