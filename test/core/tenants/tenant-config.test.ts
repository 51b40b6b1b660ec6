import { Cron } from 'croner';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { tenantConfigJsonSchema, tenantConfigSchema } from '../../../core/model/tenant.ts';
import { InvalidInputError } from '../../../core/ports/errors.ts';
import { parseTenantConfig, runsPerMonth } from '../../../core/tenants/tenant-config.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';

const account = {
  provider: 'aws',
  account: '111122223333',
  regions: ['eu-west-1'],
  role: 'arn:aws:iam::111122223333:role/plimsoll-reader',
};

const governmentSubscription = {
  provider: 'azure',
  account: '11111111-2222-4333-8444-555555555555',
  regions: ['westeurope', 'usgovvirginia'],
  directory: '22222222-3333-4444-8555-666666666666',
  client: '33333333-4444-4555-8666-777777777777',
};

function issuesOf(input: unknown): readonly string[] {
  try {
    parseTenantConfig(input);
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues;
    throw error;
  }
}

describe('parseTenantConfig', () => {
  it('fills in the defaults', () => {
    const config = parseTenantConfig({ version: 1, tenant: 'acme', accounts: [account] });

    expect(config).toEqual({
      version: 1,
      tenant: 'acme',
      enabled: true,
      accounts: [{ ...account, containers: false, enabled: true, schedule: { cron: '0 * * * *', timezone: 'UTC' } }],
    });
  });

  it('takes an account of any partition, with a role of the same one', () => {
    const sovereign = {
      ...account,
      regions: ['eusc-de-east-1'],
      role: 'arn:aws-eusc:iam::111122223333:role/plimsoll-reader',
    };

    expect(issuesOf({ version: 1, tenant: 'acme', accounts: [sovereign] })).toEqual([]);
  });

  it('refuses parts that cannot belong together, and regions that are never read', () => {
    const mixed = { ...account, regions: ['eu-west-1', 'eusc-de-east-1'] };

    expect(issuesOf({ version: 1, tenant: 'acme', accounts: [mixed, governmentSubscription] })).toEqual([
      'accounts[0].role: is of the partition aws, and eusc-de-east-1 is a region of aws-eusc: a role reads regions of its own ' +
        'partition alone',
      'accounts[1].regions[1]: usgovvirginia is a region of Azure Government, which Plimsoll does not read: it signs in to and ' +
        'reads from the addresses of the public Azure cloud alone',
    ]);
  });

  it('still takes them from the table, so that the other accounts of a stored tenant are inspected', () => {
    const stored = { version: 1, tenant: 'acme', accounts: [account, governmentSubscription] };

    expect(tenantConfigSchema.parse(stored).accounts).toHaveLength(2);
  });

  it('names all six wrong fields of a config by their paths', () => {
    const issues = issuesOf({
      version: 1,
      tenant: 'Acme Corp',
      polcy: {},
      policy: { lookBackHours: 3 },
      accounts: [
        { ...account, account: '123', role: 'arn:aws:iam::123:role/x', schedule: { timezone: 'Mars/Olympus' } },
      ],
    });

    expect(issues).toHaveLength(6);
    expect(issues).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^tenant: must be 1 to 40 lower case letters/),
        'polcy: unknown field',
        expect.stringMatching(/^policy\.lookBackHours: /),
        'accounts[0].account: must be the 12 digits of an AWS account',
        'accounts[0].role: must be the ARN of an IAM role whose name begins with plimsoll-',
        expect.stringMatching(/^accounts\[0\]\.schedule\.timezone: must be an IANA time zone/),
      ]),
    );
  });

  it('refuses a role of another account than the one that it reads', () => {
    const issues = issuesOf({
      version: 1,
      tenant: 'acme',
      accounts: [{ ...account, role: 'arn:aws:iam::999900001111:role/plimsoll-reader' }],
    });

    expect(issues).toEqual(['accounts[0].role: must be a role of the account that it reads']);
  });

  it('refuses an account without a role, so that nobody reads with the role of the function', () => {
    const { role: _, ...withoutRole } = account;

    expect(issuesOf({ version: 1, tenant: 'acme', accounts: [withoutRole] })).toEqual([
      expect.stringMatching(/^accounts\[0\]\.role: /),
    ]);
  });

  it('refuses an account that is named twice', () => {
    expect(issuesOf({ version: 1, tenant: 'acme', accounts: [account, account] })).toEqual([
      'accounts[1].account: names aws/111122223333 a second time',
    ]);
  });

  it('refuses an external id, which only we may choose', () => {
    expect(issuesOf({ version: 1, tenant: 'acme', externalId: 'mine', accounts: [account] })).toEqual([
      'externalId: unknown field',
    ]);
  });

  it('reports a wrong cron expression beside the other mistakes', () => {
    const issues = issuesOf({
      version: 1,
      tenant: 'acme',
      foo: 1,
      accounts: [{ ...account, schedule: { cron: '61 * * * *' } }],
    });

    expect(issues).toEqual(['foo: unknown field', expect.stringMatching(/^accounts\[0\]\.schedule\.cron: /)]);
  });

  it('refuses a cron expression that means nothing', () => {
    const issues = issuesOf({
      version: 1,
      tenant: 'acme',
      accounts: [{ ...account, schedule: { cron: '99 * * * *' } }],
    });

    expect(issues).toEqual([expect.stringMatching(/^accounts\[0\]\.schedule\.cron: /)]);
  });

  it.each([[null], [[]], ['text'], [42], [undefined]])('refuses %j as a document', (input) => {
    expect(issuesOf(input)).toEqual([expect.stringMatching(/^\(the document\): /)]);
  });
});

