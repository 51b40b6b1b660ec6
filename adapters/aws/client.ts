/** How long a client of an AWS service waits, and how often it tries. A service that never answers would otherwise use up the function's time. */
import type { SQSClientConfig } from '@aws-sdk/client-sqs';

/** Milliseconds for a connection, and for the answer of a small request; by default the SDK waits for ever. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** What sends the requests of a client of any service, or how long it waits. */
export type ClientWait = Required<Pick<SQSClientConfig, 'requestHandler'>>;

/** Settings for the clients of the table, the topics, the queues and STS, whose answers are small. */
export const BOUNDED_WAIT = {
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  },
};

/**
 * Settings for the clients whose requests `adapters/reading/retry.ts` tries again. The mode is named because another, which the
 * environment may name, waits before first tries too.
 */
export const ONE_ATTEMPT = { retryMode: 'standard', maxAttempts: 1 };
