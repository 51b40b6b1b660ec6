/** Secrets of tenants' receivers in AWS Secrets Manager. */
import {
  DecryptionFailure,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { LRUCache } from 'lru-cache';
import type { SecretOutcome, SecretStore } from '../../core/ports/secret-store.ts';
import { failureOf } from '../aws/errors.ts';

export interface SecretStoreOptions {
  readonly client: SecretsManagerClient;
  /** What the names of all secrets begin with; the tenant's id and the name follow: `plimsoll/<stage>/`. */
  readonly prefix: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Milliseconds: a secret that is rotated is in use after these at the latest, and at once where the receiver refuses the old one. */
const KEPT_MS = 5 * 60_000;

/** Secrets that are kept; each is read again when it is needed. */
const MOST_KEPT = 500;

/** Characters of a secret: a URL or a token. */
const MAX_LENGTH = 4096;

/** Neither may reach into another tenant's names. */
const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const NAME = /^[\w+=.@-]{1,100}$/;

export function createSecretStore({ client, prefix, now = Date.now }: SecretStoreOptions): SecretStore {
  const kept = new LRUCache<string, { readonly value: string; readonly until: number }>({ max: MOST_KEPT });
  const fullName = (tenant: string, name: string) => `${prefix}${tenant}/${name}`;
  return {
    async get(tenant, name) {
      if (!TENANT.test(tenant) || !NAME.test(name)) return refused('the name of the secret is not of the allowed form');
      const id = fullName(tenant, name);
      const known = kept.get(id);
      if (known !== undefined && known.until > now()) return { kind: 'secret', value: known.value };
      const outcome = await read(client, id);
      if (outcome.kind === 'secret') kept.set(id, { value: outcome.value, until: now() + KEPT_MS });
      return outcome;
    },
    forget(tenant, name) {
      kept.delete(fullName(tenant, name));
    },
  };
}

async function read(client: SecretsManagerClient, id: string): Promise<SecretOutcome> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    const value = SecretString?.trim() ?? '';
    if (value === '' || value.length > MAX_LENGTH)
      return refused(`the secret ${id} has no text of 1 to ${MAX_LENGTH} characters`);
    return { kind: 'secret', value };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return refused(`there is no secret ${id}`);
    if (error instanceof DecryptionFailure || error instanceof InvalidRequestException)
      return refused(`the secret ${id} cannot be read: ${error.name}`);
    const { reason, detail } = failureOf(error);
    if (reason === 'denied') return refused(`reading the secret ${id} is denied`);
    return { kind: 'failed', reason: `the secret ${id} could not be read: ${detail}` };
  }
}

function refused(reason: string): SecretOutcome {
  return { kind: 'refused', reason };
}