describe('runsPerMonth', () => {
  it.each([
    ['hourly', '0 * * * *', 730.6],
    ['every six hours', '0 */6 * * *', 121.8],
    ['every twenty minutes from the tenth', '10/20 * * * *', 2_192.8],
    ['on weekdays at eight', '0 8 * * 1-5', 21.7],
    ['every minute', '* * * * *', 43_833.6],
    ['on the first of a month', '0 0 1 * *', 1],
    ['once a year', '0 0 1 1 *', 0.08],
  ])('counts an inspection %s', (_, cron, expected) => {
    const [first] = aTenantConfig({ accounts: [{ ...account, schedule: { cron } }] }).accounts;

    expect(first && runsPerMonth(first, NOON)).toBeCloseTo(expected, 0);
  });

  it('counts the same at any time of a month', () => {
    const [first] = aTenantConfig({ accounts: [{ ...account, schedule: { cron: '0 8 * * 1-5' } }] }).accounts;
    if (first === undefined) throw new Error('The config has no account');

    const counts = [0, 1, 48].map((hours) => runsPerMonth(first, NOON + hours * 3_600_000));

    expect(new Set(counts).size).toBe(1);
  });
});

describe('tenantConfigJsonSchema', () => {
  it('describes the config as a person writes it', () => {
    const schema = tenantConfigJsonSchema();

    expect(schema).toMatchObject({
      type: 'object',
      required: ['version', 'tenant', 'accounts'],
      additionalProperties: false,
    });
  });

  it('allows no hours in the policies of groups and hosts', () => {
    const { properties } = z.object({ properties: z.record(z.string(), z.unknown()) }).parse(tenantConfigJsonSchema());

    for (const list of ['groupPolicies', 'hostPolicies']) {
      expect(properties[list]).toMatchObject({
        maxItems: 100,
        items: {
          properties: { policy: { properties: { lookBackHours: { not: {} }, threshold: { type: 'number' } } } },
        },
      });
    }
  });
});

describe('the policies of groups and hosts', () => {
  const minimal = { version: 1, tenant: 'acme', accounts: [account] };
  const rules = {
    groupPolicies: [{ group: 'web-*', policy: { environment: 'production' } }],
    hostPolicies: [{ labels: { tier: 'db' }, policy: { threshold: 0.9 } }],
  };

  it('stand at a tenant and at an account', () => {
    const config = parseTenantConfig({ ...minimal, ...rules, accounts: [{ ...account, ...rules }] });

    expect(config).toMatchObject({ ...rules, accounts: [rules] });
  });

  it.each([
    ['no group', { groupPolicies: [{ policy: {} }] }, 'groupPolicies[0].group: is missing'],
    ['no policy', { groupPolicies: [{ group: 'web-*' }] }, 'groupPolicies[0].policy: is missing'],
    [
      'no host',
      { hostPolicies: [{ policy: {} }] },
      'hostPolicies[0]: names nothing: give at least one of id, name, group, labels',
    ],
    ['no rule', { hostPolicies: [] }, 'hostPolicies: has no rule: leave it out'],
    [
      'an unknown field',
      { hostPolicies: [{ id: 'i-1', policy: {}, treshold: 1 }] },
      'hostPolicies[0].treshold: unknown field',
    ],
    [
      'hours of history',
      { groupPolicies: [{ group: 'web-*', policy: { lookBackHours: 48 } }] },
      'groupPolicies[0].policy.lookBackHours: is set for a tenant or an account alone: all hosts of a region are read at once',
    ],
    [
      'more rules than a run compares',
      { groupPolicies: Array.from({ length: 101 }, () => ({ group: 'web-*', policy: {} })) },
      'groupPolicies: must have at most 100 entries',
    ],
  ])('are refused with %s', (_, fields, issue) => {
    expect(issuesOf({ ...minimal, ...fields })).toEqual([issue]);
  });
});

