/** What stands behind a page that may be incomplete: the failure that explains why, as a token. */
import * as z from 'zod';
import { UNREADABLE_REASONS } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';

const failureSchema = z.strictObject({ reason: z.enum(UNREADABLE_REASONS), detail: z.string() });

export function tokenOf({ reason, detail }: Failure): string {
  return JSON.stringify({ reason, detail });
}

/** Throws `SourceError` for a token of another source. */
export function failureOfToken(token: string): Failure {
  const failure = failureSchema.safeParse(parseJson(token)).data;
  if (failure !== undefined) return failureFor(failure.reason, failure.detail);
  const message = 'the token of a list is none that this source gave: list the hosts from the first page';
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
