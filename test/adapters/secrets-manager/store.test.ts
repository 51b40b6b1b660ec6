import type { IncomingMessage } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { createSecretStore } from '../../../adapters/secrets-manager/store.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { listening } from '../../fixtures/listening.ts';

/** A service that has these secrets, or answers with an error. */
async function aStore(secrets: Record<string, string>, failure?: { status: number; type: string }) {
  const requested: string[] = [];
  const endpoint = await listening(async (request: IncomingMessage, response) => {
    const { SecretId } = JSON.parse((await Array.fromAsync(request, String)).join(''));
    requested.push(SecretId);
    const value = secrets[SecretId];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (failure) response.writeHead(failure.status).end(JSON.stringify({ __type: failure.type, message: 'no s3cret' }));
    else if (value === undefined) response.writeHead(400).end(JSON.stringify({ __type: 'ResourceNotFoundException' }));
    else response.end(JSON.stringify({ Name: SecretId, SecretString: value }));
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 1 });
  const clock = { now: NOON };
  const store = createSecretStore({ client, prefix: 'plimsoll/dev/', now: () => clock.now });
  return { clock, requested, secrets, store };
}

describe('the secrets of tenants', () => {
  it('have names of the stage and the tenant', async () => {
    const { requested, store } = await aStore({ 'plimsoll/dev/acme/slack-token': 'xoxb-1\n' });

    expect(await store.get('acme', 'slack-token')).toEqual({ kind: 'secret', value: 'xoxb-1' });
    expect(requested).toEqual(['plimsoll/dev/acme/slack-token']);
  });

  it('are kept for five minutes, and read anew after that or when they are forgotten', async () => {
    const { clock, requested, secrets, store } = await aStore({ 'plimsoll/dev/acme/key': 'old' });
    const values: unknown[] = [];
    const read = async () => values.push(await store.get('acme', 'key'));

    await read();
    secrets['plimsoll/dev/acme/key'] = 'new';
    clock.now += 4 * MINUTE;
    await read();
    clock.now += MINUTE;
    await read();
    store.forget('acme', 'key');
    await read();

    expect(values).toEqual(['old', 'old', 'new', 'new'].map((value) => ({ kind: 'secret', value })));
    expect(requested).toHaveLength(3);
  });

  it('are kept by tenant', async () => {
    const { store } = await aStore({ 'plimsoll/dev/acme/key': 'a', 'plimsoll/dev/globex/key': 'b' });

    expect(await store.get('acme', 'key')).toMatchObject({ value: 'a' });
    expect(await store.get('globex', 'key')).toMatchObject({ value: 'b' });
  });

  it.each([
    ['acme', '../globex/key'],
    ['acme', 'globex/key'],
    ['acme/../globex', 'key'],
    ['acme', ''],
    ['*', 'key'],
  ])('are not read where a name reaches further: %s, %s', async (tenant, name) => {
    const { requested, store } = await aStore({});

    expect(await store.get(tenant, name)).toMatchObject({ kind: 'refused' });
    expect(requested).toEqual([]);
  });

  it.each([
    [undefined, 'refused'],
    [{ status: 400, type: 'AccessDeniedException' }, 'refused'],
    [{ status: 400, type: 'DecryptionFailure' }, 'refused'],
    [{ status: 400, type: 'ThrottlingException' }, 'failed'],
    [{ status: 500, type: 'InternalServiceError' }, 'failed'],
  ])('that cannot be read are reported by name: %j is %s', async (failure, kind) => {
    const { store } = await aStore({}, failure);

    const outcome = await store.get('acme', 'key');

    expect(outcome).toEqual({ kind, reason: expect.stringContaining('plimsoll/dev/acme/key') });
  });

  it.each(['', '   ', 'x'.repeat(4097)])('that are no text of a usable length are refused', async (value) => {
    const { store } = await aStore({ 'plimsoll/dev/acme/key': value });

    const outcome = await store.get('acme', 'key');

    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(outcome)).not.toContain('xxx');
  });
});
