/** Assuming a tenant's role, over the real STS client and the sandbox. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type RoleGrant, roleCredentials } from '../../../adapters/aws/credentials.ts';
import { cloudwatchSource } from '../../../adapters/cloudwatch/source.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { listening } from '../../fixtures/listening.ts';
import { aHost, REGION } from '../../sandbox/small-fleets.ts';
import { readAll, startFleet } from '../cloudwatch/worlds.ts';

const ACCOUNT = '111122223333';
const GRANT: RoleGrant = {
  role: `arn:aws:iam::${ACCOUNT}:role/plimsoll-reader`,
  externalId: 'b5c1-the-secret-of-acme',
  tenant: 'acme',
};

async function startTrusting(): Promise<Sandbox> {
  const sandbox = await startFleet(aHost({ resource: { ...aHost().resource, account: ACCOUNT } }));
  sandbox.trust(GRANT.role, GRANT.externalId);
  return sandbox;
}

function rolesOf(sandbox: Sandbox, now?: () => number) {
  return roleCredentials({ client: sandbox.clientConfig(REGION), ...(now && { now }) });
}

function sourceWith(sandbox: Sandbox, credentials: ReturnType<ReturnType<typeof roleCredentials>>) {
  const { endpoint } = sandbox;
  return cloudwatchSource({ account: ACCOUNT, region: REGION, client: { endpoint, credentials } });
}

describe('the credentials of a role', () => {
  it('read the account that the role belongs to', async () => {
    const sandbox = await startTrusting();

    const { readings } = await readAll(sourceWith(sandbox, rolesOf(sandbox)(GRANT)));

    expect(readings).toMatchObject([{ kind: 'series', resource: { account: ACCOUNT } }]);
    const read = sandbox.calls.calls.filter(({ service }) => service === 'cloudwatch').map(({ account }) => account);
    expect(new Set(read)).toEqual(new Set([ACCOUNT]));
  });

  it('are requested once for all sources of a warm function', async () => {
    const sandbox = await startTrusting();
    const roles = rolesOf(sandbox);

    await Promise.all([1, 2, 3].map(() => readAll(sourceWith(sandbox, roles(GRANT)))));

    expect(sandbox.calls.count('sts', 'AssumeRole')).toBe(1);
  });

  it('are requested again before they expire', async () => {
    const sandbox = await startTrusting();
    let now = Date.now();
    const credentials = rolesOf(sandbox, () => now)(GRANT);

    await credentials();
    now += 50 * 60_000;
    await credentials();
    expect(sandbox.calls.count('sts', 'AssumeRole')).toBe(1);
    now += 5 * 60_000;
    await credentials();

    expect(sandbox.calls.count('sts', 'AssumeRole')).toBe(2);
  });

  it('are never shared between external ids', async () => {
    const sandbox = await startTrusting();
    const roles = rolesOf(sandbox);
    await roles(GRANT)();

    const others = roles({ ...GRANT, externalId: 'guessed', tenant: 'mallory' });

    await expect(others()).rejects.toMatchObject({ reason: 'denied' });
  });

  it('are denied for a wrong external id, with what to check and without the id', async () => {
    const sandbox = await startTrusting();
    const wrong = { ...GRANT, externalId: 'c7d2-another-secret' };

    const error = await readAll(sourceWith(sandbox, rolesOf(sandbox)(wrong))).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ reason: 'denied', retryable: false });
    expect(String(error)).toContain(GRANT.role);
    expect(String(error)).toContain('external id which it requires is that of tenant acme');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(wrong.externalId);
    expect(sandbox.calls.count('cloudwatch')).toBe(0);
  });

  it('hide an external id that STS quotes', async () => {
    const sandbox = await startTrusting();
    const malformed = { ...GRANT, externalId: 'an id with spaces' };

    const error = await rolesOf(sandbox)(malformed)().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'SourceError', reason: 'malformed' });
    expect(String(error)).toContain("Value '(external id)' at 'externalId'");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(malformed.externalId);
  });

  it('count no call to CloudWatch when they are denied', async () => {
    const sandbox = await startTrusting();
    const source = sourceWith(sandbox, rolesOf(sandbox)({ ...GRANT, externalId: 'guessed' }));
    const calls: string[] = [];
    const span = { window: { start: NOON - HOUR, end: NOON }, periodMs: 300_000, statistic: 'average' } as const;

    const reading = Array.fromAsync(
      source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, { count: (call) => calls.push(call) }),
    );

    await expect(reading).rejects.toMatchObject({ reason: 'denied' });
    expect(calls).toEqual([]);
  });

  it.each([
    ['throttled', 'throttled'],
    ['server_error', 'unavailable'],
    ['down', 'unavailable'],
  ] as const)('may come later when STS is %s', async (kind, reason) => {
    const sandbox = await startTrusting();
    const roles = rolesOf(sandbox);
    const lift = sandbox.inject({ service: 'sts', kind });

    await expect(roles(GRANT)()).rejects.toMatchObject({ name: 'SourceError', reason, retryable: true });
    lift();

    await expect(roles(GRANT)()).resolves.toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
  });
});

/** STS refuses with this code; the region is only in the signature. */
async function refusedBySts(code: string): Promise<string> {
  const endpoint = await listening((_, response) => {
    response.writeHead(403, { 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse><Error><Code>${code}</Code><Message>The message of STS.</Message></Error></ErrorResponse>`,
    );
  });
  const client = { region: 'eu-west-1', endpoint, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } };
  const error: unknown = await roleCredentials({ client })(GRANT)().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'SourceError', reason: 'denied', stage: 'sign_in' });
  return String(error);
}

describe('the advice about a role that cannot be assumed', () => {
  it.each(['InvalidClientTokenId', 'SignatureDoesNotMatch', 'ExpiredToken'])(
    'is about the keys and the region where STS answers %s',
    async (code) => {
      const message = await refusedBySts(code);

      expect(message).toContain(': STS in eu-west-1 did not accept your own keys');
      expect(message).toMatch(new RegExp(`\\(STS: ${code}: The message of STS\\)$`));
      expect(message).toContain('has enabled eu-west-1 (AWS_REGION sets the region in which STS is called)');
      expect(message).not.toContain('trust policy');
    },
  );

  it.each(['RegionDisabledException', 'OptInRequired'])('is about the region where STS answers %s', async (code) => {
    const message = await refusedBySts(code);

    expect(message).toContain(': enable STS in eu-west-1 in the account in which Plimsoll runs');
    expect(message).not.toContain('trust policy');
  });

  it('is about the role where STS refuses it', async () => {
    expect(await refusedBySts('AccessDenied')).toContain('its trust policy names the account in which Plimsoll runs');
  });
});

describe('a role of another partition', () => {
  it.each([
    ['arn:aws-us-gov:iam::111122223333:role/plimsoll-reader', 'eu-west-1', 'aws-us-gov', 'aws'],
    ['arn:aws-cn:iam::111122223333:role/plimsoll-reader', 'us-gov-west-1', 'aws-cn', 'aws-us-gov'],
    ['arn:aws:iam::111122223333:role/plimsoll-reader', 'eusc-de-east-1', 'aws', 'aws-eusc'],
  ])('is refused before STS is called: %s from %s', async (role, region, itsOwn, ours) => {
    const sandbox = await startTrusting();
    const roles = roleCredentials({ client: { ...sandbox.clientConfig(REGION), region: async () => region } });

    const error: unknown = await roles({ ...GRANT, role })().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'SourceError', reason: 'denied', retryable: false, stage: 'sign_in' });
    expect(String(error)).toContain(
      `it is of the partition ${itsOwn}, and STS is called in ${region}, which is of ${ours}. No role of another partition`,
    );
    expect(sandbox.calls.count('sts')).toBe(0);
  });
});
