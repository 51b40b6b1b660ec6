import { describe, expect, it } from 'vitest';
import { describeIssues, parseInput } from '../../../core/model/issues.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';

const IDENTITY = {
  projectNumber: '123456789012',
  pool: 'plimsoll',
  provider: 'plimsoll-aws',
  serviceAccount: 'plimsoll-reader@shop-123456.iam.gserviceaccount.com',
};

const ACCOUNT = { provider: 'gcp', account: 'shop-123456', regions: ['europe-west1'], identity: IDENTITY };

/** What is wrong with a tenant that has this account; nothing where it is valid. */
function issuesOf(account: object): string[] {
  const parsed = parseInput(tenantConfigSchema, { version: 1, tenant: 'acme', accounts: [account] });
  return parsed.success ? [] : describeIssues(parsed.error);
}

describe('a Google Cloud project in a tenant’s config', () => {
  it.each(['europe-west1', 'us-central1', 'northamerica-northeast2', 'europe-west12', 'me-central2'])(
    'may be read in %s',
    (region) => {
      expect(issuesOf({ ...ACCOUNT, regions: [region] })).toEqual([]);
    },
  );

  it('has the schedule and the switches that every account has', () => {
    const parsed = tenantConfigSchema.parse({ version: 1, tenant: 'acme', accounts: [ACCOUNT] });

    expect(parsed.accounts).toMatchObject([{ enabled: true, schedule: { cron: '0 * * * *', timezone: 'UTC' } }]);
  });

  it.each([
    ['account', { account: 'Shop' }],
    ['account', { account: 'shop-123456/../other' }],
    ['account', { account: 'shop" OR project = "other-1' }],
    ['regions[0]', { regions: ['europe-west1-b'] }],
    ['regions[0]', { regions: ['global'] }],
    ['regions', { regions: ['us-east1', 'us-east1'] }],
    ['identity', { identity: undefined }],
    ['credentials', { credentials: { type: 'external_account', token_url: 'https://evil.example.com' } }],
  ])('is refused at accounts[0].%s: %j', (path, overrides) => {
    expect(issuesOf({ ...ACCOUNT, ...overrides })).toEqual([
      expect.stringMatching(new RegExp(`^accounts\\[0\\]\\.${escaped(path)}: `)),
    ]);
  });

  it.each([
    ['projectNumber', 'shop-123456'],
    ['projectNumber', '123456789012/locations/global/workloadIdentityPools/theirs'],
    ['pool', 'gcp-pool'],
    ['pool', 'pool/providers/theirs'],
    ['pool', 'abc'],
    ['provider', '../theirs'],
    ['serviceAccount', 'reader@evil.example.com'],
    ['serviceAccount', 'reader@shop-123456.iam.gserviceaccount.com/../x@evil.example.com'],
    ['serviceAccount', 'reader@shop-123456.iam.gserviceaccount.com.example.com'],
    ['serviceAccount', 'reader:generateAccessToken?@shop-123456.iam.gserviceaccount.com'],
    ['token_url', 'https://evil.example.com'],
  ])('cannot point elsewhere by identity.%s: %s', (field, value) => {
    const identity = { ...IDENTITY, [field]: value };

    expect(issuesOf({ ...ACCOUNT, identity })).toEqual([
      expect.stringMatching(new RegExp(`^accounts\\[0\\]\\.identity\\.${field}: `)),
    ]);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[[\]]/g, '\\$&');
}
