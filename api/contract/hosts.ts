/** Hosts as the newest runs left them, and one host's memory as its cloud holds it now. */
import * as z from 'zod';
import { PATTERN_NAMES } from '../../core/model/verdict.ts';
import {
  count,
  curveView,
  exhaustionView,
  grade,
  hostView,
  provider,
  severity,
  spanView,
  time,
  unit,
} from './places.ts';
import { csv, pageOf, pageQuery, type Route, refSchema } from './route.ts';

export const HOST_VERDICTS = ['leaking', 'steady', 'insufficient_data', 'not_monitored', 'unreadable'] as const;

/** One row of the list. Growth is per hour; growth and level are in `unit`: `1` is a fraction of the memory, `By` bytes. */
export const hostRow = hostView.extend({
  asOf: time,
  verdict: z.enum(HOST_VERDICTS),
  grade: grade.nullable(),
  confidence: z.number().nullable(),
  unit: unit.nullable(),
  level: z.number().nullable(),
  growth: z.number().nullable(),
  growthLow: z.number().nullable(),
  growthHigh: z.number().nullable(),
  pattern: z.enum(PATTERN_NAMES).nullable(),
  since: time.nullable(),
  exhaustion: exhaustionView.nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** Its incident that is not closed, if there is one. */
  incident: z.strictObject({ ref: refSchema, status: z.string(), severity, acknowledged: z.boolean() }).nullable(),
});
export type HostRow = z.output<typeof hostRow>;

/** Levels at the ends of the newest runs, the oldest first; null where a run has none. */
export const sparklineView = z.strictObject({
  ref: refSchema,
  times: z.array(time),
  values: z.array(z.number().nullable()),
});
export type SparklineView = z.output<typeof sparklineView>;

const interval = z.strictObject({ low: z.number(), estimate: z.number(), high: z.number() });

export const checkView = z.strictObject({
  name: z.string(),
  message: z.string(),
  value: z.number().nullable(),
  comparison: z.enum(['at_least', 'at_most']),
  limit: z.number(),
  unit: z.string(),
  passed: z.boolean(),
  /** What it adds to the log-odds of a leak; null where the verdict has none. */
  weight: z.number().nullable(),
});
export type CheckView = z.output<typeof checkView>;

const consumerView = z.strictObject({
  kind: z.enum(['process', 'pod', 'container']),
  name: z.string(),
  namespace: z.string().nullable(),
  /** Bytes: at the beginning and at the end of the compared segment. */
  before: z.number(),
  after: z.number(),
  rise: interval,
  /** Of the total rise; null where that is not clearly above zero. */
  share: interval.nullable(),
  since: time.nullable(),
  restarts: z.array(time),
  /** Bytes; null where it was not kept. */
  curve: curveView.nullable(),
});
export type ConsumerView = z.output<typeof consumerView>;

export const attributionView = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attributed'),
    window: spanView,
    basis: z.enum(['host', 'consumers']),
    rise: interval,
    consumers: count,
    /** The ten that grew most, and the ten that use most. */
    grown: z.array(consumerView).max(10),
    largest: z.array(consumerView).max(10),
    unexplained: z
      .strictObject({ rise: interval, share: interval.nullable(), remainder: z.string(), message: z.string() })
      .nullable(),
  }),
  z.strictObject({ kind: z.literal('unattributed'), reason: z.string(), message: z.string() }),
]);
export type AttributionView = z.output<typeof attributionView>;

const siblingView = z.strictObject({
  host: hostView,
  verdict: z.enum(HOST_VERDICTS).nullable(),
  curve: curveView,
});

/** The policy that the host is inspected with, as the detector takes it: what a verdict in the browser needs. */
const detectPolicyView = z.looseObject({ threshold: z.number() });

