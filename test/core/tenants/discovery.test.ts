import { describe, expect, it } from 'vitest';
import type { DirectoryEntry, ListedAccount } from '../../../core/ports/account-directory.ts';
import { compareAccounts, type DiscoveryOptions } from '../../../core/tenants/discovery.ts';
import { parseTenantConfig } from '../../../core/tenants/tenant-config.ts';

const ROLE = (account: string, name = 'plimsoll-reader') => `arn:aws:iam::${account}:role/${name}`;
const own = (account: string, fields: object = {}) => ({
  provider: 'aws',
  account,
  regions: ['eu-west-1'],
  role: ROLE(account, 'plimsoll-own'),
  ...fields,
});
const aConfig = (...accounts: object[]) => parseTenantConfig({ version: 1, tenant: 'acme', accounts });

const listed = (account: string, fields: Partial<ListedAccount> = {}): DirectoryEntry =>
  Object.assign(
    {
      kind: 'account',
      provider: 'aws',
      account,
      name: `Name of ${account}`,
      state: 'active',
      stateName: 'ACTIVE',
      partition: 'aws',
    } as const,
    fields,
  );
const denied: DirectoryEntry = { kind: 'unlisted', location: 'ou-1', reason: 'denied', detail: 'AccessDenied' };

const [ONE, TWO, THREE] = ['111111111111', '222222222222', '333333333333'] as const;
const options = (given: Partial<DiscoveryOptions> = {}): DiscoveryOptions => ({ exclude: [], gone: 'keep', ...given });

describe('a comparison of the listed accounts with those of a config', () => {
  it('proposes each account that the config does not have, with its name beside it', () => {
    const { changes, added, counts } = compareAccounts([listed(TWO), listed(ONE)], 'aws', aConfig(own(ONE)), options());

    expect(added.map(({ account }) => account)).toEqual([TWO]);
    expect(changes).toEqual({
      additions: [
        {
          fields: { provider: 'aws', account: TWO, regions: ['eu-west-1'], role: ROLE(TWO, 'plimsoll-own') },
          comment: `Name of ${TWO}`,
        },
      ],
      edits: [],
    });
    expect(counts).toEqual({ listed: 2, unchanged: 1, excluded: 0, inactive: 0 });
  });

  it('proposes nothing where the config has all', () => {
    const { changes } = compareAccounts([listed(ONE)], 'aws', aConfig(own(ONE)), options());

    expect(changes).toEqual({ additions: [], edits: [] });
  });

  it('proposes to disable a suspended account, and not to add one', () => {
    const entries = [ONE, TWO, THREE].map((id) => listed(id, { state: 'inactive', stateName: 'SUSPENDED' }));
    const config = aConfig(own(ONE), own(TWO, { enabled: false }));

    const { changes, suspended, counts } = compareAccounts(entries, 'aws', config, options());

    expect(suspended.map(({ account }) => account)).toEqual([ONE]);
    expect(changes).toEqual({
      additions: [],
      edits: [{ index: 0, path: ['enabled'], value: false, comment: 'SUSPENDED' }],
    });
    expect(counts.inactive).toBe(1);
  });

  it('proposes an account whose state may not be read, and states that', () => {
    const { changes } = compareAccounts([listed(TWO, { state: 'unknown' })], 'aws', aConfig(own(ONE)), options());

    expect(changes.additions.map(({ comment }) => comment)).toEqual([`Name of ${TWO}, its state is not known`]);
  });

  it('keeps accounts that are not listed, because they may be of another organization', () => {
    const { changes, notListed } = compareAccounts([listed(ONE)], 'aws', aConfig(own(ONE), own(TWO)), options());

    expect(notListed.map(({ account }) => account)).toEqual([TWO]);
    expect(changes.edits).toEqual([]);
  });

  it('disables accounts that are not listed where that is wanted, and never where a part could not be listed', () => {
    const config = aConfig(own(ONE), own(TWO));
    const wanted = options({ gone: 'disable' });

    expect(compareAccounts([listed(ONE)], 'aws', config, wanted).changes.edits).toMatchObject([
      { index: 1, value: false },
    ]);
    expect(compareAccounts([listed(ONE), denied], 'aws', config, wanted).changes.edits).toEqual([]);
  });

  it('knows nothing of accounts of other clouds', () => {
    const azure = '11111111-2222-4333-8444-555555555555';
    const config = aConfig(own(ONE), {
      provider: 'azure',
      account: azure,
      regions: ['westeurope'],
      directory: azure,
      client: azure,
    });

    expect(compareAccounts([listed(ONE)], 'aws', config, options()).notListed).toEqual([]);
  });

  it.each([['222*'], ['name OF 2*'], [TWO]])('leaves out what %s matches, listed or not', (glob) => {
    const { changes, counts } = compareAccounts([listed(TWO)], 'aws', aConfig(own(ONE)), options({ exclude: [glob] }));
    const kept = compareAccounts([], 'aws', aConfig(own(TWO)), options({ exclude: [TWO], gone: 'disable' }));

    expect(changes.additions).toEqual([]);
    expect(counts.excluded).toBe(1);
    expect(kept.notListed).toEqual([]);
  });

  it('proposes every account to a tenant that has no config yet', () => {
    const { changes } = compareAccounts([listed(ONE)], 'aws', undefined, options({ regions: ['eu-north-1'] }));

    expect(changes.additions[0]?.fields).toEqual({
      provider: 'aws',
      account: ONE,
      regions: ['eu-north-1'],
      role: ROLE(ONE),
    });
  });

  it('compares ten thousand accounts with a thousand', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => String(110_000_000_000 + index));
    const config = aConfig(...ids.slice(0, 1000).map((id) => own(id)));

    const { changes, counts } = compareAccounts(
      ids.map((id) => listed(id)),
      'aws',
      config,
      options(),
    );

    expect(changes.additions).toHaveLength(9_000);
    expect(counts).toMatchObject({ listed: 10_000, unchanged: 1_000 });
  });
});
