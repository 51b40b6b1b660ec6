/** Whose credentials these are, over the real STS client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { roleCredentials } from '../../../adapters/aws/credentials.ts';
import { callerAccount } from '../../../adapters/aws/identity.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';

const REGION = 'eu-west-1';
const ROLE = 'arn:aws:iam::111122223333:role/plimsoll-reader';

async function askWith(fault: Fault, signal?: AbortSignal) {
  await using sandbox = await startSandbox();
  sandbox.inject(fault);
  return await callerAccount(sandbox.clientConfig(REGION), signal);
}

describe('the account of the credentials', () => {
  it('is the one that STS names', async () => {
    await using sandbox = await startSandbox();

    expect(await callerAccount(sandbox.clientConfig(REGION))).toEqual({
      kind: 'known',
      account: '000000000000',
      arn: 'arn:aws:iam::000000000000:root',
    });
  });

  it('is that of the role where a role was assumed', async () => {
    await using sandbox = await startSandbox();
    sandbox.trust(ROLE, 'an-external-id');
    const client = sandbox.clientConfig(REGION);
    const credentials = roleCredentials({ client })({ role: ROLE, externalId: 'an-external-id', tenant: 'acme' });

    expect(await callerAccount({ ...client, credentials })).toEqual({
      kind: 'known',
      account: '111122223333',
      arn: 'arn:aws:iam::111122223333:root',
    });
  });

  it('is nobody’s where there are no credentials', async () => {
    using _ = isolatedVariables({});

    expect(await callerAccount({ region: REGION })).toEqual({ kind: 'nobody' });
  });

  it.each([
    ['denied', 'denied'],
    ['down', 'unavailable'],
    ['server_error', 'unavailable'],
    ['garbage', 'malformed'],
  ] as const)('is unknown where STS is %s', async (kind, reason) => {
    expect(await askWith({ service: 'sts', kind })).toMatchObject({ kind: 'unknown', failure: { reason } });
  });

  it('is unknown where STS does not answer until the command is given up', async () => {
    const outcome = await askWith({ service: 'sts', kind: 'unanswered' }, AbortSignal.timeout(50));

    expect(outcome).toMatchObject({ kind: 'unknown', failure: { reason: 'timeout' } });
  });
});
