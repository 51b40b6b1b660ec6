/** Decodes what a sender posts to /v1/metrics, and takes the metrics out of it that are read. */
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type {
  SentAttributes,
  SentMetric,
  SentMetrics,
  SentPoint,
  SentResource,
} from '../../core/model/sent-metrics.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { readJson } from './json.ts';
import { readProtobuf } from './protobuf.ts';
import {
  type WireAttributes,
  type WireMetric,
  type WirePoint,
  type WireResource,
  wireRequestSchema,
} from './wire-schema.ts';

export type Encoding = 'json' | 'protobuf';

/** Of a body: the largest that collectors send, 32 MB of JSON, have 1.8 million. An object takes some 60 bytes. */
export const MOST_VALUES = 3_000_000;

/** Issues of a message: a list of thousands helps nobody. */
const MOST_ISSUES = 3;

/** Bit of a data point's flags: it states that there is no value. */
const NO_RECORDED_VALUE = 1;

/** `AGGREGATION_TEMPORALITY_DELTA`; some senders state the name. */
const DELTA: ReadonlySet<number | string> = new Set([1, '1', 'AGGREGATION_TEMPORALITY_DELTA']);

/**
 * Throws `InvalidInputError` where the body is not what its encoding states.
 *
 * @param names Of the metrics that are read.
 */
export function decodeMetrics(
  body: Uint8Array,
  encoding: Encoding,
  names: ReadonlySet<string>,
  mostValues = MOST_VALUES,
): SentMetrics {
  const parsed = parseInput(wireRequestSchema, read(body, encoding, mostValues));
  if (!parsed.success) throw new InvalidInputError(WHAT, describeIssues(parsed.error).slice(0, MOST_ISSUES));
  let otherMetrics = 0;
  const resources = (parsed.data.resourceMetrics ?? []).map((resource): SentResource => {
    const all = metricsOf(resource);
    const wanted = all.filter(({ name }) => names.has(name ?? ''));
    otherMetrics += all.length - wanted.length;
    return { attributes: attributesOf(resource.resource?.attributes), metrics: wanted.map(sentMetric) };
  });
  return { resources, otherMetrics };
}

const WHAT = 'The ExportMetricsServiceRequest';

function read(body: Uint8Array, encoding: Encoding, mostValues: number): unknown {
  try {
    return encoding === 'json' ? readJson(body, mostValues) : readProtobuf(body, mostValues);
  } catch (error) {
    throw new InvalidInputError(WHAT, [`it cannot be read as ${encoding}: ${reasonOf(error)}`]);
  }
}

/** The parser of JSON quotes what it does not understand, which the log must not have. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is no JSON';
  return error instanceof Error ? error.message : String(error);
}

function metricsOf({ scopeMetrics }: WireResource): WireMetric[] {
  return (scopeMetrics ?? []).flatMap(({ metrics }) => metrics ?? []);
}

function sentMetric({ name, gauge, sum, ...others }: WireMetric): SentMetric {
  const points = (gauge ?? sum)?.dataPoints;
  if (points === undefined || points === null) return { name: name ?? '', kind: 'other', points: otherPoints(others) };
  const kind = DELTA.has(sum?.aggregationTemporality ?? 0) ? 'delta' : 'value';
  return { name: name ?? '', kind, points: points.filter(hasValue).map(sentPoint) };
}

/** Only their number counts. */
function otherPoints({ histogram, exponentialHistogram, summary }: Omit<WireMetric, 'name' | 'gauge' | 'sum'>) {
  const points = (histogram ?? exponentialHistogram ?? summary)?.dataPoints ?? [];
  return points.map((): SentPoint => ({ time: Number.NaN, value: Number.NaN, attributes: new Map() }));
}

function hasValue({ flags }: WirePoint): boolean {
  return (Number(flags ?? 0) & NO_RECORDED_VALUE) === 0;
}

function sentPoint({ attributes, startTimeUnixNano, timeUnixNano, asDouble, asInt }: WirePoint): SentPoint {
  const startTime = millisecondsOf(startTimeUnixNano);
  return {
    time: millisecondsOf(timeUnixNano),
    ...(startTime > 0 && { startTime }),
    value: numberOf(asDouble ?? asInt),
    attributes: attributesOf(attributes),
  };
}

/** NaN where it is not stated. An empty text would be 0. */
function numberOf(value: number | string | null | undefined): number {
  return typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value ?? Number.NaN);
}

/** A time that is 0 is not stated. */
function millisecondsOf(nanoseconds: number | string | null | undefined): number {
  const milliseconds = Math.round(numberOf(nanoseconds) / 1e6);
  return milliseconds > 0 ? milliseconds : Number.NaN;
}

/** JSON can escape half a character, of which no key can be made; protobuf replaces it in the same way. */
function attributesOf(attributes: WireAttributes): SentAttributes {
  const texts = new Map<string, string>();
  for (const { key, value } of attributes ?? []) {
    const text = value?.stringValue ?? value?.intValue ?? value?.boolValue ?? value?.doubleValue;
    if (key && text !== undefined && text !== null) texts.set(key, String(text).toWellFormed());
  }
  return texts;
}
