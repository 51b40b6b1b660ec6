/** What an account of a tenant's config has, whatever its provider. */
import * as z from 'zod';
import { alertsSchema } from './alerts.ts';
import { anomalyFields } from './anomaly-job.ts';
import { cadenceSchema } from './cadence.ts';
import { hostFilterSchema } from './host-filter.ts';
import { linksSchema } from './link-template.ts';
import { policySchema } from './policy.ts';
import { policyRuleFields } from './policy-rules.ts';
import { isTimeZone } from './time-zone.ts';

const CRON_FIELDS = /^(\S+\s+){4}\S+$/;

const scheduleSchema = z.strictObject({
  cron: z
    .string()
    .regex(CRON_FIELDS, 'must have five fields: minute hour day-of-month month day-of-week')
    .default('0 * * * *'),
  timezone: z.string().refine(isTimeZone, 'must be an IANA time zone, for example Europe/Berlin').default('UTC'),
});

/** Spread into an account's strict object, beside what its provider needs. */
export const accountFields = {
  enabled: z.boolean().default(true),
  schedule: scheduleSchema.prefault({}),
  hosts: hostFilterSchema.optional(),
  policy: policySchema.optional(),
  ...policyRuleFields,
  cadence: cadenceSchema.optional(),
  ...anomalyFields,
  alerts: alertsSchema.optional().describe('Each field goes before that of the tenant.'),
  links: linksSchema.optional().describe('Beside those of the tenant.'),
};

/**
 * Whether containers are read beside machines.
 *
 * @param fallback Where a config does not state it: the metrics of containers cost in the clouds, and nothing more in a Prometheus.
 */
export function containersOf(fallback: boolean) {
  return z
    .boolean()
    .default(fallback)
    .describe(
      'Whether containers and tasks are inspected against their limits too: docs/containers.md has what it costs.',
    );
}

/**
 * The last part of the address at which a tenant's events are received: a random text that the operator chooses. It is not the proof
 * of who sends, which is the token: it makes each tenant's address, and so the audience of its tokens, one that nobody guesses.
 */
export const eventPathSchema = z
  .string()
  .regex(/^[\w-]{22,100}$/, 'must be 22 to 100 random letters, digits, _ and -: openssl rand -hex 16 makes 32')
  .describe('The random last part of the address at which events are received.');

/** The regions of an account: one source each. `region` is the schema of one of them. */
export function regionsOf(region: z.ZodString) {
  return z
    .array(region)
    .min(1)
    .max(40)
    .refine((regions) => new Set(regions).size === regions.length, 'must name each region once');
}
