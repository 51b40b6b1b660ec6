/** Google Cloud Managed Service for Prometheus: https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui */
import { SourceError } from '../../../core/ports/errors.ts';
import type { SignIn } from '../../gcp/credentials.ts';
import { unlessAborted } from '../../reading/abort.ts';
import { failureFor, OUT_OF_TIME } from '../../reading/failure.ts';
import type { Authorise } from '../connection.ts';

/** @param signIn As it reads Cloud Monitoring: see adapters/gcp. Its client keeps its token. */
export function googleAuth(signIn: SignIn): Authorise {
  return async (_, signal) => {
    try {
      const client = await unlessAborted(signIn(), signal);
      const { token } = await unlessAborted(client.getAccessToken(), signal);
      if (!token) throw new Error('the client has no token');
      return { authorization: `Bearer ${token}` };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      const { reason, retryable } = signal.aborted ? OUT_OF_TIME : failureFor('denied', detail);
      throw new SourceError(`cannot sign in to Google Cloud: ${detail}`, { reason, retryable, stage: 'sign_in' });
    }
  };
}
