/** The client of CloudWatch, with bounds on the time and the size of each answer. */
import type { Readable } from 'node:stream';
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { ONE_ATTEMPT } from '../aws/client.ts';

/**
 * Milliseconds for a connection, for the beginning of an answer, and from there to its end: a page of 100,800 samples
 * takes seconds.
 */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface AnswerLimits {
  /** Bytes of a body. */
  readonly maxBytes: number;
  /** Milliseconds from an answer's headers to the end of its body. */
  readonly bodyTimeoutMs: number;
}

/** A page of 100,800 samples has some 4 MB, and one of 500 metrics with 30 dimensions of the greatest length 20 MB. */
const LIMITS: AnswerLimits = { maxBytes: 32 * 2 ** 20, bodyTimeoutMs: REQUEST_TIMEOUT_MS };

/**
 * A client for a region; `settings` go over its own. Without limits the client waits for ever for a body once its headers are
 * there, and reads any size. A body that is too large fails as malformed, one that is late as a timeout.
 */
export function openClient(region: string, settings: CloudWatchClientConfig = {}, limits = LIMITS): CloudWatchClient {
  const client = new CloudWatchClient({
    region,
    ...ONE_ATTEMPT,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...settings,
  });
  // The innermost of the last steps: nearer to the wire than the client's parser.
  client.middlewareStack.add(limitAnswers(limits), {
    step: 'deserialize',
    priority: 'low',
    name: 'plimsollLimitAnswers',
  });
  return client;
}

/** A step of an AWS client that reads each answer into memory, within limits. */
export function limitAnswers(limits: AnswerLimits) {
  return <Arguments, Result extends { response: unknown }>(next: (args: Arguments) => Promise<Result>) =>
    async (args: Arguments): Promise<Result> => {
      const result = await next(args);
      const { response } = result;
      if (isAnswer(response)) response.body = await read(response.body, response.statusCode, limits);
      return result;
    };
}

class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  /** Where the client's own errors have it. */
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(maxBytes: number, httpStatusCode: number) {
    super(`the answer has more than ${maxBytes} bytes`);
    this.$metadata = { httpStatusCode };
  }
}

class BodyTimeout extends Error {
  /** The client's own timeouts have this name. */
  override readonly name = 'TimeoutError';
}

interface HttpAnswer {
  readonly statusCode: number;
  body: Readable | Uint8Array;
}

function isAnswer(response: unknown): response is HttpAnswer {
  return typeof response === 'object' && response !== null && 'body' in response && 'statusCode' in response;
}

async function read(body: HttpAnswer['body'], status: number, { maxBytes, bodyTimeoutMs }: AnswerLimits) {
  if (body instanceof Uint8Array) return body;
  const late = new BodyTimeout(`the answer did not end within ${bodyTimeoutMs / 1000} s of its beginning`);
  const timer = setTimeout(() => body.destroy(late), bodyTimeoutMs);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new AnswerTooLarge(maxBytes, status);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}
