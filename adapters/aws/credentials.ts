/** Credentials for a tenant's AWS account: its role is assumed with the external id that we made for the tenant. */
import { type FromTemporaryCredentialsOptions, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { LRUCache } from 'lru-cache';
import { isOtherPartition, partitionOfArn, partitionOfRegion } from '../../core/model/aws-partition.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { ONE_ATTEMPT } from './client.ts';
import { failureOf, isDisabledRegion, isNotSignedIn, lacksCredentials } from './errors.ts';

/** What one tenant lets us assume. */
export interface RoleGrant {
  /** The ARN of the role. */
  readonly role: string;
  readonly externalId: string;
  readonly tenant: string;
}

export interface RoleCredentialsOptions {
  /**
   * For STS: the region of its endpoint, which is our own and not the account's: a region that our account has not enabled
   * does not know our keys. And our own credentials where the environment does not hold them.
   */
  readonly client: StsSettings;
  /** Epoch milliseconds; sessions expire by it. */
  readonly now?: () => number;
}

type StsSettings = NonNullable<FromTemporaryCredentialsOptions['clientConfig']> & {
  readonly region: string | (() => Promise<string>);
};

type Credentials = Awaited<ReturnType<ReturnType<typeof fromTemporaryCredentials>>>;

/** What a client takes as its `credentials`. Rejects with `SourceError`. */
export type CredentialProvider = () => Promise<Credentials>;

/** Credentials are renewed this long before they expire: a run may use them for its five minutes. */
const RENEW_BEFORE_MS = 6 * 60_000;

/** Roles whose credentials a warm function keeps, at a few kilobytes each. */
const MAX_CACHED_ROLES = 1_000;

/**
 * Returns a function that turns a grant into credentials. They are requested inside the requests of a source, whose retries try again:
 * the client of STS tries once. Made once by a function and kept while it is warm: one AssumeRole serves
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
    const provider = providers.get(key) ?? renewed(assume(grant, client), { now, beforeMs: RENEW_BEFORE_MS });
    providers.set(key, provider);
    return provider;
  };
}

/** Keeps credentials until they are about to expire: whoever comes meanwhile waits for the same ones. A failure is not kept. */
export function renewed(
  provide: CredentialProvider,
  { now, beforeMs }: { readonly now: () => number; readonly beforeMs: number },
): CredentialProvider {
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
      renewAt = (credentials.expiration?.getTime() ?? 0) - beforeMs;
      return credentials;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}

function assume(grant: RoleGrant, clientConfig: StsSettings): CredentialProvider {
  const { role, externalId, tenant } = grant;
  const provide = fromTemporaryCredentials({
    // The session's name stands in the account's CloudTrail: its owner sees who came.
    params: { RoleArn: role, ExternalId: externalId, RoleSessionName: `plimsoll-${tenant}` },
    clientConfig: { ...ONE_ATTEMPT, ...clientConfig },
  });
  return async () => {
    const region = await regionOf(clientConfig);
    if (isOtherPartition(role, region)) throw ofOtherPartition(role, region);
    try {
      return await provide();
    } catch (error) {
      throw refusal(grant, region, error);
    }
  };
}

async function regionOf({ region }: StsSettings): Promise<string> {
  return typeof region === 'string' ? region : region();
}

/** Known beforehand: STS would only answer that it does not know our keys, or the role. */
function ofOtherPartition(role: string, region: string): SourceError {
  const message =
    `cannot assume ${role}: it is of the partition ${partitionOfArn(role)}, and STS is called in ${region}, which is of ` +
    `${partitionOfRegion(region)}. No role of another partition can be assumed: read the account from a Plimsoll that runs ` +
    'in its partition, or with keys of that partition and AWS_REGION set to a region of it';
  return new SourceError(message, { reason: 'denied', retryable: false, stage: 'sign_in' });
}

/**
 * Never names the external id: the message ends up in logs and summaries. STS quotes it where it refuses its form, and such an
 * error is not kept as the cause either.
 */
function refusal({ role, externalId, tenant }: RoleGrant, region: string, cause: unknown): SourceError {
  const { reason, retryable, detail } = failureOf(cause);
  const advice = reason === 'denied' ? adviceAbout(cause, region, tenant) : undefined;
  const answer = detail.replace(/\.$/, '');
  // The advice comes first: where a text is clipped, the service's own words are what is lost.
  const message = `cannot assume ${role}: ${advice === undefined ? answer : `${advice} (STS: ${answer})`}`;
  const why = { reason, retryable, stage: 'sign_in' } as const;
  return String(cause).includes(externalId)
    ? new SourceError(message.replaceAll(externalId, '(external id)'), why)
    : new SourceError(message, { ...why, cause });
}

/** Only a refusal of the role is about the role: STS refuses keys and regions before it looks at any. */
function adviceAbout(cause: unknown, region: string, tenant: string): string | undefined {
  if (lacksCredentials(cause)) return undefined;
  if (isDisabledRegion(cause)) {
    return `enable STS in ${region} in the account in which Plimsoll runs, or set AWS_REGION to a region that the account has enabled`;
  }
  if (isNotSignedIn(cause)) {
    return (
      `STS in ${region} did not accept your own keys: check that they are valid and have not expired, and that the account ` +
      `they belong to has enabled ${region} (AWS_REGION sets the region in which STS is called)`
    );
  }
  return (
    'check that the role exists, that its trust policy names the account in which Plimsoll runs, and that the external id ' +
    `which it requires is that of tenant ${tenant}`
  );
}
