/** Whether a role requires its tenant's external id, over the real STS client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { trustWarning } from '../../../adapters/aws/trust.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';

const GRANT = { role: 'arn:aws:iam::111122223333:role/plimsoll-reader', tenant: 'acme' };

describe('the warning about a role’s trust', () => {
  it('names a role that lets itself be assumed with another external id, and what to add', async () => {
    await using sandbox = await startSandbox();
    sandbox.trust(GRANT.role, null);

    const warning = await trustWarning(GRANT, sandbox.clientConfig('eu-west-1'));

    expect(warning).toContain(`${GRANT.role} was assumed with an external id that is not the tenant’s`);
    expect(warning).toContain('"sts:ExternalId"');
    expect(warning).toContain('`plimsoll tenants external-id acme`');
  });

  it('is not given of a role that requires the external id', async () => {
    await using sandbox = await startSandbox();
    sandbox.trust(GRANT.role, 'of-acme');

    expect(await trustWarning(GRANT, sandbox.clientConfig('eu-west-1'))).toBeUndefined();
  });

  it('is not given where STS does not answer: that shows nothing of the role', async () => {
    await using sandbox = await startSandbox();
    sandbox.inject({ kind: 'throttled', service: 'sts' });
    sandbox.trust(GRANT.role, null);

    const config = { ...sandbox.clientConfig('eu-west-1'), maxAttempts: 1 };

    expect(await trustWarning(GRANT, config)).toBeUndefined();
  });
});
