/** The request for an inspection: what a schedule, a person or a scaling event puts on a queue, or hands to a function. */
import * as z from 'zod';
import { jobNameSchema } from './anomaly-job.ts';
import { LOOK_BACK_HOURS } from './policy.ts';
import { ACCOUNT_PROVIDERS } from './series.ts';
import { tenantIdSchema } from './tenant.ts';

/** Milliseconds by which the clock of a message's sender may be ahead of ours. What is dated later is a mistake. */
export const CLOCK_SKEW_MS = 15 * 60_000;

/** Characters of a message's body. A message that names all regions of a cloud is far below it. */
export const MAX_MESSAGE_LENGTH = 64 * 1024;

/** The longest past window that a request may replay, in milliseconds: what providers keep at the resolution that is read. */
const MAX_REPLAY_MS = 31 * 24 * 3_600_000;

/** What requests inspections. Only those of a schedule end incidents, and only those are missed. */
export const TRIGGERS = ['schedule', 'on_demand', 'scaling'] as const;
export type Trigger = (typeof TRIGGERS)[number];

const nameSchema = z.string().min(1).max(200);

/** No provider has samples of a time before it. */
const EARLIEST = Date.UTC(2010, 0, 1);

const timeSchema = z.iso
  .datetime()
  .refine((text) => Date.parse(text) >= EARLIEST, 'must be 2010 or later: no provider has older samples');

/** The group that scaled, and when: its new hosts are compared with others of the group at the same age. */
const scalingSchema = z.strictObject({ group: z.string().min(1).max(300), at: z.iso.datetime() }).readonly();

/** By which a request is known when it comes again. */
export const requestIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:-]{0,99}$/, 'must be 1 to 100 of A-Z, a-z, 0-9 and . _ : -, the first not punctuation');

const requestSchema = z.strictObject({
  version: z.literal(1),
  /** Whoever sends the same id again gets the answer of the first time. Absent: each message is a request of its own. */
  id: requestIdSchema.optional(),
  tenant: tenantIdSchema,
  /** Needed where two accounts of the tenant have the same name in different clouds. */
  provider: z.enum(ACCOUNT_PROVIDERS).optional(),
  /** Absent: all accounts of the tenant. */
  account: nameSchema.optional(),
  /** See `triggerOf`. */
  trigger: z.enum(TRIGGERS).optional(),
  /**
   * When the inspection was due. The window ends by this and not by the clock: a retry evaluates the same samples. Absent: the
   * last firing of the account's schedule where that is the trigger, else the time at which the message was sent.
   */
  scheduledTime: timeSchema.optional(),
  /** Absent: all regions of the account. */
  regions: z.array(nameSchema).min(1).max(200).optional(),
  /** Ids of hosts, with * and ?. Absent: all that the config admits. */
  hosts: z.array(nameSchema).min(1).max(100).optional(),
  /** Only hosts of this group, with * and ?. */
  group: nameSchema.optional(),
  /** Hours of history instead of those of the policy. */
  lookBackHours: z.int().min(LOOK_BACK_HOURS.least).max(LOOK_BACK_HOURS.greatest).optional(),
  /** A past window to replay, inspection by inspection: nothing of it is recorded as an incident or published. */
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  scaling: scalingSchema.optional(),
  /** A job of the account that inspects for anomalies, instead of the inspection for leaks: docs/anomalies.md. */
  job: jobNameSchema.optional(),
});

/** As anybody may send it. */
export const inspectionRequestSchema = requestSchema.superRefine(checkRequest);
export type InspectionRequest = z.output<typeof inspectionRequestSchema>;

/** As an inspect function takes it: of one account, and due at a time. */
export const inspectMessageSchema = requestSchema
  .required({ provider: true, account: true, scheduledTime: true })
  .superRefine(checkRequest);
export type InspectMessage = z.output<typeof inspectMessageSchema>;

/** What narrows or changes an inspection beside regions: hosts or a window that are not those of the schedule. */
const NARROWING = ['hosts', 'group', 'lookBackHours'] as const;

/**
 * What requested it. A message that only states when it was due is a schedule's: the first version had no other. One that narrows
 * the inspection or has an id is not: a run of the schedule stands for all hosts of a region.
 */
export function triggerOf(request: Omit<InspectionRequest, 'version' | 'tenant'>): Trigger {
  const { trigger, scheduledTime, from, id } = request;
  if (trigger !== undefined) return trigger;
  const isOwn = id !== undefined || from !== undefined || NARROWING.some((field) => request[field] !== undefined);
  return scheduledTime === undefined || isOwn ? 'on_demand' : 'schedule';
}

/** Equal for requests that ask for the same inspection, whoever wrote them. SHA-256, in base64url. */
export async function requestDigest(request: InspectionRequest): Promise<string> {
  const entries = Object.entries({ ...request, trigger: triggerOf(request) });
  const given = entries.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(given));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64url');
}

type RequestFacts = Omit<z.output<typeof requestSchema>, 'version' | 'tenant'>;
type Issue = (path: string, message: string) => void;

/** Facts of a request that only make sense together. */
function checkRequest(request: RequestFacts, { addIssue }: z.core.$RefinementCtx): void {
  const { trigger, scaling } = request;
  const issue: Issue = (path, message) => addIssue({ code: 'custom', path: [path], message });
  checkReplay(request, issue);
  const narrowing = trigger === 'schedule' ? NARROWING.filter((field) => request[field] !== undefined) : [];
  for (const field of narrowing)
    issue(field, 'an inspection of the schedule cannot be narrowed; use the trigger on_demand');
  if ((trigger === 'scaling') !== (scaling !== undefined)) issue('scaling', 'belongs to the trigger scaling');
  checkJob(request, issue);
}

/** Points that a job has taken in are not taken in again: whoever wants to look at a past replays it at a prompt. */
function checkJob({ job, trigger, account, id }: RequestFacts, issue: Issue): void {
  if (job === undefined) return;
  if (trigger !== 'schedule')
    issue('job', 'belongs to the trigger schedule: inspect --metric inspects at any other time, and records nothing');
  if (account === undefined) issue('account', 'is needed of a job: it belongs to one account');
  if (id !== undefined) issue('id', 'is of requests that are answered; what a job finds is kept as its results');
}

function checkReplay({ from, to, trigger }: RequestFacts, issue: Issue): void {
  if ((from === undefined) !== (to === undefined))
    issue(from === undefined ? 'from' : 'to', 'from and to belong together');
  if (from === undefined || to === undefined) return;
  const length = Date.parse(to) - Date.parse(from);
  if (length <= 0) issue('to', 'must be after from');
  else if (length > MAX_REPLAY_MS) issue('to', `must be at most ${MAX_REPLAY_MS / (24 * 3_600_000)} days after from`);
  if (trigger !== undefined && trigger !== 'on_demand') issue('trigger', 'a past window is replayed on demand alone');
}
