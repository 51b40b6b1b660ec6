/** Signing in to Google Cloud over the real client: AWS's part in the sandbox, Google's on a server of the tests. */
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { federatedCredentials, type PoolGrant } from '../../../adapters/gcp/credentials.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { proofIn, startGoogle } from './google-sign-in.ts';

const ROLE = 'arn:aws:iam::000000000000:role/plimsoll-test-gcp-session';
const GRANT: PoolGrant = {
  identity: {
    projectNumber: '123456789012',
    pool: 'plimsoll',
    provider: 'plimsoll-aws',
    serviceAccount: 'reader@shop-project.iam.gserviceaccount.com',
  },
  externalId: 'plimsoll-the-secret-of-acme',
  tenant: 'acme',
};

async function startTrusting(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.trust(ROLE, null);
  return sandbox;
}

async function start(answers?: Parameters<typeof startGoogle>[0]) {
  const [sandbox, google] = await Promise.all([startTrusting(), startGoogle(answers)]);
  const options = { role: ROLE, sts: sandbox.clientConfig('eu-west-1'), addresses: google.addresses };
  return { sandbox, google, signInFor: federatedCredentials(options) };
}

describe('signing in to Google Cloud', () => {
  it('gives a token of the service account, to read metrics and no more', async () => {
    const { signInFor, google } = await start();

    const client = await signInFor(GRANT)();

    expect((await client.getAccessToken()).token).toBe('access-of-reader');
    const [, impersonation] = google.requested;
    expect(impersonation).toMatchObject({
      path: '/serviceAccounts/reader@shop-project.iam.gserviceaccount.com:generateAccessToken',
      authorization: 'Bearer federated',
    });
    expect(JSON.parse(impersonation?.body ?? '')).toMatchObject({
      scope: ['https://www.googleapis.com/auth/monitoring.read'],
    });
  });

  it('shows the pool a proof of AWS’s that is made for it and names the tenant', async () => {
    const { signInFor, google, sandbox } = await start();

    await signInFor(GRANT)();

    const [exchange] = google.requested;
    const { form, url, headers } = proofIn(exchange);
    const audience =
      '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/plimsoll/providers/plimsoll-aws';
    expect(form.get('audience')).toBe(audience);
    expect(url).toBe('https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15');
    expect(headers['x-goog-cloud-target-resource']).toBe(audience);
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIA.*SignedHeaders=[^,]*x-amz-security-token/,
    );
    // The sandbox's tokens end with the name of the session.
    expect(headers['x-amz-security-token']).toMatch(new RegExp(`-${GRANT.externalId}$`));
    expect(sandbox.calls.count('sts', 'AssumeRole')).toBe(1);
  });

  it('happens once for all sources of a warm function', async () => {
    const { signInFor, google } = await start();

    const clients = await Promise.all([1, 2, 3].map(() => signInFor(GRANT)()));
    clients.push(await signInFor(GRANT)());

    expect(new Set(clients).size).toBe(1);
    expect(google.requested).toHaveLength(2);
  });

  it('happens again for a token that would not last a run of five minutes', async () => {
    const expireTime = new Date(Date.now() + 5.5 * 60_000).toISOString();
    const { signInFor, google } = await start({ access: [200, { accessToken: 'brief', expireTime }] });

    await signInFor(GRANT)();
    await signInFor(GRANT)();

    expect(google.requested).toHaveLength(4);
  });

  it('is kept apart for a tenant who names the same identity', async () => {
    const { signInFor, google } = await start();

    const own = await signInFor(GRANT)();
    const other = await signInFor({ ...GRANT, externalId: 'plimsoll-of-somebody-else', tenant: 'else' })();

    expect(other).not.toBe(own);
    const proofs = google.requested.filter(({ path }) => path === '/token').map(proofIn);
    expect(proofs.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      expect.stringMatching(/-plimsoll-the-secret-of-acme$/),
      expect.stringMatching(/-plimsoll-of-somebody-else$/),
    ]);
  });
});

describe('signing in to Google Cloud, refused', () => {
  const REFUSALS: readonly [string, Parameters<typeof startGoogle>[0], object][] = [
    [
      'by the pool’s condition',
      {
        token: [
          400,
          {
            error: 'unauthorized_client',
            error_description: 'The given credential is rejected by the attribute condition.',
          },
        ],
      },
      {
        reason: 'denied',
        retryable: false,
        message: expect.stringMatching(/attribute condition.*roles\/iam\.workloadIdentityUser/s),
      },
    ],
    [
      'by the service account',
      {
        access: [
          403,
          {
            error: {
              code: 403,
              message: "Permission 'iam.serviceAccounts.getAccessToken' denied",
              status: 'PERMISSION_DENIED',
            },
          },
        ],
      },
      { reason: 'denied', retryable: false },
    ],
    [
      'because the service is away',
      { access: [503, { error: { code: 503, message: 'away' } }] },
      { reason: 'unavailable', retryable: true },
    ],
  ];

  it.each(REFUSALS)('%s, explains why', async (_, answers, expected) => {
    const { signInFor } = await start(answers);

    await expect(signInFor(GRANT)()).rejects.toMatchObject({ name: 'SourceError', ...expected });
  });

  it('by AWS, names the role at fault', async () => {
    const { signInFor, sandbox, google } = await start();
    sandbox.trust(ROLE, undefined);

    const signIn = signInFor(GRANT)();

    await expect(signIn).rejects.toThrow(SourceError);
    await expect(signIn).rejects.toMatchObject({ reason: 'denied', message: expect.stringContaining(ROLE) });
    expect(google.requested).toEqual([]);
  });

  it('holds neither the external id nor the proof of who we are', async () => {
    const { signInFor } = await start({
      token: [400, { error: 'invalid_grant', error_description: GRANT.externalId }],
    });

    const refusal: unknown = await signInFor(GRANT)().catch((error: unknown) => error);

    expect(inspect(refusal, { depth: 10 })).not.toContain(GRANT.externalId);
    expect(inspect(refusal, { depth: 10 })).not.toMatch(/subject_token|Signature=|x-amz-security-token/i);
  });

  it('is tried again the next time', async () => {
    const { signInFor, sandbox } = await start();
    const lift = sandbox.inject({ service: 'sts', kind: 'denied' });

    await expect(signInFor(GRANT)()).rejects.toThrow(SourceError);
    lift();

    await expect(signInFor(GRANT)()).resolves.toBeDefined();
  });
});
