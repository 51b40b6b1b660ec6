/** What is used of Cloud Monitoring's answers, checked: they are input from outside, and the client's types are only a promise. */
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

/** One page of ListTimeSeries. Series are looked at one by one: a bad one spoils its own host and not the page. */
export const pageSchema = z.object({
  timeSeries: z.array(z.unknown()),
  nextPageToken: z.string(),
  executionErrors: z.array(z.object({ code: z.int(), message: z.string() })),
  /** Of all values, in UCUM; empty where it is not told. */
  unit: z.string(),
});

/** What a series is of. Enough to say whose it is when its points are bad. */
export const headSchema = z.object({
  metric: z.object({ labels }),
  resource: z.object({ labels }),
  metadata: z.object({ systemLabels: structSchema.nullish(), userLabels: labels.nullish() }).nullish(),
});

/**
 * One page's part of a series. A metric that is not a gauge would read as one that grows for ever. The service refuses to align
 * one that is CUMULATIVE as we ask for it; one of differences it aligns, and says so here.
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner
 */
export const partSchema = z.object({
  metricKind: z.literal('GAUGE', 'is not GAUGE: what it counts is not what is in use'),
  points: z.array(z.unknown()),
});

/** A running instance, as the reduction of its CPU metric describes it. */
export const instanceSchema = z.object({
  metric: z.object({ labels: z.object({ instance_name: z.string().optional() }) }),
  resource: z.object({ labels: z.object({ instance_id: instanceId, zone: z.string() }) }),
  metadata: headSchema.shape.metadata,
});

export type Page = z.output<typeof pageSchema>;
export type Head = z.output<typeof headSchema>;
export type Instance = z.output<typeof instanceSchema>;