export const hostMemoryView = z.strictObject({
  host: hostView,
  /** When it was read. */
  readAt: time,
  unit,
  limitKnown: z.boolean(),
  window: spanView,
  /** The samples as they were read: minima of 15 minutes or what the provider has. Times are seconds since the epoch. */
  samples: z.strictObject({ times: z.array(z.int()).max(20_000), values: z.array(z.number()).max(20_000) }),
  /** Finer samples of the last hours; null where nobody read them. */
  recent: z.strictObject({ times: z.array(z.int()).max(20_000), values: z.array(z.number()).max(20_000) }).nullable(),
  verdict: z.enum(HOST_VERDICTS),
  grade: grade.nullable(),
  confidence: z.number().nullable(),
  /** The confidence from which it is reported. */
  requiredConfidence: z.number().nullable(),
  evaluated: spanView.nullable(),
  horizonHours: z.number().nullable(),
  growthHours: z.number().nullable(),
  level: z.number().nullable(),
  growth: interval.nullable(),
  onset: spanView.extend({ leftCensored: z.boolean() }).nullable(),
  pattern: z.strictObject({ name: z.string(), confidence: z.number() }).nullable(),
  exhaustion: exhaustionView.nullable(),
  /** Why it is not known when the memory is full. */
  exhaustionUnknown: z.string().nullable(),
  restarts: z.array(time),
  checks: z.array(checkView),
  counterfactual: z.strictObject({ hours: z.number(), growthPerHour: z.number(), turnsAt: z.number() }).nullable(),
  policy: detectPolicyView.nullable(),
  attribution: attributionView.nullable(),
  siblings: z.array(siblingView).max(12),
  /** What could not be read, in words. */
  unreadable: z.array(z.string()),
  /** Provider calls, metrics billed, and their price. */
  cost: z.strictObject({ calls: count, metrics: count, usd: z.number() }),
});
export type HostMemoryView = z.output<typeof hostMemoryView>;

export const hostQuery = z.object({
  ...pageQuery,
  limit: z.coerce.number().int().min(1).max(2000).default(500),
  provider: provider.optional(),
  account: z.string().max(200).optional(),
  region: z.string().max(200).optional(),
  group: z.string().max(300).optional(),
  /** Default: all but steady ones, which are in the heads of runs. With `steady` all lines of the newest runs are read. */
  verdict: csv(z.enum(HOST_VERDICTS)).optional(),
  grade: csv(grade).optional(),
  /** In the id, the name or the group. */
  text: z.string().max(200).optional(),
});

export const HOST_ROUTES = [
  {
    id: 'listHosts',
    method: 'get',
    path: '/tenants/{tenant}/hosts',
    tag: 'hosts',
    summary: 'Hosts as the newest runs left them, those that leak first',
    role: 'viewer',
    query: hostQuery,
    answer: pageOf(hostRow).extend({ total: count.nullable(), unreadable: z.array(z.string()) }),
  },
  {
    id: 'listSparklines',
    method: 'post',
    path: '/tenants/{tenant}/sparklines',
    tag: 'hosts',
    summary: 'Levels of some hosts over the last runs',
    role: 'viewer',
    body: z.strictObject({ refs: z.array(refSchema).min(1).max(100) }),
    answer: z.strictObject({ items: z.array(sparklineView) }),
    audit: false,
  },
  {
    id: 'getHost',
    method: 'get',
    path: '/tenants/{tenant}/hosts/{host}',
    tag: 'hosts',
    summary: 'One host as the newest run left it',
    role: 'viewer',
    answer: hostRow,
  },
  {
    id: 'readHostMemory',
    method: 'get',
    path: '/tenants/{tenant}/hosts/{host}/memory',
    tag: 'hosts',
    summary: 'The memory of a host, read from its cloud now, with verdict, consumers and siblings',
    role: 'viewer',
    query: z.object({
      /** The end of the window. Default: now, in steps of five minutes. */
      to: time.optional(),
      lookbackHours: z.coerce.number().min(6).max(336).optional(),
    }),
    answer: hostMemoryView,
  },
  {
    id: 'getHostPolicy',
    method: 'get',
    path: '/tenants/{tenant}/hosts/{host}/policy',
    tag: 'hosts',
    summary: 'Every value that a host is inspected with, and where it comes from',
    role: 'viewer',
    answer: z.strictObject({
      inspected: z.boolean(),
      requiredConfidence: z.number(),
      values: z.array(z.looseObject({ name: z.string() })),
      alerts: z.array(z.looseObject({ name: z.string(), level: z.string() })),
    }),
  },
] as const satisfies readonly Route[];
