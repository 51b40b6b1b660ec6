/** Sessions of the API for one tenant, over the real STS client and the sandbox. */
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createTenantSessions } from '../../../adapters/aws/tenant-session.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';

const ROLE = 'arn:aws:iam::000000000000:role/plimsoll-dev-api-tenant';
const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/plimsoll';
const resources = {
  tableArn: arn,
  configsTableArn: arn,
  bucketArn: 'arn:aws:s3:::plimsoll',
  keyArn: arn,
  topicArnPrefix: 'arn:aws:sns:eu-west-1:000000000000:plimsoll-dev_',
  requestQueueArn: arn,
};

const sandbox = await startSandbox();
afterAll(() => sandbox.close());

const inputSchema = z.object({ RoleSessionName: z.string(), DurationSeconds: z.number(), Policy: z.string() });

/** Sessions, and the requests to STS. */
function sessionsAt(now = Date.now) {
  const sts = new STSClient({ ...sandbox.clientConfig('eu-west-1'), maxAttempts: 1 });
  const sent: z.output<typeof inputSchema>[] = [];
  sts.middlewareStack.add(
    (next) => async (args) => {
      sent.push(inputSchema.parse(args.input));
      return next(args);
    },
    { step: 'initialize' },
  );
  return { sessionOf: createTenantSessions({ sts, role: ROLE, resources, now }), sent };
}

beforeEach(() => sandbox.trust(ROLE, null));

describe('a session of the API', () => {
  it('is of one tenant and use, for a quarter of an hour, with the policy of both', async () => {
    const { sessionOf, sent } = sessionsAt();

    const credentials = await sessionOf('acme', 'write')();

    expect(credentials).toMatchObject({ accessKeyId: expect.any(String), sessionToken: expect.any(String) });
    expect(sent).toMatchObject([{ RoleSessionName: 'write-acme', DurationSeconds: 900 }]);
    expect(sent[0]?.Policy).toContain('T#acme');
  });

  it('is begun once, however many requests wait for it', async () => {
    const { sessionOf, sent } = sessionsAt();

    await Promise.all([1, 2, 3].map(() => sessionOf('acme', 'read')()));
    await sessionOf('acme', 'read')();

    expect(sent).toHaveLength(1);
  });

  it('serves no other tenant, and no other use', async () => {
    const { sessionOf, sent } = sessionsAt();

    for (const use of ['read', 'write', 'config'] as const) await sessionOf('acme', use)();
    await sessionOf('globex', 'read')();

    expect(sent.map(({ RoleSessionName }) => RoleSessionName)).toEqual([
      'read-acme',
      'write-acme',
      'config-acme',
      'read-globex',
    ]);
  });

  it('is renewed two minutes before it expires', async () => {
    let now = Date.now();
    const { sessionOf, sent } = sessionsAt(() => now);
    const session = sessionOf('acme', 'read');
    const { expiration } = await session();
    now = (expiration?.getTime() ?? 0) - 2 * 60_000 - 1;
    await session();
    const before = sent.length;
    now += 1;

    await session();

    expect([before, sent.length]).toEqual([1, 2]);
  });

  it('is requested again where it was refused, which is an error of a store', async () => {
    const { sessionOf, sent } = sessionsAt();
    const session = sessionOf('acme', 'read');
    sandbox.trust(ROLE, undefined);
    await expect(session()).rejects.toThrow(StoreError);
    sandbox.trust(ROLE, null);

    await session();

    expect(sent).toHaveLength(2);
  });
});
