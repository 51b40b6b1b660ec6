import { describe, expect, it } from 'vitest';
import { newAccount } from '../../../core/tenants/new-account.ts';
import { parseTenantConfig } from '../../../core/tenants/tenant-config.ts';

const accountsOf = (...accounts: object[]) => parseTenantConfig({ version: 1, tenant: 'acme', accounts }).accounts;

const DIRECTORY = '31c75423-32d6-4322-88b7-c478bdde4858';
const CLIENT = '11111111-2222-4333-8444-555555555555';
const SUBSCRIPTION = '22222222-2222-4333-8444-555555555555';

const aws = (account: string, role: string, regions = ['eu-west-1']) => ({
  provider: 'aws',
  account,
  regions,
  role: `arn:aws:iam::${account}:role/${role}`,
});
const google = (account: string, identity: object = {}) => ({
  provider: 'gcp',
  account,
  regions: ['europe-west1'],
  identity: {
    projectNumber: '123456789012',
    pool: 'plimsoll-prod-acme-0b5c1d2e',
    provider: 'plimsoll-aws',
    serviceAccount: `plimsoll-prod-acme-0b5c1d2e@${account}.iam.gserviceaccount.com`,
    ...identity,
  },
});

describe('a new account of AWS', () => {
  const known = { provider: 'aws', account: '999988887777' } as const;

  it('has the regions and the role that most of the others have', () => {
    const others = accountsOf(
      aws('111111111111', 'plimsoll-own', ['eu-west-1', 'eu-west-2']),
      aws('222222222222', 'plimsoll-own', ['eu-west-1', 'eu-west-2']),
      aws('333333333333', 'plimsoll-reader', ['us-east-1']),
    );

    expect(newAccount(known, others, {})).toEqual(aws('999988887777', 'plimsoll-own', ['eu-west-1', 'eu-west-2']));
  });

  it('has what the operator states', () => {
    const stated = { regions: ['eu-north-1'], role: 'arn:{partition}:iam::{account}:role/plimsoll-x-{account}' };

    expect(newAccount({ ...known, partition: 'aws-us-gov' }, [], stated)).toMatchObject({
      regions: ['eu-north-1'],
      role: 'arn:aws-us-gov:iam::999988887777:role/plimsoll-x-999988887777',
    });
  });

  it('has the role of the onboarding where there are no others', () => {
    expect(newAccount(known, [], {})).toEqual(aws('999988887777', 'plimsoll-reader', []));
  });
});

describe('a new project of Google Cloud', () => {
  const known = { provider: 'gcp', account: 'my-project-9', projectNumber: '999999999999' } as const;

  it('has a pool and a service account of its own where the others have', () => {
    const others = accountsOf(google('my-project-1'), google('my-project-2', { projectNumber: '222222222222' }));

    expect(newAccount(known, others, {})).toEqual(google('my-project-9', { projectNumber: '999999999999' }));
  });

  it('shares the identity that the others share', () => {
    const identity = { serviceAccount: 'plimsoll@metrics-1234.iam.gserviceaccount.com' };

    expect(newAccount(known, accountsOf(google('my-project-1', identity)), {})).toEqual(
      google('my-project-9', identity),
    );
  });

  it('is named as the onboarding names it where there are no others', () => {
    const onboarding = { stage: 'Prod', tenant: 'acme', externalId: 'plimsoll-0b5c1d2e-0000-4000-8000-000000000000' };

    const account = newAccount(known, [], { onboarding, regions: ['europe-west1'] });

    expect(account).toEqual(google('my-project-9', { projectNumber: '999999999999' }));
  });

  it('has names that fit where those of stage and tenant are long', () => {
    const onboarding = {
      stage: 'production-europe',
      tenant: 'acme-internal',
      externalId: 'plimsoll-0b5c1d2e-0000-4000-8000-000000000000',
    };

    const account = newAccount(known, [], { onboarding, regions: ['europe-west1'] });

    expect(accountsOf(account)).toMatchObject([{ identity: { pool: 'plimsoll-production-e-0b5c1d2e' } }]);
  });

  it('has placeholders, which no config may keep, where nothing is known', () => {
    const account = newAccount({ provider: 'gcp', account: 'my-project-9' }, [], { regions: ['europe-west1'] });

    expect(() => accountsOf(account)).toThrow(/identity\.projectNumber: 100000000000 stands in the template/);
  });
});

describe('a new subscription of Azure', () => {
  const others = accountsOf({
    provider: 'azure',
    account: SUBSCRIPTION,
    regions: ['westeurope'],
    directory: DIRECTORY,
    client: CLIENT,
  });

  it('has the application of the others in its directory', () => {
    const known = { provider: 'azure', account: CLIENT, directory: DIRECTORY } as const;

    expect(newAccount(known, others, {})).toMatchObject({ directory: DIRECTORY, client: CLIENT });
  });

  it('is in the directory of the others where its own is not known', () => {
    expect(newAccount({ provider: 'azure', account: CLIENT, directory: null }, others, {})).toMatchObject({
      directory: DIRECTORY,
      client: CLIENT,
    });
  });

  it('has no application of another directory', () => {
    const account = newAccount({ provider: 'azure', account: CLIENT, directory: CLIENT }, others, {});

    expect(() => accountsOf(account)).toThrow(/client: 0{8}-.* stands in the template for the id of the application/);
  });
});
