/** Points that jobs found anomalous, and one metric of a host as its cloud holds it now, with what was expected of it. */
import * as z from 'zod';
import { ANOMALY_TYPES } from '../../core/model/anomaly.ts';
import { anomalyViewSchema } from '../../core/model/anomaly-view.ts';
import { hostView, time } from './places.ts';
import { pageOf, pageQuery, type Route, refSchema } from './route.ts';

const score = z.coerce.number().min(0).max(1);
const name = z.string().min(1).max(128);

/** One point. Values are in `unit`, a UCUM code. */
export const anomalyRow = z.strictObject({
  /** The start of its period. */
  time,
  job: z.string(),
  host: hostView,
  metric: z.string(),
  /** `mountpoint=/var`; empty of the entire host. */
  part: z.string(),
  unit: z.string(),
  value: z.number(),
  expected: z.number(),
  /** The band that holds 98 % of healthy points. */
  low: z.number(),
  high: z.number(),
  score: z.number(),
  type: z.enum(ANOMALY_TYPES).nullable(),
});
export type AnomalyRow = z.output<typeof anomalyRow>;

/** As the inspect functions answer it, with a reference. */
export const anomalyView = anomalyViewSchema.unwrap().extend({ host: hostView });
export type HostAnomalyView = z.output<typeof anomalyView>;

export const anomalyQuery = z.object({
  ...pageQuery,
  /** The reference of a host. */
  host: refSchema.optional(),
  metric: name.optional(),
  job: name.optional(),
  /** Default: a day before `to`; a week before it at the most. */
  from: time.optional(),
  /** Default: now. */
  to: time.optional(),
  minScore: score.optional(),
});

export const ANOMALY_ROUTES = [
  {
    id: 'listAnomalies',
    method: 'get',
    path: '/tenants/{tenant}/anomalies',
    tag: 'anomalies',
    summary: 'Anomalous points of all jobs, the newest first',
    role: 'viewer',
    query: anomalyQuery,
    answer: pageOf(anomalyRow).extend({ unreadable: z.array(z.string()) }),
  },
  {
    id: 'readHostAnomalies',
    method: 'get',
    path: '/tenants/{tenant}/hosts/{host}/anomalies',
    tag: 'anomalies',
    summary: 'One metric of a host, read from its cloud now, with what was expected, and what is anomalous',
    role: 'viewer',
    query: z.object({
      metric: name,
      /** As a row has it. Default: the entire host, or its first part. */
      part: z.string().max(600).optional(),
      /** The job of its account under which it is inspected. Default: the first that has the metric. */
      job: name.optional(),
      /** Points from then on are scored. Default: a day before `to`; two weeks before it at the most. */
      from: time.optional(),
      /** Default: now, in steps of five minutes. */
      to: time.optional(),
    }),
    answer: anomalyView,
  },
] as const satisfies readonly Route[];
