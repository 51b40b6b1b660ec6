/** The time to wait that Azure names where it throttles. */
import type { PipelineResponse } from '@azure/core-rest-pipeline';

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/** Milliseconds, named in seconds or as a date (RFC 9110, 10.2.3), or in a header of Azure's own; 0 where none are named. */
export function retryAfterOf({ status, headers }: Pick<PipelineResponse, 'status' | 'headers'>): number {
  if (status !== TOO_MANY_REQUESTS && status !== UNAVAILABLE) return 0;
  const ms = Number(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const after = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}
