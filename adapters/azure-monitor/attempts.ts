/** A policy of a client's pipeline that counts the requests that leave, and bounds their answers. */
import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';

interface Placed {
  readonly policy: PipelinePolicy;
  readonly position: 'perRetry';
}

/**
 * Bytes of an answer once it is decompressed: 50 hosts over 93 days of 15 minutes have some 40 MB. Without a limit, less than a
 * megabyte of gzip fills the memory of a function.
 */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

class AnswerTooLarge extends Error {}

/**
 * For `additionalPolicies`. `count` is called for each request that leaves, with whether it was answered with success: only that one
 * is billed. An answer of more than `maxAnswerBytes` fails and is not read any further.
 */
export function countAttempts(count: (answered: boolean) => void, maxAnswerBytes = MAX_ANSWER_BYTES): Placed {
  const policy: PipelinePolicy = {
    name: 'plimsollCountAttempt',
    async sendRequest(request, next) {
      let answered = false;
      const size = limitSize(request, maxAnswerBytes);
      try {
        const response = await next(request);
        answered = response.status < 300;
        return response;
      } catch (error) {
        throw size.isExceeded() ? new AnswerTooLarge(`it has more than ${maxAnswerBytes} bytes`) : error;
      } finally {
        count(answered);
      }
    },
  };
  // Behind the policy that signs: what does not get a token does not leave.
  return { policy, position: 'perRetry' };
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
