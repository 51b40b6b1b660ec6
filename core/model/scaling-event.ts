/** Scaling and deployment events: when the hosts of a group changed, and how. Kept to be shown where the growth of a host began. */
import * as z from 'zod';
import { describeIssues, parseInput } from './issues.ts';
import { ACCOUNT_PROVIDERS } from './series.ts';
import { tenantIdSchema } from './tenant.ts';

/**
 * What happened to the group. `changed`: its definition, so that hosts may be replaced. `resized`: its size was set; nobody states in
 * which direction.
 */
export const SCALING_KINDS = [
  'launched',
  'launch_failed',
  'terminated',
  'terminate_failed',
  'detached',
  'resized',
  'changed',
  'deleted',
  'refresh_started',
  'refresh_checkpoint',
  'refresh_baking',
  'refresh_succeeded',
  'refresh_failed',
  'refresh_cancelled',
  'rollback_started',
  'rollback_succeeded',
  'rollback_failed',
  /** Its software: whoever deploys it states so (`plimsoll deployments add`). */
  'deployed',
] as const;
export type ScalingKind = (typeof SCALING_KINDS)[number];

/** After these there are new hosts. An instance refresh reports each of its launches too. */
const BRINGS_HOSTS: ReadonlySet<ScalingKind> = new Set(['launched', 'resized', 'changed']);

/** Hosts that one event names at the most. */
const MAX_EVENT_HOSTS = 100;

/** The resource id of an instance in Azure holds the names of its resource group, its set and itself. */
const MAX_HOST_LENGTH = 700;

const name = z.string().min(1).max(300);

const eventFields = {
  version: z.literal(1),
  /** The provider's id of the event: the same event has the same one, however often it is delivered. */
  id: name,
  provider: z.enum(ACCOUNT_PROVIDERS),
  account: z.string().min(1).max(100),
  /** Null where the event does not state it: an Azure scale set is known by its resource group. */
  region: z.string().min(1).max(100).nullable(),
  /** The group as hosts name theirs; Azure's names are in lower case. */
  group: name,
  kind: z.enum(SCALING_KINDS),
  /** Of a deployment: the version that was deployed. */
  name: z.string().min(1).max(200).exactOptional(),
  /** Epoch milliseconds, within what a date can be meant for. */
  time: z
    .int()
    .min(Date.UTC(2010, 0, 1))
    .max(Date.UTC(2100, 0, 1)),
  /** Ids of the hosts, where the event names them. */
  hosts: z.array(z.string().min(1).max(MAX_HOST_LENGTH)).max(MAX_EVENT_HOSTS).readonly(),
};

/** An event as its provider reported it: of which tenants it is has still to be found. */
export const reportedEventSchema = z.strictObject(eventFields).readonly();
export type ReportedEvent = z.output<typeof reportedEventSchema>;

export const scalingEventSchema = z.strictObject({ ...eventFields, tenant: tenantIdSchema }).readonly();
export type ScalingEvent = z.output<typeof scalingEventSchema>;

/** Whether new hosts begin with it, which are then compared with the others of their group. */
export function bringsHosts({ kind }: Pick<ScalingEvent, 'kind'>): boolean {
  return BRINGS_HOSTS.has(kind);
}

/** What a provider's event was read as. `ignored`: it is as documented, and not about the hosts of a group. */
export type ReadEvent =
  | { readonly kind: 'event'; readonly event: ReportedEvent }
  | { readonly kind: 'ignored' | 'malformed'; readonly reason: string };

/** An event from what its provider wrote, or what of it nobody can use. */
export function readEventOf(facts: z.input<typeof reportedEventSchema>): ReadEvent {
  const parsed = parseInput(reportedEventSchema, facts);
  if (parsed.success) return { kind: 'event', event: parsed.data };
  return { kind: 'malformed', reason: `the event is not one that can be kept: ${describeIssues(parsed.error)[0]}` };
}
