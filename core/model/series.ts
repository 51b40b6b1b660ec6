/**
 * The vocabulary of measurements: what is measured (a resource), when (a window), and what came back (a reading).
 * Nothing here decides anything. A missing sample is absent; it is never 0, NaN or null.
 */

import * as z from 'zod';
import type { TimeNotation } from './notation.ts';

/** The clouds that are read: the only list of them. They have regions, directories of accounts, and events of their groups. */
export const CLOUD_PROVIDERS = ['aws', 'gcp', 'azure'] as const;
export type CloudProvider = (typeof CLOUD_PROVIDERS)[number];

/** What people call them. */
export const CLOUD_NAMES: Readonly<Record<CloudProvider, string>> = { aws: 'AWS', gcp: 'Google Cloud', azure: 'Azure' };

export function isCloudProvider(provider: string): provider is CloudProvider {
  return CLOUD_PROVIDERS.some((one) => one === provider);
}

/** Whose accounts a config has and schedules inspect: the clouds, Prometheus servers, and hosts that send by OTLP. */
export const ACCOUNT_PROVIDERS = [...CLOUD_PROVIDERS, 'prometheus', 'otlp'] as const;
export type AccountProvider = (typeof ACCOUNT_PROVIDERS)[number];

/** What people call them. */
export const PROVIDER_NAMES: Readonly<Record<AccountProvider, string>> = {
  ...CLOUD_NAMES,
  prometheus: 'Prometheus',
  otlp: 'OpenTelemetry',
};

/** The region of an account that has none, as a Prometheus server, or hosts that send by OTLP: keys, messages and results need one. */
export const NO_REGION = 'global';

/** Where hosts can be: in an account, or `local` for recordings and trace files. */
export const PROVIDERS = [...ACCOUNT_PROVIDERS, 'local'] as const;

/** `By` is bytes, `1` a fraction of the limit in [0, 1] (UCUM codes, as OpenTelemetry writes them). Percent stops at the adapter. */
export const UNITS = ['By', '1'] as const;
export type Unit = (typeof UNITS)[number];

/** How the samples of one period were folded, always of memory *used*: a minimum of used is a maximum of available. */
export type Statistic = 'average' | 'minimum' | 'maximum';

/** One region of one provider account: what a source reads. `region` is null where a source has none. */
export const scopeSchema = z
  .strictObject({ provider: z.enum(PROVIDERS), account: z.string(), region: z.string().nullable() })
  .readonly();

export type Scope = z.output<typeof scopeSchema>;

/** Of a provider that has regions. */
export type InRegion<Located extends Scope> = Located & { readonly region: string };

/** Texts by name, taken as they are: a record's copy would lose a label that is called `__proto__`. */
const labelsSchema = z.custom<Readonly<Record<string, string>>>(isTextByName, 'must be texts by name').meta({
  type: 'object',
  additionalProperties: { type: 'string' },
});

