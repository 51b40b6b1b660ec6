/**
 * Policies of a client's pipeline that count the requests that leave, bound their answers, and remember why one had to
 * be sent again.
 */
import { type PipelinePolicy, type PipelineRequest, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { retryAfterOf } from '../azure/retry-after.ts';

interface Placed {
  readonly policy: PipelinePolicy;
  readonly position: 'perCall' | 'perRetry';
}

const TOO_MANY_REQUESTS = 429;

/**
 * The longest time, in milliseconds, that a throttled request waits as the service demands: as long as an answer may take. The
 * client itself waits for whatever the service names, and Azure names up to an hour.
 */
const MAX_WAIT_MS = 30_000;

/**
 * Bytes of an answer once it is decompressed: 50 hosts over 93 days of 15 minutes have some 40 MB. Without a limit, less than a
 * megabyte of gzip fills the memory of a function.
 */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** Thrown through the client's retries, which let nothing but the service's own errors be tried again. */
class WaitTooLong extends Error {}
class AnswerTooLarge extends Error {}

/**
 * For `additionalPolicies`. `count` is called for each request that leaves, the client's retries included, with whether it
 * was answered with success: only that one is billed.
 *
 * An answer of more than `maxAnswerBytes` fails and is not read any further.
 *
 * A throttled request that would have to wait too long, or is aborted while it waits for its next try, fails as throttled:
 * that is why it got no answer.
 */
export function countAttempts(
  count: (answered: boolean) => void,
  maxAnswerBytes = MAX_ANSWER_BYTES,
): readonly Placed[] {
  const throttled = new WeakMap<PipelineRequest, PipelineResponse>();
  const attempt: PipelinePolicy = {
    name: 'plimsollCountAttempt',
    async sendRequest(request, next) {
      throttled.delete(request);
      let answered = false;
      const size = limitSize(request, maxAnswerBytes);
      try {
        const response = await next(request).catch((error: unknown) => {
          throw size.isExceeded() ? new AnswerTooLarge(`it has more than ${maxAnswerBytes} bytes`) : error;
        });
        const waitMs = retryAfterOf(response);
        if (response.status === TOO_MANY_REQUESTS || waitMs > 0) throttled.set(request, response);
        answered = response.status < 300;
        if (waitMs > MAX_WAIT_MS) throw new WaitTooLong(`throttled, and the time to wait is ${waitMs / 1000} s`);
        return response;
      } finally {
        count(answered);
      }
    },
  };
  const call: PipelinePolicy = {
    name: 'plimsollReportThrottle',
    async sendRequest(request, next) {
      try {
        return await next(request);
      } catch (error) {
        const response = throttled.get(request);
        const tooLong = error instanceof WaitTooLong;
        if (response === undefined || !(tooLong || request.abortSignal?.aborted)) throw error;
        const why = tooLong ? error.message : 'throttled, and the time for this read was over before the next try';
        throw new RestError(why, { statusCode: response.status, request, response });
      }
    },
  };
  return [
    { policy: attempt, position: 'perRetry' },
    { policy: call, position: 'perCall' },
  ];
}

/** Ends the answer where it is larger. The client wraps what is thrown here, so that it is remembered. */
function limitSize(request: PipelineRequest, maxBytes: number) {
  let exceeded = false;
  request.onDownloadProgress = ({ loadedBytes }) => {
    exceeded = loadedBytes > maxBytes;
    if (exceeded) throw new Error('too large');
  };
  return { isExceeded: () => exceeded };
}
