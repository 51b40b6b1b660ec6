/** The time to wait that Azure names where it throttles. */
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { waitNamedBy } from '../reading/retry-after.ts';

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/** Milliseconds, named in the standard's header or in one of Azure's own; 0 where none are named. */
export function retryAfterOf({ status, headers }: Pick<PipelineResponse, 'status' | 'headers'>): number {
  if (status !== TOO_MANY_REQUESTS && status !== UNAVAILABLE) return 0;
  const ms = Number(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  return Number.isFinite(ms) ? ms : waitNamedBy(headers.get('retry-after') ?? '');
}
