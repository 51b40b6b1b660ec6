/** Credentials of the API for one tenant: its role is assumed with a policy that narrows it to that tenant. */
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { LRUCache } from 'lru-cache';
import { StoreError } from '../../core/ports/errors.ts';
import { type CredentialProvider, renewed } from './credentials.ts';
import { failureOf } from './errors.ts';
import { type SessionUse, type TenantResources, tenantPolicy } from './tenant-policy.ts';

/** Seconds of a session: as few as STS allows. */
const SESSION_SECONDS = 900;

/** Sessions are renewed this long before they expire, which is longer than a request takes. */
const RENEW_BEFORE_MS = 2 * 60_000;

/** Sessions that a warm function keeps, at a few kilobytes each. */
const MAX_SESSIONS = 500;

export interface TenantSessionsOptions {
  readonly sts: Pick<STSClient, 'send'>;
  /** The ARN of the role of all tenants. */
  readonly role: string;
  readonly resources: TenantResources;
  /** Epoch milliseconds; sessions expire by it. */
  readonly now?: () => number;
}

/** Returns what gives credentials for one tenant and use, which reject with `StoreError`. */
export function createTenantSessions({
  sts,
  role,
  resources,
  now = Date.now,
}: TenantSessionsOptions): (tenant: string, use: SessionUse) => CredentialProvider {
  const providers = new LRUCache<string, CredentialProvider>({ max: MAX_SESSIONS });

  async function assume(tenant: string, use: SessionUse) {
    const command = new AssumeRoleCommand({
      RoleArn: role,
      // Stands in CloudTrail beside each read of the tenant's data.
      RoleSessionName: `${use}-${tenant}`,
      Policy: tenantPolicy(tenant, use, resources),
      DurationSeconds: SESSION_SECONDS,
    });
    try {
      const { Credentials: issued } = await sts.send(command);
      if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken || !issued.Expiration)
        throw new TypeError('STS answered without credentials');
      return {
        accessKeyId: issued.AccessKeyId,
        secretAccessKey: issued.SecretAccessKey,
        sessionToken: issued.SessionToken,
        expiration: issued.Expiration,
      };
    } catch (error) {
      throw new StoreError(`The role ${role} could not be assumed for tenant ${tenant}: ${failureOf(error).detail}.`, {
        cause: error,
      });
    }
  }

  return (tenant, use) => {
    const key = `${use} ${tenant}`;
    const provider = providers.get(key) ?? renewed(() => assume(tenant, use), { now, beforeMs: RENEW_BEFORE_MS });
    providers.set(key, provider);
    return provider;
  };
}
