/** Hosts as the newest runs left them, and one host's memory as its cloud holds it now. */
import * as z from 'zod';
import {
  type ConsumerMemory,
  type HostAttribution,
  type HostMemory,
  hostMemorySchema,
  MOST_SIBLINGS,
  siblingSchema,
} from '../../core/model/host-memory.ts';
import { LOOK_BACK_HOURS } from '../../core/model/policy.ts';
import { RESULT_VERDICTS } from '../../core/model/result-line.ts';
import { PATTERN_NAMES } from '../../core/model/verdict.ts';
import { count, exhaustionView, grade, hostView, provider, severity, time, unit } from './places.ts';
import { csv, pageOf, pageQuery, type Route, refSchema } from './route.ts';

export const HOST_VERDICTS = RESULT_VERDICTS;

/** One row of the list. Growth is per hour; growth and level are in `unit`: `1` is a fraction of the memory, `By` bytes. */
export const hostRow = hostView.extend({
  asOf: time,
  verdict: z.enum(HOST_VERDICTS),
  grade: grade.nullable(),
  confidence: z.number().nullable(),
  /** The evaluator without whose vote the verdict would be another: `statistical` is the host's own curve. */
  decidedBy: z.string().nullable(),
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

export type CheckView = HostMemory['checks'][number];
export type ConsumerView = ConsumerMemory;
export type AttributionView = HostAttribution;

/** Another host of the group. */
const siblingView = siblingSchema.unwrap().extend({ host: hostView });

/** As the inspect functions answer it, with references. */
export const hostMemoryView = hostMemorySchema
  .unwrap()
  .extend({ host: hostView, siblings: z.array(siblingView).max(MOST_SIBLINGS) });
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
      lookbackHours: z.coerce.number().int().min(LOOK_BACK_HOURS.least).max(LOOK_BACK_HOURS.greatest).optional(),
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
