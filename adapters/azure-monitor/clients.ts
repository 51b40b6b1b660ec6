/** The clients of one read: they share credentials and limits, and count for that read's meter. */
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { LogsQueryClient, MetricsClient } from '@azure/monitor-query';
import type { Meter } from '../../core/ports/memory-source.ts';
import { type ManagementRequest, openManagement } from '../azure/management.ts';
import type { Retries } from '../reading/retry.ts';
import { countAttempts } from './attempts.ts';

/** How Azure is reached. The hosts are fixed here and made from a checked region: no input names one. */
export interface AzureConnection {
  readonly credential: TokenCredential;
  /** Sends the requests; tests pass one that reaches a server on loopback. */
  readonly httpClient?: HttpClient;
}

/** Milliseconds for a complete answer: the samples of 50 hosts take seconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface Clients {
  readonly metrics: MetricsClient;
  readonly logs: LogsQueryClient;
  /** Sends a request to Resource Manager, and returns the answer's JSON. Throws as the other clients do. */
  manage(request: CountedRequest): Promise<unknown>;
  /** For every request: what a read is given, and how long one answer may take. */
  readonly limits: { readonly abortSignal: AbortSignal; readonly requestOptions: { readonly timeout: number } };
  readonly retries: ServiceRetries;
}

/** Each is a service of its own, that may be up while others are down. */
export type ServiceRetries = Readonly<Record<'metrics' | 'logs' | 'manage', Retries>>;

interface CountedRequest extends ManagementRequest {
  /** As the meter counts it. */
  readonly call: string;
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
    // `retries` try again.
    retryOptions: { maxRetries: 0 },
    // A token must not follow a redirect.
    redirectOptions: { maxRetries: 0 },
  };
  const counting = (call: string, billed = 0) => [
    countAttempts((answered) => meter.count(call, answered ? billed : 0)),
  ];
  return {
    // Azure bills calls, however many hosts one names.
    metrics: new MetricsClient(`https://${region}.metrics.monitor.azure.com`, credential, {
      ...options,
      additionalPolicies: counting('metrics:getBatch', 1),
    }),
    logs: new LogsQueryClient(credential, { ...options, additionalPolicies: counting('logs:query') }),
    manage: ({ call, ...request }) =>
      openManagement({ credential, ...options, additionalPolicies: counting(call) })(request, signal),
    limits: { abortSignal: signal, requestOptions: { timeout: REQUEST_TIMEOUT_MS } },
    retries,
  };
}
