/** Recordings: which processes of which hosts are recorded from when to when, and what is kept of them. */
import * as z from 'zod';
import { hostRuleFields, NAMES_NOTHING, namesHosts } from './host-filter.ts';
import { sentProcessSchema } from './sample.ts';

/** `r-` and 16 characters of base32: nobody guesses another tenant's, and a path takes it as it is. */
export const recordingIdSchema = z.string().regex(/^(?:demo|r-[a-z2-7]{16})$/, 'must be the id of a recording: r-…');

/** Which processes, by all of the fields that are given. */
export const processRuleSchema = z
  .strictObject({
    /** The executable's name; `*` stands for any text and `?` for one character. */
    name: z.string().min(1).max(255).exactOptional(),
    pid: z.int().min(1).exactOptional(),
    /** Whether the processes that it started, and those that they started, belong to it. */
    tree: z.boolean().exactOptional(),
  })
  .refine(({ name, pid }) => name !== undefined || pid !== undefined, 'names no process: give a name or a pid')
  .readonly();
export type ProcessRule = z.output<typeof processRuleSchema>;

const hostRuleSchema = z.strictObject(hostRuleFields).refine(namesHosts, { error: NAMES_NOTHING });

/** Milliseconds that a recording may run: it costs two requests a minute and a host. */
export const LONGEST_RECORDING_MS = 31 * 24 * 3_600_000;

export const selectionSchema = z
  .strictObject({
    /** Of provider `otlp`: whose hosts. */
    account: z.string().min(1).max(63),
    /** A host is recorded where one of them matches it. */
    hosts: z.array(hostRuleSchema).min(1).max(50).readonly(),
    processes: z.array(processRuleSchema).min(1).max(50).readonly(),
    /** Epoch milliseconds, `from <= t < to`. */
    from: z.int(),
    to: z.int(),
    /** Seconds between samples, for senders that ask what is selected. */
    everyS: z.int().min(5).max(3600),
  })
  .refine(({ from, to }) => from < to, 'ends before it begins')
  .refine(({ from, to }) => to - from <= LONGEST_RECORDING_MS, 'is longer than 31 days')
  .readonly();
export type Selection = z.output<typeof selectionSchema>;

export const recordingSchema = z
  .strictObject({
    tenant: z.string(),
    id: recordingIdSchema,
    name: z.string().min(1).max(200),
    selection: selectionSchema,
    startedBy: z.string().max(2048),
    /** Epoch milliseconds. */
    startedAt: z.int(),
    stoppedBy: z.string().max(2048).exactOptional(),
    /** Epoch milliseconds: nothing later is kept, whatever the selection states. */
    stoppedAt: z.int().exactOptional(),
    deletedBy: z.string().max(2048).exactOptional(),
    /** Epoch milliseconds. It is listed no more, and its item goes when nothing can be written to it any more. */
    deletedAt: z.int().exactOptional(),
  })
  .readonly();
export type Recording = z.output<typeof recordingSchema>;

/** What one recording wants of one host: whoever samples keeps to the rules that it knows, and to its own list. */
const hostSelectionSchema = z
  .strictObject({
    recording: recordingIdSchema,
    processes: selectionSchema.def.innerType.shape.processes,
    /** Epoch milliseconds, `from <= t < to`. */
    from: z.int(),
    to: z.int(),
    everyS: z.int().min(5).max(3600),
  })
  .readonly();

/** The answer of `GET /v1/selections`. */
export const hostSelectionsSchema = z
  .strictObject({ version: z.literal(1), selections: z.array(hostSelectionSchema).max(1000).readonly() })
  .readonly();
export type HostSelections = z.output<typeof hostSelectionsSchema>;

/** What a process was seen to have at one moment, in bytes. What its system does not state is absent. */
export const recordedSampleSchema = z
  .strictObject({
    /** Epoch milliseconds. */
    time: z.int(),
    data: z.number().min(0).exactOptional(),
    stack: z.number().min(0).exactOptional(),
    resident: z.number().min(0).exactOptional(),
    swap: z.number().min(0).exactOptional(),
  })
  .readonly();
export type RecordedSample = z.output<typeof recordedSampleSchema>;

/**
 * Data and stack together, of one sample: the greatest sum of an hour is not the sum of the greatest. Undefined where one is not stated.
 */
export function usedOf({ data, stack }: RecordedSample): number | undefined {
  return data === undefined || stack === undefined ? undefined : data + stack;
}

const bandSchema = z.strictObject({ min: z.number().min(0), max: z.number().min(0) }).readonly();

/** An hour of a process, archived: the least and the greatest of its samples. */
export const archivedHourSchema = z
  .strictObject({
    /** Epoch milliseconds of its beginning. */
    hour: z.int(),
    samples: z.int().min(1),
    data: bandSchema.exactOptional(),
    stack: bandSchema.exactOptional(),
    used: bandSchema.exactOptional(),
    resident: bandSchema.exactOptional(),
    swap: bandSchema.exactOptional(),
  })
  .readonly();
export type ArchivedHour = z.output<typeof archivedHourSchema>;

/** Ages, by a host's own newest sample, at which live samples become an archive, and at which an archive is purged. */
export const LIVE_MS = 24 * 3_600_000;
export const ARCHIVED_MS = 31 * 24 * 3_600_000;

/** What is kept of one process of a host, as it is stored. */
function ofProcess<Kept extends z.ZodType>(kept: Kept) {
  return z
    .strictObject({
      host: z.string().min(1).max(255),
      hostName: z.string().min(1).max(255).exactOptional(),
      process: sentProcessSchema,
      kept: z.array(kept).readonly(),
    })
    .readonly();
}
export const recordedLiveSchema = ofProcess(recordedSampleSchema);
export const recordedHoursSchema = ofProcess(archivedHourSchema);
