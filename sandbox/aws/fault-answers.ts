/** How AWS's services answer where a fault replaces their own answer. */
import type { Answer, AwsService } from '../wire/answer.ts';
import type { Fault } from '../wire/faults.ts';
import { errorAnswer, type ServiceError } from './answers.ts';
import type { SandboxRequest } from './request.ts';

/** The answer of a fault that replaces the service's own, or undefined where the service answers (perhaps wrongly). */
export function answerOf(fault: Fault, request: SandboxRequest): Answer | undefined {
  switch (fault.kind) {
    case 'throttled':
      return errorAnswer(request.service, throttling(request.service));
    case 'denied':
      return errorAnswer(request.service, denial(request));
    case 'server_error':
      return errorAnswer(request.service, { status: 500, code: 'InternalFailure', message: 'Something went wrong.' });
    case 'garbage':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Sign in to the hotel network',
      };
    default:
      return undefined;
  }
}

function throttling(service: AwsService): ServiceError {
  if (service === 's3') return { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
  return {
    status: service === 'scheduler' ? 429 : 400,
    code: service === 'sqs' ? 'RequestThrottled' : 'Throttling',
    type: 'ThrottlingException',
    message: 'Rate exceeded',
  };
}

/** Services that refuse with the status of HTTP that means it. */
const FORBIDDEN: ReadonlySet<AwsService> = new Set(['s3', 'scheduler', 'sns', 'sts']);

function denial({ service, action }: SandboxRequest): ServiceError {
  return {
    status: FORBIDDEN.has(service) ? 403 : 400,
    code: service === 'sns' ? 'AuthorizationError' : 'AccessDenied',
    type: 'AccessDeniedException',
    message: `User is not authorized to perform: ${service}:${action} because no identity-based policy allows it`,
  };
}
