/** What a tenant may set about the evaluation of a host. The defaults stand here and nowhere else. */
import * as z from 'zod';
import { INSPECTED_METRICS, type InspectedMetric } from './metrics.ts';
import type { Resource } from './series.ts';

/** What a threshold may be: below, every host that moves is a leak; above, no leak is one. */
export const THRESHOLDS = { least: 0.5, greatest: 0.95 } as const;

/** Hours of history that may be requested: with less nothing can be distinguished from a warm-up. */
export const LOOK_BACK_HOURS = { least: 9, greatest: 720 } as const;

/** Below it hardly anything is ever sure enough to page. */
export const LEAST_PRIOR = 0.02;

/**
 * What hosts are for decides the confidence that a finding about them needs: the threshold is multiplied. A false page
 * about a production host costs most, and on a developer's host an early hint is welcome.
 */
export const ENVIRONMENTS = { production: 1.2, canary: 1.1, staging: 1, development: 0.8 } as const;

/**
 * What an early finding does: a new host that grows faster than the others of its group did at its age. `notify`: it is an event that
 * pages nobody; `page`: it is reported as an incident at once; `off`: new hosts are not compared.
 */
const EARLY_ACTIONS = ['notify', 'page', 'off'] as const;

export type HostEnvironment = keyof typeof ENVIRONMENTS;

/** Days of hourly floors that are learned from at the most. */
export const DEEP_READ_DAYS = 60;

/** The values of a policy as a config writes them: those that are absent are inherited. */
const policyValuesSchema = z
  .strictObject({
    lookBackHours: z
      .int()
      .min(LOOK_BACK_HOURS.least)
      .max(LOOK_BACK_HOURS.greatest)
      .describe('Hours of history that are evaluated; more costs no more, and finds about the same. Default 100.'),
    shownHours: z.int().min(1).max(24).describe('Hours of finer samples that a finding shows. Default 6.'),
    deepReadDays: z
      .int()
      .min(0)
      .max(DEEP_READ_DAYS)
      .describe(
        'Days of hourly floors that are read once a day to learn what is normal for a host; 0 reads none. Default 60, or as many as the provider keeps.',
      ),
    threshold: z
      .number()
      .min(THRESHOLDS.least)
      .max(THRESHOLDS.greatest)
      .describe('Confidence from which a host counts as leaking. Default 0.7.'),
    environment: z
      .enum(Object.keys(ENVIRONMENTS) as [HostEnvironment, ...HostEnvironment[]])
      .describe(
        `What the hosts are for; the threshold is multiplied by ${environmentsText()}, and stays between ${THRESHOLDS.least} and ${THRESHOLDS.greatest}. Default staging.`,
      ),
    prior: z
      .number()
      .min(LEAST_PRIOR)
      .max(0.5)
      .describe('Share of inspections that are of a leaking host, before anything is known of it. Default 0.03.'),
    recoverAfter: z
      .int()
      .min(1)
      .max(24)
      .describe('Inspections in a row without a finding that the end of a leak takes at the least. Default 4.'),
    early: z
      .enum(EARLY_ACTIONS)
      .describe(
        'What happens when a new host grows faster than the others of its group did at the same age: notify, page, or off. Default notify.',
      ),
  })
  .partial();

/** A policy as it is written in a config: values for all metrics, and values for single ones that go before these. */
export const policySchema = policyValuesSchema.extend({
  metrics: z
    .partialRecord(z.enum(INSPECTED_METRICS), policyValuesSchema)
    .optional()
    .describe('Values for single metrics, by name; they go before the values beside them.'),
});

const ofRead = z
  .never({ error: 'is set for a tenant or an account alone: all hosts of a region are read at once' })
  .optional();

const hostValuesSchema = policyValuesSchema.extend({ lookBackHours: ofRead, shownHours: ofRead, deepReadDays: ofRead });

/** The policy of a group or a host: as that of a tenant, without what is read at once for a region. */
export const hostPolicySchema = hostValuesSchema.extend({
  metrics: z.partialRecord(z.enum(INSPECTED_METRICS), hostValuesSchema).optional(),
});

type PolicyValues = z.output<typeof policyValuesSchema>;
export type PolicyOverride = z.output<typeof policySchema>;

/** A policy with every value present. */
export type Policy = { readonly [Name in keyof PolicyValues]-?: NonNullable<PolicyValues[Name]> };

/**
 * The prior: few hosts of a fleet leak, but one that does is inspected until somebody mends it. (The bench has a leak in one
 * of twelve windows.)
 *
 * Within 6 h a morning ramp, a cache fill and a leak look alike, and CloudWatch bills per metric requested, not per
 * point: 100 h cost the money of 6 h. Six hours are what people want to see, so they are what is shown.
 */
export const DEFAULT_POLICY: Policy = {
  lookBackHours: 100,
  shownHours: 6,
  deepReadDays: DEEP_READ_DAYS,
  threshold: 0.7,
  environment: 'staging',
  prior: 0.03,
  recoverAfter: 4,
  early: 'notify',
};

/** The policies of the hosts of one account and region. */
export interface HostPolicies {
  /** Of a host that no rule matches. Its hours are those of the read. */
  readonly common: Policy;
  /** With the same hours as the common one. The same object for hosts that the same rules match. */
  of(host: Resource): Policy;
}

/** The names of the values, in the order in which they are shown. */
export const POLICY_FIELDS = [
  'lookBackHours',
  'shownHours',
  'deepReadDays',
  'threshold',
  'environment',
  'prior',
  'recoverAfter',
  'early',
] as const satisfies (keyof Policy)[];

/** One policy for all hosts. */
export function uniformPolicy(policy: Policy): HostPolicies {
  return { common: policy, of: () => policy };
}

/** The same policies with these values over each. */
export function overridden({ common, of }: HostPolicies, values: PolicyOverride | undefined): HostPolicies {
  if (values === undefined) return { common, of };
  const known = new WeakMap<Policy, Policy>();
  const withValues = (policy: Policy): Policy => {
    const before = known.get(policy);
    if (before !== undefined) return before;
    const merged = effectivePolicy(policy, values);
    known.set(policy, merged);
    return merged;
  };
  return { common: withValues(common), of: (host) => withValues(of(host)) };
}

/** Merges overrides over the default policy, the later ones winning. Values for single metrics are left out. */
export function effectivePolicy(...overrides: readonly (PolicyOverride | undefined)[]): Policy {
  return Object.assign({}, DEFAULT_POLICY, ...overrides.map(commonValues));
}

/** What an override sets for one metric: its values for the metric over its common ones. */
export function metricValues(metric: InspectedMetric, override: PolicyOverride): PolicyValues {
  return { ...commonValues(override), ...override.metrics?.[metric] };
}

function commonValues(override: PolicyOverride | undefined): PolicyValues {
  const { metrics: _, ...values } = override ?? {};
  return values;
}

/** The confidence from which a host counts as leaking under a policy: its threshold, by what the hosts are for. */
export function thresholdOf({
  threshold,
  environment,
}: Pick<Policy, 'threshold'> & Partial<Pick<Policy, 'environment'>>): number {
  const requested = threshold * ENVIRONMENTS[environment ?? DEFAULT_POLICY.environment];
  return Math.min(THRESHOLDS.greatest, Math.max(THRESHOLDS.least, requested));
}

function environmentsText(): string {
  return Object.entries(ENVIRONMENTS)
    .map(([name, factor]) => `${factor} in ${name}`)
    .join(', ');
}