/** What a host is where it is no machine: a container of a pod, or a task of ECS. */
export const HOST_KINDS = ['container', 'task'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

/**
 * A host as its provider names it. `account` is an AWS account, a Google Cloud project, an Azure subscription, a
 * Prometheus server, or the name under which hosts send by OTLP.
 *
 * A container or a task is a host of its own, because its limit is its own: it is killed at that limit while its node has memory left.
 */
export const resourceSchema = scopeSchema
  .unwrap()
  .extend({
    id: z.string(),
    name: z.string().exactOptional(),
    /** Absent of a machine, and in what was stored before there were containers. */
    kind: z.enum(HOST_KINDS).exactOptional(),
    /** The Auto Scaling group, managed instance group or scale set of a machine; the workload of a container, the service of a task. */
    group: z.string().exactOptional(),
    labels: labelsSchema.exactOptional(),
  })
  .readonly();

export type Resource = z.output<typeof resourceSchema>;

/**
 * Who uses a part of a host's memory. Processes of one name are one consumer: their memory is summed, because a process
 * that is restarted comes back under another pid and is still the one that leaks.
 */
export const consumerSchema = z
  .strictObject({
    kind: z.enum(['process', 'pod', 'container']),
    /** A process's executable name, a pod's or a container's name. Never a command line, which can carry passwords. */
    name: z.string(),
    /** Of a pod or a container. */
    namespace: z.string().exactOptional(),
  })
  .readonly();

export type Consumer = z.output<typeof consumerSchema>;

/** A half-open span of time, `start <= t < end`. */
export function windowSchema<Time extends z.ZodType>({ time }: TimeNotation<Time>) {
  return z.strictObject({ start: time, end: time }).readonly();
}

/** A half-open span of time, `start <= t < end`, in milliseconds since the epoch. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** What to ask a source for: a window aligned to the period, and how each period is folded. */
export interface Span {
  readonly window: Window;
  readonly periodMs: number;
  readonly statistic: Statistic;
}

/**
 * One metric of one host over a window.
 *
 * `times` are the starts of periods in milliseconds since the epoch; `values` has the same length and is in `unit`.
 * A source promises order and finite values where its provider does; `detect` cleans what arrives regardless.
 * `limit` is the host's capacity in bytes, where known and where `unit` is bytes (a fraction carries its own limit); also in
 * a consumer's series, whose own limit is of no interest here. A consumer's fraction has a limit of 1 where it is of the host's capacity.
 */
export interface Series {
  readonly kind: 'series';
  readonly resource: Resource;
  /** Whose memory this is, where it is not that of the entire host. */
  readonly consumer?: Consumer;
  /** OpenTelemetry's name, for example `system.memory.utilization`. */
  readonly metric: string;
  readonly unit: Unit;
  readonly limit?: number;
  readonly statistic: Statistic;
  readonly window: Window;
  readonly periodMs: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export const UNREADABLE_REASONS = [
  'denied',
  'not_found',
  'throttled',
  'timeout',
  'truncated',
  'malformed',
  'unavailable',
] as const;
export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/** Something that should have been read and was not. Never health: a run with one of these is partial. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly scope: Resource | Scope;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

/**
 * A host that is there and whose memory is not collected: a matter of coverage, not a failed read.
 * `not_reported` never reported, `stopped_reporting` used to (an agent that died), `unsupported` cannot. Of a host's
 * consumers also `incommensurable`: there are figures, and they cannot be held against the host's memory.
 */
export interface NotMonitored {
  readonly kind: 'not_monitored';
  readonly resource: Resource;
  readonly reason: 'not_reported' | 'stopped_reporting' | 'unsupported' | 'incommensurable';
  /** What the owner of the host can do about it. */
  readonly hint: string;
}

export type Reading = Series | Unreadable | NotMonitored;

/**
 * Collectors that divide by another total than the kernel's report a little over 1. Up to this share of its limit a host reads
 * as full; what is beyond is in another unit, or of something else. (Convention; no measurement behind the 5 %.)
 */
export const OVER_FULL = 1.05;

/** OpenTelemetry's metric name for the fraction of a host's memory that is used. */
export const MEMORY_UTILIZATION = 'system.memory.utilization' as const;

/** OpenTelemetry's metric name for the bytes of a host's memory that are used: where the capacity is not known. */
export const MEMORY_USAGE = 'system.memory.usage' as const;

/** OpenTelemetry's metric names for the bytes that a process, or a pod, keeps in a host's memory. */
export const PROCESS_MEMORY = 'process.memory.usage' as const;
export const POD_MEMORY = 'k8s.pod.memory.usage' as const;

/** OpenTelemetry's metric name for used swap. */
export const PAGING_USAGE = 'system.paging.usage' as const;

/** OpenTelemetry's metric name for page faults. Those of the type `major` are read: a page had to come from disk. */
export const PAGING_FAULTS = 'system.paging.faults' as const;

/** OpenTelemetry's metric name for the bytes that a container uses. */
export const CONTAINER_MEMORY = 'container.memory.usage' as const;

/** OpenTelemetry's metric name for a pod's memory as a fraction of that of the node that it runs on. */
export const POD_NODE_UTILIZATION = 'k8s.pod.memory.node.utilization' as const;

function isTextByName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((entry) => typeof entry === 'string');
}

/** Whether a failure concerns one host rather than an entire account and region. */
export function isResource(scope: Resource | Scope): scope is Resource {
  return 'id' in scope;
}
