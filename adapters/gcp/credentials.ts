/**
 * Credentials for a tenant's Google Cloud project, without a secret (workload identity federation): AWS vouches for who this
 * function is and for which tenant it acts, and the workload identity pool of the tenant trusts AWS.
 */
import { type FromTemporaryCredentialsOptions, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { type AuthClient, AwsClient, GoogleAuth } from 'google-auth-library';
import { LRUCache } from 'lru-cache';
import type { GcpIdentity } from '../../core/model/gcp-account.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { failureOf as awsFailureOf } from '../aws/errors.ts';
import { unlessAborted } from '../reading/abort.ts';
import { type Failure, failureFor, OUT_OF_TIME } from '../reading/failure.ts';

/** What one tenant lets us sign in as. */
export interface PoolGrant {
  readonly identity: GcpIdentity;
  readonly externalId: string;
  readonly tenant: string;
}

/** Gives a client that is signed in. Rejects with `SourceError`. */
export type SignIn = () => Promise<AuthClient>;

export interface FederationOptions {
  /** The ARN of a role of our own, which is assumed so that its session names the tenant. It needs no rights. */
  readonly role: string;
  /** For STS: the region whose endpoint is asked, and our own credentials where the environment does not hold them. */
  readonly sts: NonNullable<FromTemporaryCredentialsOptions['clientConfig']> & { readonly region: string };
  /** Where Google's services are; tests pass a server on loopback. */
  readonly addresses?: Addresses;
}

/** The services that are sent tokens. No config can name another. */
interface Addresses {
  readonly tokenExchange: string;
  /** Ends where the service account's email address follows. */
  readonly serviceAccounts: string;
}

const GOOGLE: Addresses = {
  tokenExchange: 'https://sts.googleapis.com/v1/token',
  serviceAccounts: 'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/',
};

/** https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds */
const AWS_REQUEST = 'urn:ietf:params:aws:token-type:aws4_request';

/** To read metrics and no more, whatever roles the service account has. */
const SCOPES = ['https://www.googleapis.com/auth/monitoring.read'];

/** To list folders and projects, and to change nothing. */
export const LISTING_SCOPES = ['https://www.googleapis.com/auth/cloud-platform.read-only'];

/** Tokens are renewed this long before they expire: a run may use them for its five minutes. */
const RENEW_BEFORE_MS = 6 * 60_000;

/** Milliseconds that a sign-in may take, AWS's part and Google's together. */
const SIGN_IN_MS = 20_000;

/** Identities whose tokens a warm function keeps, at a few kilobytes each. */
const MAX_CACHED_GRANTS = 1_000;

/**
 * Returns a function that turns a grant into a sign-in. Made once by a function and kept while it is warm: one sign-in
 * serves all projects, regions and runs of an identity until its token expires.
 */
export function federatedCredentials(options: FederationOptions): (grant: PoolGrant) => SignIn {
  const clients = new LRUCache<string, AuthClient>({ max: MAX_CACHED_GRANTS });
  return (grant) => {
    // The external id is part of the key: a token must never serve a tenant that could not have got it.
    const key = JSON.stringify([grant.identity, grant.externalId]);
    return async () => {
      const client = clients.get(key) ?? federatedClient(grant, options);
      clients.set(key, client);
      await signIn(client, grant);
      return client;
    };
  };
}

/** Signs in as whoever uses the command line: https://cloud.google.com/docs/authentication/application-default-credentials */
export function ownCredentials(scopes: string[] = SCOPES): SignIn {
  const auth = new GoogleAuth({ scopes });
  const refuse = ({ reason, retryable, detail }: Failure) =>
    new SourceError(
      `cannot sign in to Google Cloud: ${detail.replace(/\.$/, '')}; sign in with \`gcloud auth application-default login\``,
      { reason, retryable, stage: 'sign_in' },
    );
  return async () => {
    const signal = AbortSignal.timeout(SIGN_IN_MS);
    const client = await unlessAborted(auth.getClient(), signal).catch((error: unknown) => {
      throw refuse(failureFor('denied', error instanceof Error ? error.message : String(error)));
    });
    await unlessAborted(client.getAccessToken(), signal).catch((error: unknown) => {
      throw refuse(failureOfSignIn(error, signal));
    });
    return client;
  };
}

/**
 * The name of the AWS session is the external id that we made for the tenant, and a tenant's pool requires it: every pool that we
 * read trusts the same role, and without it one tenant could name another's pool in its config and have us read that one's
 * projects (the confused deputy).
 */
function federatedClient({ identity, externalId }: PoolGrant, { role, sts, addresses = GOOGLE }: FederationOptions) {
  const { projectNumber, pool, provider, serviceAccount } = identity;
  const session = fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: externalId },
    clientConfig: sts,
  });
  return new AwsClient({
    audience: `//iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}/providers/${provider}`,
    subject_token_type: AWS_REQUEST,
    token_url: addresses.tokenExchange,
    service_account_impersonation_url: `${addresses.serviceAccounts}${serviceAccount}:generateAccessToken`,
    scopes: SCOPES,
    universe_domain: 'googleapis.com',
    eagerRefreshThresholdMillis: RENEW_BEFORE_MS,
    aws_security_credentials_supplier: {
      getAwsRegion: async () => sts.region,
      async getAwsSecurityCredentials() {
        try {
          const { accessKeyId, secretAccessKey, sessionToken: token } = await session();
          return { accessKeyId, secretAccessKey, ...(token !== undefined && { token }) };
        } catch (error) {
          throw refusal(identity, externalId, `AWS did not let us assume ${role}`, awsFailureOf(error));
        }
      },
    },
  });
}

async function signIn(client: AuthClient, { identity, externalId, tenant }: PoolGrant): Promise<void> {
  const signal = AbortSignal.timeout(SIGN_IN_MS);
  try {
    await unlessAborted(client.getAccessToken(), signal);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw refusal(identity, externalId, 'Google refused', withAdvice(failureOfSignIn(error, signal), tenant));
  }
}

/** What the token exchange, or the impersonation, threw. */
export function failureOfSignIn(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return OUT_OF_TIME;
  const detail = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && 'status' in error ? Number(error.status) : Number.NaN;
  if (status === 429) return failureFor('throttled', detail);
  const refused = status >= 400 && status < 500 && status !== 408;
  return failureFor(refused ? 'denied' : 'unavailable', detail);
}

function withAdvice(why: Failure, tenant: string): Failure {
  if (why.reason !== 'denied') return why;
  const advice =
    'check that the pool and its AWS provider exist, that the provider’s condition names the role and the external id made for ' +
    `tenant ${tenant}, and that the pool may impersonate the service account (roles/iam.workloadIdentityUser)`;
  return { ...why, detail: `${why.detail}; ${advice}` };
}

/**
 * Never names the external id: the message ends up in logs and summaries. The error that was thrown does not go along as the
 * cause: it holds the request, and with it the signed proof of who we are, which the client does not redact.
 */
function refusal(identity: GcpIdentity, externalId: string, what: string, why: Failure): SourceError {
  const message = `cannot sign in as ${identity.serviceAccount} by the pool ${identity.pool} of project ${identity.projectNumber}: ${what}: ${why.detail}`;
  return new SourceError(message.replaceAll(externalId, '(external id)'), { ...why, stage: 'sign_in' });
}
