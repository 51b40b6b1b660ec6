/** Hosts that have sent their memory to a deployment, at the prompt. */
import { describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { tenantTargets } from '../../../cli/source/targets.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';
import { aContext } from '../a-context.ts';

async function plimsoll(args: readonly string[]) {
  const { context, err } = aContext();
  return { code: await run(args, context), err: err() };
}

const config = tenantConfigSchema.parse({
  version: 1,
  tenant: 'acme',
  accounts: [
    { provider: 'otlp', account: 'production' },
    { provider: 'prometheus', account: 'production', url: 'https://prometheus.example.com' },
  ],
});
const STORED = { config, version: 1, externalId: 'plimsoll-1', putAt: 0 };
const REFUSING = () => {
  throw new Error('Nothing is opened before it is read.');
};
const ACCESS = { topicArnPrefix: REFUSING, gcpSession: REFUSING, resultsBucket: () => 'plimsoll-results' };

describe('--provider otlp', () => {
  it('needs the tenant for which hosts have sent', async () => {
    const { code, err } = await plimsoll(['inspect', '--provider', 'otlp', '--account', 'production']);

    expect(code).toBe(1);
    expect(err).toContain('--provider otlp needs --tenant ID too');
  });

  it('has no regions', async () => {
    const words = ['inspect', '--provider', 'otlp', '--tenant', 'acme', '--region', 'eu-west-1'];

    expect((await plimsoll(words)).err).toContain('what hosts send has none');
  });

  it('selects accounts of a tenant, also where another provider has one of that name', () => {
    const targets = tenantTargets(STORED, { provider: 'otlp', account: 'production' }, 0, ACCESS);

    expect(targets.map(({ source }) => source.scope)).toEqual([
      { provider: 'otlp', account: 'production', region: 'global' },
    ]);
  });
});
