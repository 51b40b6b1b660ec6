/** Whose AWS credentials the environment holds. */
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { BOUNDED_WAIT } from './client.ts';
import { failureOf, lacksCredentials } from './errors.ts';

export type CallerAccount =
  | {
      readonly kind: 'known';
      readonly account: string;
      /** Absent where STS names none. */
      readonly arn?: string;
    }
  /** There are no credentials at all. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown'; readonly failure: Failure };

/** Tries of the request, the first included: whoever waits for it wants to read metrics. */
const MAX_ATTEMPTS = 2;

/**
 * The account that the credentials belong to. Nothing is thrown. It needs no right:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerAccount(settings: STSClientConfig, abortSignal?: AbortSignal): Promise<CallerAccount> {
  const sts = new STSClient({ maxAttempts: MAX_ATTEMPTS, ...BOUNDED_WAIT, ...settings });
  try {
    const options = abortSignal === undefined ? {} : { abortSignal };
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}), options);
    if (account !== undefined) return { kind: 'known', account, ...(arn !== undefined && { arn }) };
    return { kind: 'unknown', failure: failureFor('malformed', 'STS named no account') };
  } catch (error) {
    return lacksCredentials(error) ? { kind: 'nobody' } : { kind: 'unknown', failure: failureOf(error, abortSignal) };
  } finally {
    sts.destroy();
  }
}