describe('a document that is too large for a config', () => {
  it.each<[string, () => unknown]>([
    ['has a text of ten million characters', () => ({ ...aTenantConfig(), name: 'x'.repeat(10_000_000) })],
    ['has a name of ten million characters', () => ({ ['x'.repeat(10_000_000)]: 1 })],
    ['has a million accounts', () => ({ ...aTenantConfig(), accounts: new Array(1_000_000).fill(account) })],
    ['contains itself', itself],
  ])('is refused for its size alone where it %s', (_, document) => {
    expect(() => parseTenantConfig(document())).toThrow(
      /\(the document\): is too large for a config, which has at most 100000 values and 409600 characters/,
    );
  });

  it('is a config where it names nine hundred accounts with five regions each', () => {
    const regions = [1, 2, 3, 4, 5].map((number) => `eu-west-${number}`);
    const accounts = Array.from({ length: 900 }, (_, index) => {
      const id = String(111122220000 + index);
      return { ...account, account: id, role: `arn:aws:iam::${id}:role/plimsoll-reader`, regions };
    });

    expect(parseTenantConfig({ version: 1, tenant: 'acme', accounts }).accounts).toHaveLength(900);
  });
});

/** A document as YAML's aliases make it: one of its values is the document. */
function itself(): unknown {
  const document: Record<string, unknown> = { ...aTenantConfig() };
  document['hosts'] = document;
  return document;
}

describe('the time zone of a schedule', () => {
  it.each([
    ['europe/berlin', 'accounts[0].schedule.timezone: must be written Europe/Berlin'],
    ['SST', 'accounts[0].schedule.timezone: must be UTC or an IANA time zone with its area, for example Europe/Berlin'],
  ])('is refused where the scheduler may not take it: %s', (timezone, issue) => {
    const config = { version: 1, tenant: 'acme', accounts: [{ ...account, schedule: { timezone } }] };

    expect(() => parseTenantConfig(config)).toThrow(issue);
  });

  it('is left as it is in a config that is stored', () => {
    const config = { version: 1, tenant: 'acme', accounts: [{ ...account, schedule: { timezone: 'EST' } }] };

    expect(tenantConfigSchema.parse(config).accounts[0]?.schedule.timezone).toBe('EST');
  });
});

describe('the schedules of a config', () => {
  /** A cron expression that can be read and is refused only once its firings are known. */
  const frequent = { schedule: { cron: '* * * * *' } };

  it('are not evaluated where there are more accounts than there may be', () => {
    using firings = vi.spyOn(Cron.prototype, 'nextRuns');

    const issues = issuesOf({ version: 1, tenant: 'acme', accounts: Array.from({ length: 20_000 }, () => ({})) });

    expect(issues).toEqual(['accounts: must have at most 1000 entries']);
    expect(firings).toHaveBeenCalledTimes(0);
  });

  it('are all evaluated where there are as many as there may be', () => {
    using firings = vi.spyOn(Cron.prototype, 'nextRuns');
    const accounts = [...Array.from({ length: 999 }, () => account), { ...account, ...frequent }];

    const issues = issuesOf({ version: 1, tenant: 'acme', accounts });

    expect(issues).toContain(
      'accounts[999].schedule.cron: fires every 1 min at times; at least 15 min must lie between two inspections',
    );
    expect(firings).toHaveBeenCalledTimes(1000);
  });
});
