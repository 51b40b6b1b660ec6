/** Errors of the HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */

export type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'unavailable' | 'internal' | 'not_found';

/** Thrown by whatever answers a query, answered by the server as `status: error`. */
export class PromError extends Error {
  readonly status: number;
  readonly errorType: ErrorType;

  constructor(status: number, errorType: ErrorType, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }
}

/** A request that is wrong, or that the sandbox does not know. */
export function badData(message: string): PromError {
  return new PromError(400, 'bad_data', message);
}

/** A query that is well formed and cannot be answered. */
export function failedExecution(message: string): PromError {
  return new PromError(422, 'execution', message);
}
