import { describe, expect, it } from 'vitest';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { DeploymentDefaults } from '../../../core/model/tenant.ts';
import { effectiveValues, groupPolicy, hostPolicies, type PolicyChoice } from '../../../core/tenants/host-policies.ts';
import { anAccount, aResource, aTenantConfig } from '../../fixtures/builders.ts';

/** The first account of a tenant with these fields, under these defaults of the deployment. */
function aChoice(
  tenant: Record<string, unknown>,
  account: Record<string, unknown> = {},
  defaults?: DeploymentDefaults['policy'],
): PolicyChoice {
  const config = aTenantConfig({ ...tenant, accounts: [{ ...anAccount(), ...account }] });
  const [first] = config.accounts;
  if (first === undefined) throw new Error('the config has no account');
  const stored = { config, ...(defaults && { defaults: { version: 1 as const, policy: defaults } }) };
  return { stored, account: first, metric: LEAK_METRIC };
}

const web = aResource({ id: 'i-web', name: 'web-1', group: 'web-blue', labels: { tier: 'front' } });
const alone = aResource({ id: 'i-alone' });

/** A choice in which every level sets the threshold, and each sets one value that no later one does. */
const everywhere = () =>
  aChoice(
    {
      policy: { threshold: 0.6, prior: 0.04 },
      groupPolicies: [{ group: 'web-*', policy: { threshold: 0.8, recoverAfter: 6 } }],
      hostPolicies: [{ id: 'i-web', policy: { threshold: 0.9 } }],
    },
    { policy: { threshold: 0.65, lookBackHours: 48 } },
    { threshold: 0.55, early: 'page' },
  );

describe('hostPolicies', () => {
  it('has every value from the narrowest level that sets it', () => {
    const policies = hostPolicies(everywhere());

    expect(policies.common).toEqual({
      ...DEFAULT_POLICY,
      early: 'page',
      prior: 0.04,
      lookBackHours: 48,
      threshold: 0.65,
    });
    expect(policies.of(web)).toEqual({ ...policies.common, recoverAfter: 6, threshold: 0.9 });
    expect(policies.of(alone)).toBe(policies.common);
  });

  it('is the default policy where nothing is set', () => {
    expect(hostPolicies(aChoice({})).of(web)).toEqual(DEFAULT_POLICY);
  });

  it('takes a later rule of a list before an earlier one', () => {
    const groupPolicies = [0.9, 0.8].map((threshold) => ({ group: 'web-*', policy: { threshold } }));

    expect(hostPolicies(aChoice({ groupPolicies })).of(web).threshold).toBe(0.8);
  });

  it('takes the rules of an account before those of its tenant', () => {
    const rule = (threshold: number) => ({ groupPolicies: [{ group: 'web-*', policy: { threshold } }] });

    expect(hostPolicies(aChoice(rule(0.9), rule(0.8))).of(web).threshold).toBe(0.8);
  });

  it('takes a rule of hosts of the tenant before a rule of groups of the account', () => {
    const policies = hostPolicies(
      aChoice(
        { hostPolicies: [{ name: 'web-?', policy: { threshold: 0.9 } }] },
        { groupPolicies: [{ group: 'web-*', policy: { threshold: 0.8 } }] },
      ),
    );

    expect(policies.of(web).threshold).toBe(0.9);
  });

  it('takes what an account sets for all metrics before what its tenant sets for one', () => {
    const policy = { threshold: 0.6, recoverAfter: 2, metrics: { [LEAK_METRIC]: { threshold: 0.8 } } };

    expect(hostPolicies(aChoice({ policy })).common).toMatchObject({ threshold: 0.8, recoverAfter: 2 });
    expect(hostPolicies(aChoice({ policy }, { policy: { threshold: 0.75 } })).common).toMatchObject({
      threshold: 0.75,
    });
  });

  it('takes the values of a file where nothing is stored', () => {
    const file = { name: 'mine.yml', values: { threshold: 0.9, recoverAfter: 9 } };
    const policies = hostPolicies({ ...aChoice({ policy: { threshold: 0.6 } }), file });

    expect(policies.common).toMatchObject({ threshold: 0.6, recoverAfter: 9 });
  });

  it.each([
    ['an id', { id: 'i-w*' }],
    ['a name', { name: 'web-1' }],
    ['a group', { group: '*blue' }],
    ['a label', { labels: { tier: 'fr?nt' } }],
    ['all of them', { id: '*', name: 'web-*', group: 'web-blue', labels: { tier: 'front' } }],
  ])('matches hosts by %s', (_, rule) => {
    const policies = hostPolicies(aChoice({ hostPolicies: [{ ...rule, policy: { threshold: 0.9 } }] }));

    expect(policies.of(web).threshold).toBe(0.9);
    expect(policies.of(alone).threshold).toBe(DEFAULT_POLICY.threshold);
  });

  it('needs every field of a rule to match', () => {
    const hosts = { id: 'i-web', labels: { tier: 'back' } };

    expect(hostPolicies(aChoice({ hostPolicies: [{ ...hosts, policy: { threshold: 0.9 } }] })).of(web)).toEqual(
      DEFAULT_POLICY,
    );
  });

  it('matches the names of Azure in any case', () => {
    const choice = aChoice({ groupPolicies: [{ group: 'Web-*', policy: { threshold: 0.9 } }] });

    expect(hostPolicies(choice).of({ ...web, provider: 'azure', group: 'WEB-BLUE' }).threshold).toBe(0.9);
    expect(hostPolicies(choice).of({ ...web, group: 'WEB-BLUE' }).threshold).toBe(DEFAULT_POLICY.threshold);
  });

  it('has one object for all hosts that the same rules match', () => {
    const policies = hostPolicies(everywhere());

    expect(policies.of(web)).toBe(policies.of({ ...web, name: 'another' }));
  });

  it('stays right where a config has more combinations of rules than are kept', () => {
    const rules = Array.from({ length: 11 }, (_, bit) => ({
      labels: { [`b${bit}`]: '1' },
      policy: { recoverAfter: bit + 1 },
    }));
    const policies = hostPolicies(aChoice({ hostPolicies: rules }));

    for (let host = 1; host < 2 ** 11; host++) {
      const labels = Object.fromEntries(rules.map((_, bit) => [`b${bit}`, String((host >> bit) & 1)]));
      expect(policies.of(aResource({ labels })).recoverAfter).toBe(Math.floor(Math.log2(host)) + 1);
    }
  });
});

