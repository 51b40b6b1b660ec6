/** Requests to Azure Resource Manager through the pipeline of Azure's clients, which needs no client library of its own. */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import * as z from 'zod';

/** How Resource Manager is reached. */
export interface ManagementConnection {
  readonly credential: TokenCredential;
  /** Sends the requests; tests pass one that reaches a server on loopback. */
  readonly httpClient?: HttpClient;
}

const MANAGEMENT = 'https://management.azure.com';

/** Tries of one request after the first; a throttle's own time to wait goes before this backoff, in milliseconds. */
const RETRY = { maxRetries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 20_000 };

/** Milliseconds for an answer. */
const REQUEST_TIMEOUT_MS = 30_000;

const refusalSchema = z.object({ error: z.object({ code: z.string().max(256), message: z.string() }) });

/**
 * Returns a function that requests a path with a GET and returns the answer's JSON. It throws `RestError`, after the pipeline's own
 * retries, or what the credential throws.
 */
export function managementReader({ credential, httpClient = createDefaultHttpClient() }: ManagementConnection) {
  // A token must not follow a redirect.
  const pipeline = createPipelineFromOptions({ retryOptions: RETRY, redirectOptions: { maxRetries: 0 } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${MANAGEMENT}/.default` }), {
    phase: 'Sign',
  });
  return async (path: string, abortSignal: AbortSignal): Promise<unknown> => {
    const request = createPipelineRequest({ url: `${MANAGEMENT}${path}`, abortSignal, timeout: REQUEST_TIMEOUT_MS });
    const response = await pipeline.sendRequest(httpClient, request);
    const { status: statusCode } = response;
    const body = jsonIn(response.bodyAsText ?? '');
    if (statusCode < 300 && body !== undefined) return body;
    const refused = refusalSchema.safeParse(body).data?.error;
    const message = refused?.message ?? (statusCode < 300 ? 'the answer is not JSON' : 'refused without a reason');
    throw new RestError(message, { statusCode, request, response, ...(refused && { code: refused.code }) });
  };
}

/** Undefined where the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
