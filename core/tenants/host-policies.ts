/**
 * Which policy a host has, and where each of its values comes from. From the least precedence to the greatest:
 *
 *     program < file at the prompt < defaults of the deployment < tenant < account
 *       < rules of groups (the tenant's, then the account's) < rules of hosts (the tenant's, then the account's)
 */
import { createRuleMatcher, type HostRule } from '../model/host-filter.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import {
  DEFAULT_POLICY,
  effectivePolicy,
  type HostPolicies,
  metricValues,
  POLICY_FIELDS,
  type Policy,
  type PolicyOverride,
} from '../model/policy.ts';
import type { Resource } from '../model/series.ts';
import type { Account, StoredTenant, TenantConfig } from '../model/tenant.ts';

/** Where a value comes from. */
export interface Origin {
  readonly level: 'program' | 'file' | 'deployment' | 'tenant' | 'account' | 'group' | 'host';
  /** For people, for example `account 111122223333, group web-*`. */
  readonly text: string;
}

/** A value of a policy, with its origin. */
export interface EffectiveValue {
  readonly name: keyof Policy;
  readonly value: Policy[keyof Policy];
  readonly origin: Origin;
}

/** Whose policies: an account of a tenant, as it is stored. */
export interface PolicyChoice {
  readonly stored: Pick<StoredTenant, 'config' | 'defaults'>;
  readonly account: Account;
  readonly metric: InspectedMetric;
  /** Values of a file at the prompt: they apply where nothing is stored. */
  readonly file?: { readonly name: string; readonly values: PolicyOverride };
}

/** What one level sets for a metric. */
interface Level {
  readonly origin: Origin;
  readonly values: PolicyOverride;
}

interface Rule extends Level {
  readonly rule: HostRule;
}

/** Policies that are kept of groups, and of combinations of rules: where there are more, they cost time and no memory. */
const MOST_REMEMBERED = 1_000;

/** The policies of the hosts of an account. Made once for a run: all that needs no host is computed here. */
export function hostPolicies(choice: PolicyChoice): HostPolicies {
  const common = policyOf(commonLevels(choice));
  const groups = groupRules(choice);
  const hosts = hostRules(choice);
  const groupIndices = createRuleMatcher(groups.map(({ rule }) => rule));
  const hostIndices = createRuleMatcher(hosts.map(({ rule }) => rule));
  // Most hosts share their group with many others, and the rules of groups look at nothing else.
  const ofGroup = remembered(
    ({ group }: Resource) => (group === undefined ? '' : `=${group}`),
    (host) => {
      const indices = groupIndices(host);
      return indices.length === 0 ? common : effectivePolicy(common, ...indices.map((index) => groups[index]?.values));
    },
  );
  const ofHost = remembered(
    ({ inGroup, indices }: Matched) => `${indices.join()} ${JSON.stringify(inGroup)}`,
    ({ inGroup, indices }) => effectivePolicy(inGroup, ...indices.map((index) => hosts[index]?.values)),
  );
  return {
    common,
    of(host) {
      const inGroup = ofGroup(host);
      const indices = hostIndices(host);
      return indices.length === 0 ? inGroup : ofHost({ inGroup, indices });
    },
  };
}

/** The policy of a host's group, and the rules of hosts that match the host. */
interface Matched {
  readonly inGroup: Policy;
  readonly indices: readonly number[];
}

/** A policy is computed once for all that have the same key: hosts that the same rules match share an object. */
function remembered<Input>(
  keyOf: (input: Input) => string,
  compute: (input: Input) => Policy,
): (input: Input) => Policy {
  const known = new Map<string, Policy>();
  return (input) => {
    const key = keyOf(input);
    const before = known.get(key);
    if (before !== undefined) return before;
    const policy = compute(input);
    if (known.size === MOST_REMEMBERED) known.clear();
    known.set(key, policy);
    return policy;
  };
}

/** The policy of an entire group, before any of its hosts is known: rules of hosts have no part in it. */
export function groupPolicy(choice: PolicyChoice, group: string): Policy {
  const { provider, account } = choice.account;
  const ofGroup = { provider, account, region: null, id: '', group };
  return policyOf([...commonLevels(choice), ...matchingRules(groupRules(choice), ofGroup)]);
}

/** Every value of a host's policy, with the level that has the last word on it. */
export function effectiveValues(choice: PolicyChoice, host: Resource): EffectiveValue[] {
  const rules = [...groupRules(choice), ...hostRules(choice)];
  const levels = [PROGRAM, ...commonLevels(choice), ...matchingRules(rules, host)];
  return POLICY_FIELDS.map((name) => {
    const { values, origin } = levels.findLast((level) => level.values[name] !== undefined) ?? PROGRAM;
    return { name, value: values[name] ?? DEFAULT_POLICY[name], origin };
  });
}

const PROGRAM: Level = { origin: { level: 'program', text: 'default' }, values: DEFAULT_POLICY };

function policyOf(levels: readonly Level[]): Policy {
  return effectivePolicy(...levels.map(({ values }) => values));
}

function matchingRules(rules: readonly Rule[], host: Resource): Rule[] {
  const indices = new Set(createRuleMatcher(rules.map(({ rule }) => rule))(host));
  return rules.filter((_, index) => indices.has(index));
}

function commonLevels({ stored: { config, defaults }, account, metric, file }: PolicyChoice): Level[] {
  const level = (name: Origin['level'], text: string, policy: PolicyOverride | undefined): Level[] =>
    policy === undefined ? [] : [{ origin: { level: name, text }, values: metricValues(metric, policy) }];
  return [
    ...level('file', `file ${file?.name}`, file?.values),
    ...level('deployment', 'defaults of the deployment', defaults?.policy),
    ...level('tenant', tenantText(config), config.policy),
    ...level('account', accountText(account), account.policy),
  ];
}

function groupRules({ stored: { config }, account, metric }: PolicyChoice): Rule[] {
  return eachOwner(config, account, ({ groupPolicies = [] }, owner) =>
    groupPolicies.map(({ group, policy }) => ({
      origin: { level: 'group', text: `${owner}, group ${group}` },
      rule: { group },
      values: metricValues(metric, policy),
    })),
  );
}

function hostRules({ stored: { config }, account, metric }: PolicyChoice): Rule[] {
  return eachOwner(config, account, ({ hostPolicies: rules = [] }, owner) =>
    rules.map(({ policy, ...rule }) => ({
      origin: { level: 'host', text: `${owner}, host ${ruleText(rule)}` },
      rule,
      values: metricValues(metric, policy),
    })),
  );
}

type RuleOwner = Pick<TenantConfig, 'groupPolicies' | 'hostPolicies'>;

function eachOwner(
  config: TenantConfig,
  account: Account,
  rulesOf: (owner: RuleOwner, text: string) => Rule[],
): Rule[] {
  return [...rulesOf(config, tenantText(config)), ...rulesOf(account, accountText(account))];
}

function tenantText({ tenant }: TenantConfig): string {
  return `tenant ${tenant}`;
}

function accountText({ account }: Account): string {
  return `account ${account}`;
}

/** A rule as the options of the command line write it: `name=web-*, label.tier=db`. */
function ruleText({ labels = {}, ...fields }: HostRule): string {
  const named = Object.entries(fields).flatMap(([name, pattern]) =>
    pattern === undefined ? [] : [`${name}=${pattern}`],
  );
  return [...named, ...Object.entries(labels).map(([key, pattern]) => `label.${key}=${pattern}`)].join(', ');
}
