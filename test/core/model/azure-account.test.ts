import { describe, expect, it } from 'vitest';
import { describeIssues, parseInput } from '../../../core/model/issues.ts';
import { accountSchema } from '../../../core/model/tenant.ts';

const ACCOUNT = {
  provider: 'azure',
  account: '0a1b2c3d-1111-4222-8333-444455556666',
  regions: ['westeurope', 'northeurope'],
  directory: '0a1b2c3d-4444-4222-8333-444455556666',
  client: '0a1b2c3d-5555-4222-8333-444455556666',
};

function issuesOf(overrides: object): string[] {
  const parsed = parseInput(accountSchema, { ...ACCOUNT, ...overrides });
  return parsed.success ? [] : describeIssues(parsed.error);
}

describe('an Azure subscription in a config', () => {
  it('is ids and regions, with a workspace or without', () => {
    expect(accountSchema.parse(ACCOUNT)).toMatchObject({ ...ACCOUNT, enabled: true });
    expect(issuesOf({ workspace: '0a1b2c3d-9999-4222-8333-444455556666' })).toEqual([]);
  });

  it.each([
    ['account', 'a subscription by its name', 'Production'],
    ['account', 'an id in upper case, which would be another account', '0A1B2C3D-1111-4222-8333-444455556666'],
    ['directory', 'an address', 'https://login.evil.example'],
    ['directory', 'a domain', 'evil.onmicrosoft.com'],
    ['directory', 'a path behind an id', `${ACCOUNT.directory}/../x`],
    ['directory', 'a path before an id', `../../${ACCOUNT.directory}`],
    ['account', 'a path before an id', `x/../${ACCOUNT.account}`],
    ['client', 'a line before', `x\n${ACCOUNT.client}`],
    ['workspace', 'a path before an id', `../${ACCOUNT.account}`],
    ['client', 'a line more', `${ACCOUNT.client}\n`],
    ['workspace', 'a resource id', '/subscriptions/x/workspaces/y'],
  ])('refuses as its %s %s', (field, _, value) => {
    expect(issuesOf({ [field]: value })).toEqual([expect.stringMatching(new RegExp(`^${field}: must be the id of`))]);
  });

  it.each(['West Europe', 'evil.example', 'westeurope.', 'westeurope/x', 'westeurope:443', '', '@evil'])(
    'refuses %j as a region, which becomes part of a host’s name',
    (region) => {
      expect(issuesOf({ regions: [region] })).toEqual([expect.stringContaining('must be an Azure region')]);
    },
  );

  it('calls directory what Azure calls a tenant, and takes no secret', () => {
    expect(issuesOf({ tenant: ACCOUNT.directory, clientSecret: 'hush' })).toEqual([
      'tenant: unknown field',
      'clientSecret: unknown field',
    ]);
  });
});
