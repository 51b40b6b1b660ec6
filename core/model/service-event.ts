/**
 * What Plimsoll publishes about itself, beside the notifications about hosts: an account that is not inspected, agents that stopped, a
 * cadence that a cost cap changed, jobs that inspect nothing, a receiver that takes nothing, tests and digests, and once a day that it is alive. Each is a CloudEvents
 * 1.0 event whose size does not grow with the fleet.
 */
import * as z from 'zod';
import { jobCadenceSchema, quietHoursSchema } from './cadence.ts';
import { digestFields, shadowSummaryFields } from './digest.ts';
import { SEVERITIES, type Severity } from './finding.ts';
import { isoText, isoTime } from './notation.ts';
import type { Notification } from './notification.ts';
import { ACCOUNT_PROVIDERS } from './series.ts';
import { monthSchema } from './spend.ts';

export const SERVICE_EVENT_KINDS = [
  'inspection_failed',
  'inspection_restored',
  'agents_stopped',
  'cadence_reduced',
  'cadence_restored',
  'jobs_failed',
  'jobs_restored',
  'alive',
  'receiver_failing',
  'receiver_restored',
  'test',
  'digest',
  'shadow_summary',
] as const;
export type ServiceEventKind = (typeof SERVICE_EVENT_KINDS)[number];

/** The `type` of the event, and how urgent it is. */
export const SERVICE_EVENTS: Readonly<
  Record<ServiceEventKind, { readonly type: string; readonly severity: Severity }>
> = {
  inspection_failed: { type: 'plimsoll.inspection.failed', severity: 'high' },
  inspection_restored: { type: 'plimsoll.inspection.restored', severity: 'low' },
  agents_stopped: { type: 'plimsoll.agents.stopped', severity: 'medium' },
  cadence_reduced: { type: 'plimsoll.cadence.reduced', severity: 'medium' },
  cadence_restored: { type: 'plimsoll.cadence.restored', severity: 'low' },
  jobs_failed: { type: 'plimsoll.jobs.failed', severity: 'medium' },
  jobs_restored: { type: 'plimsoll.jobs.restored', severity: 'low' },
  alive: { type: 'plimsoll.alive', severity: 'low' },
  receiver_failing: { type: 'plimsoll.receiver.failing', severity: 'high' },
  receiver_restored: { type: 'plimsoll.receiver.restored', severity: 'low' },
  test: { type: 'plimsoll.test', severity: 'low' },
  digest: { type: 'plimsoll.digest', severity: 'low' },
  shadow_summary: { type: 'plimsoll.shadow.summary', severity: 'low' },
};

const count = z.int().min(0);

const shared = {
  tenant: z.string(),
  /** The stage of the deployment that published it: commands in messages name it. */
  stage: z.string().max(64).optional(),
  severity: z.enum(SEVERITIES),
  /** One sentence for a subject line. */
  summary: z.string(),
};

const account = { provider: z.enum(ACCOUNT_PROVIDERS), account: z.string() };

/** Two inspections in a row that ended in part, or did not happen at all. */
const FAILED_REGION_STATUSES = ['partial', 'missed'] as const;

const failedRegionSchema = z.strictObject({
  region: z.string(),
  status: z.enum(FAILED_REGION_STATUSES),
  /** The slot of the first inspection that failed. */
  since: isoTime,
  /** Why, in words. */
  message: z.string(),
});

const failedSchema = z.strictObject({
  kind: z.literal('inspection_failed'),
  ...shared,
  ...account,
  since: isoTime,
  /** How many regions of the account are configured. */
  regionsConfigured: count,
  regions: z.array(failedRegionSchema).min(1).max(40),
});

const restoredSchema = z.strictObject({
  kind: z.literal('inspection_restored'),
  ...shared,
  ...account,
  /** As in the event of the failure. */
  since: isoTime,
});

const stoppedSchema = z.strictObject({
  kind: z.literal('agents_stopped'),
  ...shared,
  ...account,
  day: z.iso.date(),
  hosts: count,
  /** The first few of them in words. */
  first: z.array(z.string()).max(5),
});

const cadenceFields = {
  ...shared,
  day: z.iso.date(),
  /** The month (UTC) whose costs are counted. */
  month: monthSchema,
  /** Hours between two inspections of a quiet host, from now on and before; 0 where every slot inspects it. */
  quietHours: quietHoursSchema,
  quietHoursBefore: quietHoursSchema,
  /** Hours that lie at the least between two inspections of a job whose reads cost something; 0 where its config decides. */
  jobs: jobCadenceSchema.default(0),
  jobsBefore: jobCadenceSchema.default(0),
  /** US dollars that providers charge for the reads of the month: the cap, until now, and at its end. Null where the cap was removed. */
  capUsd: z.number().nullable(),
  spentUsd: z.number(),
  projectedUsd: z.number(),
  /** How much the month will be above the cap all the same; 0 where it will not. */
  exceedsUsd: z.number(),
};

