/** An Azure Monitor workspace: https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-api-promql */
import type { TokenCredential } from '@azure/identity';
import type { UnreadableReason } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { signInFailureOf } from '../../azure/errors.ts';
import { OUT_OF_TIME } from '../../reading/failure.ts';
import type { Authorise } from '../connection.ts';

const SCOPE = 'https://prometheus.monitor.azure.com/.default';

/** @param credential As it reads Azure Monitor: see adapters/azure. It keeps its tokens. */
export function entraAuth(credential: TokenCredential): Authorise {
  return async (_, abortSignal) => {
    try {
      const token = await credential.getToken(SCOPE, { abortSignal });
      if (token === null) throw refusal('the credential gave no token', 'denied', false);
      return { authorization: `Bearer ${token.token}` };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { reason, retryable, detail } = abortSignal.aborted ? OUT_OF_TIME : signInFailureOf(error);
      throw refusal(detail, reason, retryable);
    }
  };
}

function refusal(detail: string, reason: UnreadableReason, retryable: boolean): SourceError {
  return new SourceError(`cannot sign in to Azure: ${detail}`, { reason, retryable, stage: 'sign_in' });
}
