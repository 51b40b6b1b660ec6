/** Turns input from outside into a tenant's config, or names everything that is wrong with it. */
import { Cron } from 'croner';
import { describeIssues } from '../model/issues.ts';
import { effectivePolicy, type Policy } from '../model/policy.ts';
import { type Account, type TenantConfig, tenantConfigSchema } from '../model/tenant.ts';
import { InvalidInputError } from './errors.ts';

/** Days that a monthly estimate counts: the mean length of a month is 30.44 days. */
const DAYS_PER_MONTH = 30.44;
const DAY = 86_400_000;

/** The config that `input` describes. Throws `InvalidInputError` with one issue per wrong field. */
export function parseTenantConfig(input: unknown): TenantConfig {
  const parsed = tenantConfigSchema.safeParse(input);
  const issues = parsed.success ? cronIssues(parsed.data) : describeIssues(parsed.error);
  if (!parsed.success || issues.length > 0) throw new InvalidInputError('The tenant config', issues);
  return parsed.data;
}

/** The policy for an account's hosts: defaults, then the tenant's overrides, then the account's. */
export function policyFor(config: TenantConfig, account: Account): Policy {
  return effectivePolicy(config.policy, account.policy);
}

/** How often the account's schedule is due in a month, counted from `from` (epoch ms) because cron has no closed form. */
export function runsPerMonth({ schedule }: Account, from: number): number {
  const cron = new Cron(schedule.cron, { timezone: schedule.timezone, paused: true });
  const week = from + 7 * DAY;
  let runs = 0;
  for (let at = cron.nextRun(new Date(from)); at !== null && at.getTime() <= week; at = cron.nextRun(at)) runs++;
  return (runs / 7) * DAYS_PER_MONTH;
}

/** A cron expression has the right number of fields by its schema; whether they mean anything only a cron parser knows. */
function cronIssues({ accounts }: TenantConfig): string[] {
  return accounts.flatMap(({ schedule }, index) => {
    try {
      new Cron(schedule.cron, { paused: true });
      return [];
    } catch (error) {
      return [`accounts[${index}].schedule.cron: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}