const reducedSchema = z.strictObject({ kind: z.literal('cadence_reduced'), ...cadenceFields });
const fasterSchema = z.strictObject({ kind: z.literal('cadence_restored'), ...cadenceFields });

/** Of anomaly inspection: they inspect nothing for half an hour. */
const jobsFailedSchema = z.strictObject({
  kind: z.literal('jobs_failed'),
  ...shared,
  since: isoTime,
  /** How many jobs fail, each in an account and region. */
  failing: count,
  /** The first few of them. */
  jobs: z
    .array(
      z.strictObject({
        job: z.string(),
        ...account,
        region: z.string().nullable(),
        state: z.enum(['failing', 'overdue']),
        /** Why, in words; empty where that is not known. */
        message: z.string().max(500),
      }),
    )
    .min(1)
    .max(10),
});

const jobsRestoredSchema = z.strictObject({
  kind: z.literal('jobs_restored'),
  ...shared,
  /** As in the event of the failure. */
  since: isoTime,
});

const aliveSchema = z.strictObject({
  kind: z.literal('alive'),
  ...shared,
  day: z.iso.date(),
  /** Of the accounts that are enabled. */
  accounts: z.strictObject({ enabled: count, failing: count }),
  /** By the state of their newest inspection; `waiting` for their first. */
  regions: z.strictObject({ complete: count, partial: count, missed: count, waiting: count }),
  hosts: z.strictObject({ known: count, inspected: count, notMonitored: count, unreadable: count }),
  /** Hosts that grow like a leak. */
  leaking: count,
  /** US dollars that providers charge for the reads. */
  costPerMonth: z.number(),
  /** The inspections that are due next, soonest first. */
  next: z.array(z.strictObject({ ...account, at: isoTime })).max(10),
});

const receiver = z.string().max(64);

const receiverFailingSchema = z.strictObject({
  kind: z.literal('receiver_failing'),
  ...shared,
  receiver,
  /** What it is: `slack`, `webhook` … */
  type: z.string().max(64),
  since: isoTime,
  /** Why, in words that hold no secret. */
  message: z.string().max(500),
});

const receiverRestoredSchema = z.strictObject({
  kind: z.literal('receiver_restored'),
  ...shared,
  receiver,
  /** As in the event of the failure. */
  since: isoTime,
});

const testSchema = z.strictObject({
  kind: z.literal('test'),
  ...shared,
  /** What the person types back who reads it, so that the way to him is proved. */
  code: z.string().min(4).max(20),
  /** Names of the receivers that it is for; absent where it is for all. */
  receivers: z.array(receiver).max(20).optional(),
});

const digestSchema = z.strictObject({ kind: z.literal('digest'), ...shared, ...digestFields });
const shadowSummarySchema = z.strictObject({ kind: z.literal('shadow_summary'), ...shared, ...shadowSummaryFields });

const dataSchema = z.discriminatedUnion('kind', [
  failedSchema,
  restoredSchema,
  stoppedSchema,
  reducedSchema,
  fasterSchema,
  jobsFailedSchema,
  jobsRestoredSchema,
  aliveSchema,
  receiverFailingSchema,
  receiverRestoredSchema,
  testSchema,
  digestSchema,
  shadowSummarySchema,
]);

export const serviceEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  /** Tenant, account, kind and since when or which day: the same event has the same id however often it is sent. */
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string(),
  time: isoTime,
  datacontenttype: z.literal('application/json'),
  data: dataSchema,
});

export type FailedRegion = z.output<typeof failedRegionSchema>;
export type ServiceEventData = z.output<typeof dataSchema>;
export type ServiceEvent = z.output<typeof serviceEventSchema>;

/** All that a tenant's topic carries. */
export type PublishedEvent = Notification | ServiceEvent;

export function isServiceEvent(event: PublishedEvent): event is ServiceEvent {
  return SERVICE_EVENT_KINDS.some((kind) => kind === event.data.kind);
}

interface ServiceEventFacts {
  readonly source: string;
  readonly subject: string;
  /** Deterministic: what is published twice has one id. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The data in its envelope. */
export function serviceEvent(data: ServiceEventData, { source, subject, id, now }: ServiceEventFacts): ServiceEvent {
  const { type } = SERVICE_EVENTS[data.kind];
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: isoText(now),
    datacontenttype: 'application/json',
    data,
  };
}
