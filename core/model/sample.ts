/**
 * Samples of memory that hosts send themselves, as they are queued and stored: what a source folds into series, and what recordings keep.
 * Command lines and environments are not among them: they hold passwords.
 */
import * as z from 'zod';
import type { PointMetricName } from './point-metrics.ts';
import { MEMORY_USAGE, MEMORY_UTILIZATION, PAGING_FAULTS, PAGING_USAGE, PROCESS_MEMORY } from './series.ts';

/** The data and the stack segment of a process (VmData and VmStk of Linux): OpenTelemetry has no names for them. */
export const PROCESS_DATA = 'plimsoll.process.memory.data' as const;
export const PROCESS_STACK = 'plimsoll.process.memory.stack' as const;
/** What of a process is swapped out (VmSwap of Linux). */
export const PROCESS_SWAP = 'plimsoll.process.memory.swap' as const;

/**
 * What jobs inspect beside memory, in the units of the catalogue. Of errors the count since the sender began: what is added is found where they
 * are read.
 */
export const POINT_SAMPLE_METRICS = [
  'system.cpu.utilization',
  'system.filesystem.utilization',
  'system.network.errors',
  'system.cpu.load_average.1m',
] as const satisfies readonly PointMetricName[];
export type PointSampleMetric = (typeof POINT_SAMPLE_METRICS)[number];

/**
 * Metrics of a host, then of a process. Bytes, but for utilizations, which are fractions of the host's memory, major page faults, which are counted since the
 * host was started, and what jobs inspect.
 */
export const SAMPLE_METRICS = [
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  PAGING_USAGE,
  PAGING_FAULTS,
  PROCESS_MEMORY,
  PROCESS_DATA,
  PROCESS_STACK,
  PROCESS_SWAP,
  ...POINT_SAMPLE_METRICS,
] as const;
export type SampleMetric = (typeof SAMPLE_METRICS)[number];

/** Characters of a name, an id or a label's value. */
const MOST_CHARACTERS = 255;
const MOST_LABELS = 30;
/** Samples of one series in one batch or line: a host that was offline for a week sends it in parts. */
export const MOST_SAMPLES = 10_000;
const MOST_SERIES = 40_000;

const text = z.string().min(1).max(MOST_CHARACTERS);

/** A host as its sender names it. */
export const sentHostSchema = z
  .strictObject({
    /** `host.id`, or `host.name` where a sender has no id. */
    id: text,
    name: text.exactOptional(),
    /** Which hosts are alike: the resource attribute that the account's config names. */
    group: text.exactOptional(),
    labels: z
      .record(z.string().min(1).max(MOST_CHARACTERS), z.string().max(MOST_CHARACTERS))
      .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `has more than ${MOST_LABELS} labels`)
      .exactOptional(),
  })
  .readonly();
export type SentHost = z.output<typeof sentHostSchema>;

/** A process of a host. One that is restarted has another pid and the same name. */
export const sentProcessSchema = z
  .strictObject({
    /** The executable's name. */
    name: text,
    pid: z.int().min(0),
    /** The process that started it, by `process.parent_pid`: recordings of a tree need it. */
    parentPid: z.int().min(0).exactOptional(),
    /** Epoch milliseconds; a pid comes back. */
    startedAt: z.int().exactOptional(),
    /** What a pattern of the account's config admits of the command line. */
    command: text.exactOptional(),
  })
  .readonly();
export type SentProcess = z.output<typeof sentProcessSchema>;

/** A list that is checked in one loop: an inspection reads millions of numbers, and a schema for each takes ten times as long. */
function numbersSchema(isAllowed: (value: number) => boolean, message: string) {
  const isList = (value: unknown) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_SAMPLES &&
    value.every((one) => typeof one === 'number' && isAllowed(one));
  return z.custom<readonly number[]>(isList, message);
}

/** One metric of a host or of one of its processes. */
export const sampleSeriesSchema = z
  .strictObject({
    /** The id of a host of the same batch. */
    host: text,
    /** Absent of the host itself. */
    process: sentProcessSchema.exactOptional(),
    metric: z.enum(SAMPLE_METRICS),
    /** The part of the host, as its labels: `mountpoint=/var`. Absent of the entire host. */
    part: text.exactOptional(),
    /** The host's memory in bytes, of `system.memory.usage` where the sender states it. */
    limit: z.number().positive().exactOptional(),
    /** Epoch milliseconds, ascending. */
    times: numbersSchema(Number.isSafeInteger, 'must be 1 to 10,000 times in milliseconds'),
    values: numbersSchema((value) => value >= 0 && value < Infinity, 'must be 1 to 10,000 numbers of 0 or more'),
  })
  .refine(({ times, values }) => times.length === values.length, 'has times and values of different lengths')
  .readonly();
export type SampleSeries = z.output<typeof sampleSeriesSchema>;

/** What one request brought for one account: acknowledged when it is queued, stored by whoever takes it off the queue. */
export const sampleBatchSchema = z
  .strictObject({
    version: z.literal(1),
    tenant: z.string(),
    /** Of provider `otlp`. */
    account: z.string(),
    /** Epoch milliseconds of the clock of whoever received it. */
    receivedAt: z.int(),
    hosts: z.array(sentHostSchema).max(MOST_SERIES).readonly(),
    series: z.array(sampleSeriesSchema).max(MOST_SERIES).readonly(),
  })
  .readonly();
export type SampleBatch = z.output<typeof sampleBatchSchema>;
