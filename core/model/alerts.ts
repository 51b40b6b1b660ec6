/** Whom a tenant has notified of what: the `alerts` of its config. Rules are data; the chain that reads them is core/incidents/policy. */
import * as z from 'zod';
import { CHANGE_KINDS } from './change.ts';
import { SEVERITIES } from './finding.ts';
import { globSchema } from './host-filter.ts';
import { FINDING_KINDS } from './metrics.ts';
import { ENVIRONMENTS, type HostEnvironment } from './policy.ts';
import { httpsSchema, receiverSchema } from './receiver.ts';
import { GRADES, PATTERN_NAMES } from './verdict.ts';

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'must be lower case letters, digits and inner dashes');
const timezone = z.string().max(64).default('UTC');
const globs = z.array(globSchema).min(1).max(100);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

/** Which hosts and changes something holds for. Every field that is given must match, any value of a list does. */
export const matchSchema = z
  .strictObject({
    accounts: globs.optional(),
    regions: globs.optional(),
    groups: globs.optional(),
    hosts: globs.optional(),
    labels: z.record(z.string().min(1).max(128), globSchema).optional(),
  })
  .readonly();

/** The first rule that matches a change decides it. */
const ruleSchema = z
  .strictObject({
    name,
    match: matchSchema.optional(),
    kinds: z.array(z.enum(CHANGE_KINDS)).min(1).optional(),
    findings: z.array(z.enum(FINDING_KINDS)).min(1).optional(),
    grades: z.array(z.enum(GRADES)).min(1).optional(),
    severities: z.array(z.enum(SEVERITIES)).min(1).optional(),
    patterns: z.array(z.enum(PATTERN_NAMES)).min(1).optional(),
    environments: z
      .array(z.enum(Object.keys(ENVIRONMENTS) as [HostEnvironment, ...HostEnvironment[]]))
      .min(1)
      .optional(),
    minConfidence: z.number().min(0).max(1).optional(),
    /** Percent of the memory, an hour. */
    minGrowthPerHour: z.number().min(0).max(100).optional(),
    /** Hours since the growth began. */
    minDurationHours: z.number().min(0).max(10_000).optional(),
    /** What it has grown by since it began, in percent of what it used then. */
    minGrownPercent: z.number().min(0).max(10_000).optional(),
    /** Cycles of the incident so far. */
    minOccurrences: z.int().min(1).max(1000).optional(),
    /** `page`: meant to wake somebody up; `notify`: sent, and meant to be read; `hold`: kept, not sent. */
    action: z.enum(['page', 'notify', 'hold']),
    /** No further notification of the incident by this rule within so many minutes. */
    cooldownMinutes: z.int().min(0).max(100_000).optional(),
  })
  .readonly();

const windowSchema = z
  .strictObject({
    name,
    /** When it begins: a cron expression of five fields in the time zone. */
    cron: z.string().max(100),
    durationMinutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60),
    timezone,
    match: matchSchema.optional(),
  })
  .readonly();

const quietHoursSchema = z
  .strictObject({
    from: time,
    to: time,
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .min(1)
      .optional(),
    timezone,
    /** What is as severe is sent all the same. */
    below: z.enum(SEVERITIES).default('critical'),
    match: matchSchema.optional(),
  })
  .readonly();

const routeSchema = z
  .strictObject({
    match: matchSchema.optional(),
    kinds: z.array(z.enum(CHANGE_KINDS)).min(1).optional(),
    severities: z.array(z.enum(SEVERITIES)).min(1).optional(),
    findings: z.array(z.enum(FINDING_KINDS)).min(1).optional(),
    receivers: z.array(name).max(20),
    /** Whether later routes are looked at too. */
    continue: z.boolean().default(false),
  })
  .readonly();

export const alertsSchema = z
  .strictObject({
    /** Messages state times in it beside UTC. Windows, quiet hours and digests have zones of their own. */
    timezone: z.string().max(64).optional(),
    /** Nothing is sent until then; a summary of what would have been follows. `budget`: pages a week. */
    shadow: z.strictObject({ until: z.iso.datetime(), budget: z.number().min(0).max(1000).optional() }).optional(),
    /** Many hosts of a group or an account that rise alike are one fleet incident; `false` turns it off. */
    storm: z
      .union([
        z.literal(false),
        z.strictObject({
          hosts: z.int().min(3).max(1000).optional(),
          withinHours: z.number().min(1).max(48).optional(),
        }),
      ])
      .optional(),
    maintenance: z.array(windowSchema).max(50).optional(),
    /** No further notification of an incident within so many hours, unless it is worse. */
    silenceHours: z.number().min(0).max(720).optional(),
    preset: z.enum(['default', 'precog']).optional(),
    /** Before those of the preset. */
    rules: z.array(ruleSchema).max(100).optional(),
    receivers: z.array(receiverSchema).max(20).optional(),
    routes: z.array(routeSchema).max(100).optional(),
    quietHours: z.array(quietHoursSchema).max(20).optional(),
    reminder: z
      .strictObject({
        afterHours: z.number().min(1).max(720),
        most: z.int().min(1).max(20).default(3),
        severities: z.array(z.enum(SEVERITIES)).min(1).optional(),
      })
      .optional(),
    escalation: z
      .strictObject({
        afterMinutes: z.int().min(10).max(10_000),
        receivers: z.array(name).min(1).max(20),
        severities: z.array(z.enum(SEVERITIES)).min(1).optional(),
      })
      .optional(),
    runbooks: z
      .array(
        z.strictObject({
          match: matchSchema.optional(),
          consumers: globs.optional(),
          url: httpsSchema,
        }),
      )
      .max(100)
      .optional(),
    /** Labels of hosts that are message attributes too, by which subscribers can filter. */
    attributeLabels: z.array(z.string().min(1).max(128)).max(3).optional(),
    digest: z
      .strictObject({
        every: z.enum(['day', 'week']),
        at: time.default('08:00'),
        day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']).default('mon'),
        timezone,
      })
      .optional(),
  })
  .describe('Who is notified of what, and when.');

export type Alerts = z.output<typeof alertsSchema>;
export type AlertRule = z.output<typeof ruleSchema>;
export type AlertMatch = z.output<typeof matchSchema>;
export type MaintenanceWindow = z.output<typeof windowSchema>;
export type QuietHours = z.output<typeof quietHoursSchema>;
