/** Credentials for a tenant's AWS account: its role is assumed with the external id that we made for the tenant. */
import { type FromTemporaryCredentialsOptions, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { LRUCache } from 'lru-cache';
import { SourceError } from '../../core/ports/errors.ts';
import { failureOf, lacksCredentials } from './errors.ts';

/** What one tenant lets us assume. */
export interface RoleGrant {
  /** The ARN of the role. */
  readonly role: string;
  readonly externalId: string;
  readonly tenant: string;
}

export interface RoleCredentialsOptions {
  /**
   * For STS: the region of its endpoint, which is the function's own because that one is always enabled, and
   * our own credentials where the environment does not hold them.
   */
  readonly client: NonNullable<FromTemporaryCredentialsOptions['clientConfig']>;
  /** Epoch milliseconds; sessions expire by it. */
  readonly now?: () => number;
}

type Credentials = Awaited<ReturnType<ReturnType<typeof fromTemporaryCredentials>>>;

/** What a client takes as its `credentials`. Rejects with `SourceError`. */
export type CredentialProvider = () => Promise<Credentials>;

/** Credentials are renewed this long before they expire: a run may use them for its five minutes. */
const RENEW_BEFORE_MS = 6 * 60_000;

/** Roles whose credentials a warm function keeps, at a few kilobytes each. */
const MAX_CACHED_ROLES = 1_000;

/**
 * Returns a function that turns a grant into credentials. Made once by a function and kept while it is warm: one AssumeRole serves
 * all regions and runs of a role until its session expires.
 */
export function roleCredentials({
  client,
  now = Date.now,
}: RoleCredentialsOptions): (grant: RoleGrant) => CredentialProvider {
  const providers = new LRUCache<string, CredentialProvider>({ max: MAX_CACHED_ROLES });
  return (grant) => {
    // The external id is part of the key: a session must never serve a tenant that could not have begun it.
    const key = JSON.stringify([grant.role, grant.externalId]);
    const provider = providers.get(key) ?? renewed(assume(grant, client), now);
    providers.set(key, provider);
    return provider;
  };
}

/** Keeps credentials until they are about to expire. A failure is not kept. */
function renewed(provide: CredentialProvider, now: () => number): CredentialProvider {
  let current: Promise<Credentials> | undefined;
  let renewAt = 0;
  return async () => {
    if (current && now() < renewAt) return current;
    const requested = provide();
    current = requested;
    // Until the answer is there everybody waits for it.
    renewAt = Number.POSITIVE_INFINITY;
    try {
      const credentials = await requested;
      renewAt = (credentials.expiration?.getTime() ?? 0) - RENEW_BEFORE_MS;
      return credentials;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}

function assume(
  { role, externalId, tenant }: RoleGrant,
  clientConfig: RoleCredentialsOptions['client'],
): CredentialProvider {
  const provide = fromTemporaryCredentials({
    // The session's name stands in the account's CloudTrail: its owner sees who came.
    params: { RoleArn: role, ExternalId: externalId, RoleSessionName: `plimsoll-${tenant}` },
    clientConfig,
  });
  return async () => {
    try {
      return await provide();
    } catch (error) {
      throw refusal({ role, externalId, tenant }, error);
    }
  };
}

/**
 * Never names the external id: the message ends up in logs and summaries. STS quotes it where it refuses its form, and such an
 * error is not kept as the cause either.
 */
function refusal({ role, externalId, tenant }: RoleGrant, cause: unknown): SourceError {
  const { reason, retryable, detail } = failureOf(cause);
  const advice =
    'check that the role exists, that its trust policy names the account in which Plimsoll runs, and that the external id ' +
    `which it requires is that of tenant ${tenant}`;
  const refused = reason === 'denied' && !lacksCredentials(cause);
  const message = `cannot assume ${role}: ${detail}${refused ? `; ${advice}` : ''}`;
  const why = { reason, retryable, stage: 'sign_in' } as const;
  return String(cause).includes(externalId)
    ? new SourceError(message.replaceAll(externalId, '(external id)'), why)
    : new SourceError(message, { ...why, cause });
}
