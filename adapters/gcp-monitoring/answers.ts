/**
 * The parts of Cloud Monitoring's answers that are used, as schemas: answers are input from outside, and the client's
 * types are only a promise.
 */
import * as z from 'zod';

/** Ids go back to the service inside filters: digits cannot end a text there and begin a condition. */
const instanceId = z.string().regex(/^\d+$/);

const labels = z.record(z.string(), z.string());

/** A google.protobuf.Struct; of its kinds of values, system labels are texts or lists of texts. */
const structSchema = z.object({
  fields: z.record(
    z.string(),
    z.object({
      stringValue: z.string().optional(),
      listValue: z.object({ values: z.array(z.object({ stringValue: z.string().optional() })) }).nullish(),
    }),
  ),
});

/** One page of ListTimeSeries. Its series are checked one by one: a malformed one costs its own host and not the page. */
export const pageSchema = z.object({
  timeSeries: z.array(z.unknown()),
  nextPageToken: z.string(),
  executionErrors: z.array(z.object({ code: z.int(), message: z.string() })),
  /** Of all values, in UCUM; may be empty. */
  unit: z.string(),
});

/** What a series is of: enough to name its host when its points are malformed. */
export const headSchema = z.object({
  metric: z.object({ labels }),
  resource: z.object({ labels }),
  metadata: z.object({ systemLabels: structSchema.nullish(), userLabels: labels.nullish() }).nullish(),
});

/**
 * One page's part of a series. A metric that is not a gauge would read as one that grows for ever. The service refuses to align
 * a CUMULATIVE metric as we request it; a DELTA metric it aligns, and names that kind here.
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner
 */
export const partSchema = z.object({
  metricKind: z.literal('GAUGE', 'is not GAUGE: what it counts is not what is in use'),
  points: z.array(z.unknown()),
});

/** The same of a counter that was aligned to what was added in each period. */
export const deltaSchema = partSchema.extend({
  metricKind: z.literal('DELTA', 'is not DELTA: what was added in a period is not what was counted by then'),
});

/** A running instance, as the reduction of its CPU metric describes it. */
export const instanceSchema = z.object({
  metric: z.object({ labels: z.object({ instance_name: z.string().optional() }) }),
  resource: z.object({ labels: z.object({ instance_id: instanceId, zone: z.string() }) }),
  metadata: headSchema.shape.metadata,
});

export type SeriesPage = z.output<typeof pageSchema>;
export type Head = z.output<typeof headSchema>;
export type Instance = z.output<typeof instanceSchema>;
