/**
 * What is read of an ExportMetricsServiceRequest, in the form of its JSON. Other fields are ignored, as the protocol requires of a receiver:
 * newer senders have more. https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
 */
import * as z from 'zod';

/** In JSON an integer of 64 bits is a text, and a number that JSON has no form for too: `NaN`. From protobuf both are numbers. */
const number = z.custom<number | string>((value) => typeof value === 'number' || typeof value === 'string', {
  error: 'must be a number, or a text of one',
});

/** Lists and groups of values are left out: nothing that is kept is one, and they may be nested without an end. */
const anyValue = z.object({
  stringValue: z.string().nullish(),
  boolValue: z.boolean().nullish(),
  intValue: number.nullish(),
  doubleValue: number.nullish(),
});

const keyValue = z.object({ key: z.string().nullish(), value: anyValue.nullish() });
const attributes = z.array(keyValue).nullish();

const dataPoint = z.object({
  attributes,
  startTimeUnixNano: number.nullish(),
  timeUnixNano: number.nullish(),
  asDouble: number.nullish(),
  asInt: number.nullish(),
  flags: number.nullish(),
});
const dataPoints = z.array(dataPoint).nullish();

/** Of a histogram or a summary only how many points it has. */
const otherPoints = z.object({ dataPoints: z.array(z.unknown()).nullish() }).nullish();

const metric = z.object({
  name: z.string().nullish(),
  gauge: z.object({ dataPoints }).nullish(),
  sum: z.object({ dataPoints, aggregationTemporality: number.nullish() }).nullish(),
  histogram: otherPoints,
  exponentialHistogram: otherPoints,
  summary: otherPoints,
});

const resourceMetrics = z.object({
  resource: z.object({ attributes }).nullish(),
  scopeMetrics: z.array(z.object({ metrics: z.array(metric).nullish() })).nullish(),
});

export const wireRequestSchema = z.object({ resourceMetrics: z.array(resourceMetrics).nullish() });

export type WireResource = z.output<typeof resourceMetrics>;
export type WireMetric = z.output<typeof metric>;
export type WirePoint = z.output<typeof dataPoint>;
export type WireAttributes = z.output<typeof attributes>;
