/** Policies of a client's pipeline that count what leaves, and remember why it had to be sent again. */
import { type PipelinePolicy, type PipelineRequest, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';

interface Placed {
  readonly policy: PipelinePolicy;
  readonly position: 'perCall' | 'perRetry';
}

const TOO_MANY_REQUESTS = 429;

/**
 * For `additionalPolicies`. `count` is called for each request that leaves, the client's retries included, with whether it
 * was answered with success: only that one is billed.
 *
 * A throttled request that is aborted while it waits for its next try fails as throttled and not as aborted: that is why it
 * got no answer.
 */
export function countAttempts(count: (answered: boolean) => void): readonly Placed[] {
  const throttled = new WeakMap<PipelineRequest, PipelineResponse>();
  const attempt: PipelinePolicy = {
    name: 'plimsollCountAttempt',
    async sendRequest(request, next) {
      throttled.delete(request);
      let answered = false;
      try {
        const response = await next(request);
        if (response.status === TOO_MANY_REQUESTS) throttled.set(request, response);
        answered = response.status < 300;
        return response;
      } finally {
        count(answered);
      }
    },
  };
  const call: PipelinePolicy = {
    name: 'plimsollTellThrottle',
    async sendRequest(request, next) {
      try {
        return await next(request);
      } catch (error) {
        const response = throttled.get(request);
        if (response === undefined || !request.abortSignal?.aborted) throw error;
        throw new RestError('throttled, and the time for this read was over before the next try', {
          statusCode: response.status,
          request,
          response,
        });
      }
    },
  };
  return [
    { policy: attempt, position: 'perRetry' },
    { policy: call, position: 'perCall' },
  ];
}
