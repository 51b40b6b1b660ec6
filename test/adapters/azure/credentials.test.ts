/** Signing in to a tenant's subscription, over the real STS and identity clients and the sandbox. */
import { inspect } from 'node:util';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DirectoryGrant, federatedCredentials } from '../../../adapters/azure/credentials.ts';
import { loopbackHttpClient } from '../../../adapters/azure/loopback.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { HOUR } from '../../fixtures/builders.ts';
import { machines, readAll, SUBSCRIPTION, sourceOf, startFleet } from '../azure-monitor/worlds.ts';

const GRANT: DirectoryGrant = {
  directory: '0a1b2c3d-4444-4222-8333-444455556666',
  client: '0a1b2c3d-5555-4222-8333-444455556666',
  externalId: 'b5c1-the-secret-of-acme',
  tenant: 'acme',
};

const SCOPE = 'https://management.azure.com/.default';

async function startTrusting(): Promise<Sandbox> {
  const sandbox = await startFleet(...machines(1));
  sandbox.azure.trust({ ...GRANT, account: SUBSCRIPTION }, GRANT.externalId);
  return sandbox;
}

function credentialsOf(sandbox: Sandbox, now?: () => number) {
  const httpClient = loopbackHttpClient(sandbox.azure.endpoint);
  return federatedCredentials({ sts: sandbox.clientConfig('eu-west-1'), httpClient, ...(now && { now }) });
}

function sourceWith(sandbox: Sandbox, grant: DirectoryGrant, credentials = credentialsOf(sandbox)) {
  return sourceOf(sandbox, { connection: { ...sandbox.azure.connection, credential: credentials(grant) } });
}

function signInWith(fault: Fault) {
  return async () => {
    const sandbox = await startTrusting();
    sandbox.inject(fault);
    return credentialsOf(sandbox)(GRANT).getToken(SCOPE);
  };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the credentials of an application', () => {
  it('read the subscription that its directory has granted', async () => {
    const sandbox = await startTrusting();

    const { readings } = await readAll(sourceWith(sandbox, GRANT));

    expect(readings).toMatchObject([{ kind: 'series' }]);
  });

  it('are requested once for each service, for all sources of a warm function', async () => {
    const sandbox = await startTrusting();
    const credentials = credentialsOf(sandbox);

    await Promise.all([1, 2, 3].map(() => readAll(sourceWith(sandbox, GRANT, credentials))));

    // Resource Manager and metrics are services with tokens of their own.
    expect(sandbox.calls.count('sts', 'GetWebIdentityToken')).toBe(2);
    expect(sandbox.calls.count('azure', 'token')).toBe(2);
  });

  it('are requested again before they expire', async () => {
    const sandbox = await startTrusting();
    let now = Date.now();
    const credential = credentialsOf(sandbox, () => now)(GRANT);
    await credential.getToken(SCOPE);

    now += 0.85 * HOUR;
    await credential.getToken(SCOPE);
    now += 0.1 * HOUR;
    await credential.getToken(SCOPE);

    expect(sandbox.calls.count('sts', 'GetWebIdentityToken')).toBe(2);
  });

  it('of one tenant do not serve another that names the same application', async () => {
    const sandbox = await startTrusting();
    const credentials = credentialsOf(sandbox);
    await readAll(sourceWith(sandbox, GRANT, credentials));

    const reading = readAll(sourceWith(sandbox, { ...GRANT, tenant: 'other', externalId: 'of-other' }, credentials));

    await expect(reading).rejects.toMatchObject({ reason: 'denied', retryable: false });
  });

  it('are those of Microsoft’s directories, whatever the environment names', async () => {
    vi.stubEnv('AZURE_AUTHORITY_HOST', 'https://login.evil.example');
    const sandbox = await startTrusting();

    await expect(credentialsOf(sandbox)(GRANT).getToken(SCOPE)).resolves.toMatchObject({ token: expect.any(String) });
  });

  it('do not follow a directory that sends the proof elsewhere', async () => {
    const sandbox = await startTrusting();
    const requested: string[] = [];
    const httpClient: HttpClient = {
      async sendRequest(request) {
        requested.push(request.url);
        const headers = createHttpHeaders({ location: '/elsewhere' });
        return { request, status: 307, headers };
      },
    };
    const credential = federatedCredentials({ sts: sandbox.clientConfig('eu-west-1'), httpClient })(GRANT);

    await expect(credential.getToken(SCOPE)).rejects.toThrow();
    expect(requested).toEqual([expect.stringContaining('https://login.microsoftonline.com/')]);
  });

  it('are not kept when they were refused', async () => {
    const sandbox = await startTrusting();
    const credential = credentialsOf(sandbox)(GRANT);
    const lift = sandbox.inject({ service: 'azure', action: 'token', kind: 'denied' });
    await expect(credential.getToken(SCOPE)).rejects.toThrow();
    lift();

    await expect(credential.getToken(SCOPE)).resolves.toMatchObject({ token: expect.any(String) });
  });
});

describe('a sign-in that fails', () => {
  it('names what to check, and never the external id', async () => {
    const sandbox = await startTrusting();
    const credential = credentialsOf(sandbox)({ ...GRANT, externalId: 'a-wrong-external-id' });

    const error: unknown = await credential.getToken(SCOPE).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: 'SourceError', reason: 'denied', retryable: false });
    expect(String(error)).toMatch(/AADSTS700212.*check that the application exists.*audience made for tenant acme/);
    expect(inspect(error, { depth: 9 })).not.toContain('a-wrong-external-id');
  });

  it.each<[string, Fault, string, boolean]>([
    ['AWS does not give tokens', { service: 'sts', kind: 'denied' }, 'denied', false],
    ['AWS throttles', { service: 'sts', kind: 'throttled' }, 'throttled', true],
    ['AWS is down', { service: 'sts', kind: 'down' }, 'unavailable', true],
    ['the directory is down', { service: 'azure', action: 'token', kind: 'down' }, 'unavailable', true],
    ['the directory fails', { service: 'azure', action: 'token', kind: 'server_error' }, 'unavailable', true],
    ['the directory throttles', { service: 'azure', action: 'token', kind: 'throttled' }, 'throttled', true],
    ['the directory answers garbage', { service: 'azure', action: 'token', kind: 'garbage' }, 'unavailable', true],
  ])('because %s is reported as such', async (_, fault, reason, retryable) => {
    await expect(signInWith(fault)()).rejects.toMatchObject({ name: 'SourceError', reason, retryable });
  });

  it('ends with the read whose time is over', async () => {
    const sandbox = await startTrusting();
    sandbox.inject({ service: 'azure', action: 'token', kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceWith(sandbox, GRANT), undefined, stop.signal);
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'timeout', retryable: true });
    while (sandbox.calls.count('azure', 'token') === 0) await new Promise(setImmediate);
    stop.abort();

    await outcome;
  });
});

describe('an endpoint for tests', () => {
  it.each(['https://127.0.0.1:1', 'http://localhost:1', 'http://10.0.0.1:1', 'http://127.0.0.1.evil.example:1'])(
    'that is not on this machine is refused: %s',
    (endpoint) => {
      expect(() => loopbackHttpClient(endpoint)).toThrow('127.0.0.1');
    },
  );
});
