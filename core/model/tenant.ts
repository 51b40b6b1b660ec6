/** A tenant's config: which accounts are inspected, when, and how. Strict, so that a misspelled field is reported and not ignored. */
import * as z from 'zod';
import { alertsSchema } from './alerts.ts';
import { anomalyIssues } from './anomaly-job.ts';
import { awsAccountSchema } from './aws-account.ts';
import { azureAccountSchema } from './azure-account.ts';
import { cadenceSchema, costCapSchema } from './cadence.ts';
import { gcpAccountSchema } from './gcp-account.ts';
import { hostFilterSchema } from './host-filter.ts';
import { linksSchema } from './link-template.ts';
import { otlpAccountSchema } from './otlp-account.ts';
import { policySchema } from './policy.ts';
import { policyRuleFields } from './policy-rules.ts';
import { prometheusAccountSchema } from './prometheus-account.ts';

/** The id becomes part of topic names, table keys and event sources: lower case letters, digits and inner dashes. */
export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be 1 to 40 lower case letters, digits and inner dashes');

/** One account of one provider. A further provider adds a member here. */
export const accountSchema = z.discriminatedUnion('provider', [
  awsAccountSchema,
  gcpAccountSchema,
  azureAccountSchema,
  prometheusAccountSchema,
  otlpAccountSchema,
]);

export const tenantConfigSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    tenant: tenantIdSchema,
    name: z.string().min(1).max(200).optional(),
    enabled: z.boolean().default(true),
    hosts: hostFilterSchema.optional(),
    policy: policySchema.optional(),
    ...policyRuleFields,
    cadence: cadenceSchema.optional(),
    costCap: costCapSchema.optional(),
    alerts: alertsSchema.optional(),
    links: linksSchema.optional(),
    accounts: z.array(accountSchema).min(1).max(1000),
  })
  .superRefine(({ accounts }, context) => {
    const seen = new Set<string>();
    accounts.forEach((entry, index) => {
      const { provider, account } = entry;
      for (const { path, message } of anomalyIssues(entry)) {
        context.addIssue({ code: 'custom', path: ['accounts', index, ...path], message });
      }
      const key = `${provider}/${account}`;
      if (seen.has(key)) {
        context.addIssue({
          code: 'custom',
          path: ['accounts', index, 'account'],
          message: `names ${key} a second time`,
        });
      }
      seen.add(key);
    });
  });

export type Account = z.output<typeof accountSchema>;
export type TenantConfig = z.output<typeof tenantConfigSchema>;

/** What applies to all tenants of a deployment, where they set nothing else: one document, stored and versioned as configs are. */
export const deploymentDefaultsSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  policy: policySchema.optional(),
});

export type DeploymentDefaults = z.output<typeof deploymentDefaultsSchema>;

/** The deployment's defaults as they are kept. */
export interface StoredDefaults {
  readonly defaults: DeploymentDefaults;
  /** 1 for the first that were put, one more for each later one. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly putAt: number;
  /** The ARN of the caller who put it; absent where it is not known. */
  readonly putBy?: string;
}

/**
 * What is left of a deleted tenant until its results are gone. Until then nobody can take its id: whoever did would find the results of
 * another one among its own.
 */
export interface DeletedTenant {
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly deletedAt: number;
  /** Epoch milliseconds from which its results are removed. */
  readonly resultsUntil: number;
}

/** A deletion that has begun and is not finished. */
export interface TenantDeletion {
  /** Since when the tenant is disabled at the least, epoch milliseconds: its id is free some time after it. */
  readonly disabledAt: number;
}

/**
 * A config as it is kept. The external id is made by us before the first config is put and never taken from a config:
 * a tenant that could choose it could have us assume another tenant's role (the confused deputy).
 */
export interface StoredTenant {
  readonly config: TenantConfig;
  /** 1 for the first config put, one more for each later one. */
  readonly version: number;
  readonly externalId: string;
  /** Epoch milliseconds. */
  readonly putAt: number;
  /** The ARN of the caller who put it; absent where it is not known. */
  readonly putBy?: string;
  /** Of a version with which the tenant's deletion began, at `putAt`: it is disabled, and its incidents and runs are gone. */
  readonly deletion?: TenantDeletion;
  /** What the deployment has for all tenants now; absent where it has nothing, and of a version that was requested. */
  readonly defaults?: DeploymentDefaults;
  /** Epoch milliseconds: when these defaults were put. */
  readonly defaultsPutAt?: number;
}

/** The JSON Schema of a config, for editors and for `tenants validate` elsewhere. */
export function tenantConfigJsonSchema(): object {
  return z.toJSONSchema(tenantConfigSchema, { io: 'input', target: 'draft-2020-12' });
}
