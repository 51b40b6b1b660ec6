/** Google Cloud Managed Service for Prometheus: https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui */
import type { UnreadableReason } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { failureOfSignIn, type SignIn } from '../../gcp/credentials.ts';
import { unlessAborted } from '../../reading/abort.ts';
import type { Authorise } from '../connection.ts';

/** @param signIn As it reads Cloud Monitoring: see adapters/gcp. Its client keeps its token. */
export function googleAuth(signIn: SignIn): Authorise {
  return async (_, signal) => {
    try {
      const client = await unlessAborted(signIn(), signal);
      const { token } = await unlessAborted(client.getAccessToken(), signal);
      if (!token) throw refusal('the client has no token', 'denied', false);
      return { authorization: `Bearer ${token}` };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { reason, retryable, detail } = failureOfSignIn(error, signal);
      throw refusal(detail, reason, retryable);
    }
  };
}

function refusal(detail: string, reason: UnreadableReason, retryable: boolean): SourceError {
  return new SourceError(`cannot sign in to Google Cloud: ${detail}`, { reason, retryable, stage: 'sign_in' });
}
