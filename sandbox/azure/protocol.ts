/** What the Azure endpoints of the sandbox share: a request, its context, and errors in Azure's form. */

import type { Fleet } from '../scenario/fleet.ts';
import type { Answer } from '../wire/answer.ts';
import type { AzureFaultKind, Fault } from '../wire/faults.ts';

/** A request for Azure, by what it is about. */
export interface AzureRequest {
  readonly action: AzureAction;
  /** The subscription, or the workspace, that the address names; empty where it names none. */
  readonly subscription: string;
  readonly region: string;
  readonly url: URL;
  readonly body: string;
}

export type AzureAction = 'token' | 'resources' | 'vmSizes' | 'metrics:getBatch' | 'logs:query';

export interface AzureContext {
  readonly fleet: Fleet;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly fault: Fault | undefined;
}

/** Thrown by an endpoint, answered by the server. */
export class AzureError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly object[];

  constructor(status: number, code: string, message: string, details: readonly object[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function azureAnswer(value: unknown): Answer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors */
export function azureRefusal({ status, code, message, details }: AzureError): Answer {
  const error = { code, message, ...(details.length > 0 && { details }) };
  return { status, headers: { ...JSON_TYPE, 'x-ms-error-code': code }, body: JSON.stringify({ error }) };
}

/** The answer of a fault that replaces the service's own; undefined where the service answers, perhaps wrongly. */
export function answerOfFault(kind: AzureFaultKind): Answer | undefined {
  switch (kind) {
    case 'throttled': {
      const refusal = azureRefusal(new AzureError(429, 'TooManyRequests', 'Rate limit is exceeded.'));
      // Azure gives seconds; a test does not wait for them.
      return { ...refusal, headers: { ...refusal.headers, 'retry-after-ms': '5' } };
    }
    case 'throttled_for_long': {
      const refusal = azureRefusal(new AzureError(429, 'TooManyRequests', 'Rate limit is exceeded.'));
      return { ...refusal, headers: { ...refusal.headers, 'retry-after': '3600' } };
    }
    case 'denied':
      return azureRefusal(new AzureError(403, 'AuthorizationFailed', 'The client does not have authorization.'));
    case 'server_error':
      return azureRefusal(new AzureError(500, 'InternalServerError', 'Detected Internal Error.'));
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