describe('groupPolicy', () => {
  it('is what rules of groups make of the common policy', () => {
    expect(groupPolicy(everywhere(), 'web-blue')).toMatchObject({ threshold: 0.8, recoverAfter: 6, early: 'page' });
    expect(groupPolicy(everywhere(), 'batch')).toMatchObject({ threshold: 0.65, recoverAfter: 4 });
  });
});

describe('effectiveValues', () => {
  const originsOf = (choice: PolicyChoice, host = web) =>
    Object.fromEntries(effectiveValues(choice, host).map(({ name, origin }) => [name, origin.text]));

  it('names the level that each value comes from', () => {
    expect(originsOf(everywhere())).toEqual({
      lookBackHours: 'account 111122223333',
      shownHours: 'default',
      deepReadDays: 'default',
      threshold: 'tenant acme, host id=i-web',
      environment: 'default',
      prior: 'tenant acme',
      recoverAfter: 'tenant acme, group web-*',
      early: 'defaults of the deployment',
    });
  });

  it('names a rule by all of its fields', () => {
    const hostPolicies = [{ name: 'web-*', labels: { tier: 'front' }, policy: { threshold: 0.9 } }];

    expect(originsOf(aChoice({}, { hostPolicies }))['threshold']).toBe(
      'account 111122223333, host name=web-*, label.tier=front',
    );
  });

  it('has the values of the policy that the host is evaluated with', () => {
    for (const host of [web, alone]) {
      const values = Object.fromEntries(effectiveValues(everywhere(), host).map(({ name, value }) => [name, value]));

      expect(values).toEqual(hostPolicies(everywhere()).of(host));
    }
  });
});
