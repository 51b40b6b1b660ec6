/** Requests to Azure Resource Manager through the pipeline of Azure's clients, which needs no client library of its own. */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  isRestError,
  type PipelinePolicy,
  type PipelineResponse,
  type PipelineRetryOptions,
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

export interface ManagementOptions extends ManagementConnection {
  /** A throttle's own time to wait goes before this backoff. */
  readonly retryOptions: PipelineRetryOptions;
  readonly additionalPolicies?: readonly {
    readonly policy: PipelinePolicy;
    readonly position: 'perCall' | 'perRetry';
  }[];
}

export interface ManagementRequest {
  readonly path: string;
  /** Posted as JSON; absent: a GET. */
  readonly body?: object;
}

const MANAGEMENT = 'https://management.azure.com';

/** Milliseconds for a complete answer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Keeps its connections alive between requests. */
const defaultHttpClient = createDefaultHttpClient();

/**
 * Returns a function that sends a request and returns the answer's JSON. It throws `RestError`, after the pipeline's own retries, or
 * what the credential throws.
 */
export function openManagement({
  credential,
  httpClient = defaultHttpClient,
  retryOptions,
  additionalPolicies = [],
}: ManagementOptions) {
  // A token must not follow a redirect.
  const pipeline = createPipelineFromOptions({ retryOptions, redirectOptions: { maxRetries: 0 } });
  const authorise = bearerTokenAuthenticationPolicy({ credential, scopes: `${MANAGEMENT}/.default` });
  pipeline.addPolicy(authorise, { phase: 'Sign' });
  for (const { policy, position } of additionalPolicies)
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Sign' } : {});
  return async ({ path, body }: ManagementRequest, abortSignal: AbortSignal): Promise<unknown> => {
    const request = createPipelineRequest({
      url: `${MANAGEMENT}${path}`,
      method: body === undefined ? 'GET' : 'POST',
      headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
      abortSignal,
      timeout: REQUEST_TIMEOUT_MS,
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await pipeline.sendRequest(httpClient, request);
    if (response.status < 300) return parse(response);
    throw refusal(response);
  };
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
