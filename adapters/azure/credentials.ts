/**
 * Credentials for a tenant's Azure subscription, without a secret (workload identity federation): AWS signs a token that names
 * this function and the tenant for which it acts, and the application of the subscription's directory accepts it.
 */
import { GetWebIdentityTokenCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { type AccessToken, ClientAssertionCredential, type TokenCredential } from '@azure/identity';
import { LRUCache } from 'lru-cache';
import { SourceError } from '../../core/ports/errors.ts';
import { failureOf as awsFailureOf } from '../aws/errors.ts';
import { unlessAborted } from '../reading/abort.ts';
import type { Failure } from '../reading/failure.ts';
import { failureOf, signInFailureOf } from './errors.ts';

/** What one tenant lets us sign in as. */
export interface DirectoryGrant {
  /** The ids of the directory and of the application in it. */
  readonly directory: string;
  readonly client: string;
  readonly externalId: string;
  readonly tenant: string;
}

export interface FederatedCredentialsOptions {
  /** For STS: the region whose endpoint is asked, because the global one does not give these tokens. */
  readonly sts: STSClientConfig;
  /** Sends the requests to the directory; tests pass one that reaches a server on loopback. */
  readonly httpClient?: HttpClient;
  /** Epoch milliseconds; tokens expire by it. */
  readonly now?: () => number;
}

/** The directories of the public cloud, whatever the environment names. No config can name another. */
const AUTHORITY = 'https://login.microsoftonline.com';

/** Seconds for which the token from AWS is good: it is shown once, at once. */
const ASSERTION_SECONDS = 300;

/** Tokens are renewed this long before they expire: a run may use them for its five minutes. */
const RENEW_BEFORE_MS = 6 * 60_000;

/** Milliseconds that a sign-in may take, AWS's part and the directory's together. */
const SIGN_IN_MS = 20_000;

/** Tries of one request to the directory after the first, and milliseconds before the second one. */
const MAX_RETRIES = 2;
const RETRY_DELAY_MS = 250;

/** Applications whose tokens a warm function keeps, at a few kilobytes each. */
const MAX_CACHED_GRANTS = 1_000;

/**
 * The audience that a tenant's federated credential has to require. It holds the external id that we made for the tenant:
 * every application that we read trusts the same function, and without it one tenant could name another's application in
 * its config and have us read that one's hosts (the confused deputy).
 */
export function audienceFor(externalId: string): string {
  return `api://AzureADTokenExchange/plimsoll/${externalId}`;
}

/**
 * Returns a function that turns a grant into a credential. Made once by a function and kept while it is warm: one sign-in serves all
 * regions and runs of an application until its tokens expire.
 */
export function federatedCredentials(options: FederatedCredentialsOptions): (grant: DirectoryGrant) => TokenCredential {
  const sts = new STSClient(options.sts);
  const credentials = new LRUCache<string, TokenCredential>({ max: MAX_CACHED_GRANTS });
  return (grant) => {
    // The external id is part of the key: a token must never serve a tenant that could not have got it.
    const key = JSON.stringify([grant.directory, grant.client, grant.externalId]);
    const credential = credentials.get(key) ?? kept(signIn(grant, sts, options), options.now ?? Date.now);
    credentials.set(key, credential);
    return credential;
  };
}

/** Gets a token for scopes. Rejects with `SourceError`. */
type SignIn = (scopes: string | string[]) => Promise<AccessToken>;

/** Keeps the token of each scope until it is about to expire. A failure is not kept. */
export function kept(getToken: SignIn, now: () => number): TokenCredential {
  const tokens = new Map<string, Promise<AccessToken>>();
  return {
    async getToken(scopes, { abortSignal } = {}) {
      const key = String(scopes);
      const current = tokens.get(key);
      // The clients' own type of signal is wider than what they pass.
      const inTime = (token: Promise<AccessToken>) =>
        abortSignal instanceof AbortSignal ? unlessAborted(token, abortSignal) : token;
      if (current !== undefined) {
        const token = await inTime(current);
        if (token.expiresOnTimestamp - RENEW_BEFORE_MS > now()) return token;
      }
      const requested = getToken(scopes);
      tokens.set(key, requested);
      requested.catch(() => tokens.delete(key));
      return inTime(requested);
    },
  };
}

function signIn(grant: DirectoryGrant, sts: STSClient, { httpClient }: FederatedCredentialsOptions): SignIn {
  const { directory, client, externalId } = grant;
  let assertion = '';
  const credential = new ClientAssertionCredential(directory, client, () => Promise.resolve(assertion), {
    authorityHost: AUTHORITY,
    // The authority is a constant: nobody has to be asked whether it is one of Microsoft's.
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: MAX_RETRIES, retryDelayInMs: RETRY_DELAY_MS },
    redirectOptions: { maxRetries: 0 },
    ...(httpClient && { httpClient }),
  });
  return async (scopes) => {
    const abortSignal = AbortSignal.timeout(SIGN_IN_MS);
    try {
      // Before the credential needs it, so that a refusal by AWS is reported as one by AWS.
      assertion = await unlessAborted(proofOfTenant(sts, externalId), abortSignal);
    } catch (error) {
      throw refusal(grant, 'AWS gave no token for it', awsFailureOf(error, abortSignal));
    }
    try {
      return await unlessAborted(credential.getToken(scopes), abortSignal);
    } catch (error) {
      const why = abortSignal.aborted ? failureOf(error, abortSignal) : signInFailureOf(error);
      throw refusal(grant, 'its directory refused', withAdvice(why, grant));
    }
  };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
async function proofOfTenant(sts: STSClient, externalId: string): Promise<string> {
  const { WebIdentityToken } = await sts.send(
    new GetWebIdentityTokenCommand({
      Audience: [audienceFor(externalId)],
      // The only one of the two algorithms that directories take.
      SigningAlgorithm: 'RS256',
      DurationSeconds: ASSERTION_SECONDS,
    }),
  );
  if (WebIdentityToken === undefined) throw new Error('STS answered without a token');
  return WebIdentityToken;
}

function withAdvice(why: Failure, { tenant }: DirectoryGrant): Failure {
  if (why.reason !== 'denied') return why;
  const advice =
    'check that the application exists in the directory, and that its federated credential names the issuer of the AWS ' +
    `account in which Plimsoll runs, the function’s role as subject, and the audience made for tenant ${tenant}`;
  return { ...why, detail: `${why.detail}; ${advice}` };
}

/**
 * Never names the external id: the message ends up in logs and summaries. Both services quote the audience that they refuse,
 * which is why the error that they threw does not go along as the cause.
 */
function refusal({ directory, client, externalId }: DirectoryGrant, what: string, why: Failure): SourceError {
  const { reason, retryable, detail } = why;
  const message = `cannot sign in as application ${client} of directory ${directory}: ${what}: ${detail}`;
  return new SourceError(message.replaceAll(externalId, '(external id)'), { reason, retryable, stage: 'sign_in' });
}
