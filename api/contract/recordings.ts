/** Recordings of processes: started and stopped, listed, looked at, exported and deleted. Bytes, and times as ISO 8601. */
import * as z from 'zod';
import { processRuleSchema, recordingIdSchema, selectionSchema } from '../../core/model/recording.ts';
import { count, grade, time } from './places.ts';
import type { Route } from './route.ts';

const { account, hosts, processes, everyS } = selectionSchema.def.innerType.shape;

/** Hosts whose processes one answer evaluates: each costs reads of some days. */
export const MOST_HOSTS_EVALUATED = 20;
/** Moments of an answer, archived hours among them: more would not fit into one. */
export const MOST_MOMENTS = 40_000;

export const selectionView = z.strictObject({ account, hosts, processes, from: time, to: time, everyS });

/** `waiting` until it begins, `ended` when it was stopped or is over. */
export const RECORDING_STATES = ['waiting', 'running', 'ended'] as const;

export const recordingView = z.strictObject({
  id: recordingIdSchema,
  name: z.string(),
  state: z.enum(RECORDING_STATES),
  /** The recording that is always there: its samples are made, and nobody stops or deletes it. */
  demo: z.boolean(),
  selection: selectionView,
  startedBy: z.string(),
  startedAt: time,
  stoppedBy: z.string().nullable(),
  stoppedAt: time.nullable(),
});
export type RecordingView = z.output<typeof recordingView>;

/** A process from its start to its end: one that is restarted is another. */
export const recordedProcessView = z.strictObject({
  name: z.string(),
  pid: count,
  parentPid: count.nullable(),
  startedAt: time.nullable(),
  command: z.string().nullable(),
});
export type RecordedProcessView = z.output<typeof recordedProcessView>;

const bytes = z.number().min(0);

/** What of a process is evaluated: `used` is data and stack together, of each sample. */
export const EVALUATED_FIELDS = ['used', 'resident'] as const;

/** What the detector makes of a process, and its newest sample. */
export const processSummaryView = z.strictObject({
  process: recordedProcessView,
  /** Of the newest sample, live or archived; archived ones have the greatest of their hour. */
  newest: z.strictObject({
    time,
    data: bytes.nullable(),
    stack: bytes.nullable(),
    used: bytes.nullable(),
    resident: bytes.nullable(),
    swap: bytes.nullable(),
  }),
  verdict: z.enum(['leaking', 'steady', 'insufficient']),
  grade: grade.nullable(),
  confidence: z.number().nullable(),
  /** Bytes per hour, and its interval; null where there are too few samples. */
  growth: z.number().nullable(),
  growthLow: z.number().nullable(),
  growthHigh: z.number().nullable(),
  since: time.nullable(),
  /** Which figure was evaluated; null where the process has neither. */
  evaluated: z.enum(EVALUATED_FIELDS).nullable(),
  /** Why there is no verdict, in words; null where there is one. */
  reason: z.string().nullable(),
  /** What the verdict does not state, in words: a process has no limit of its own, so that nobody knows when it is reached. */
  missing: z.string().nullable(),
});
export type ProcessSummaryView = z.output<typeof processSummaryView>;

const day = z.iso.date();

export const recordedHostView = z.strictObject({
  /** Its id. */
  host: z.string(),
  /** What people call it; null where its sender does not state it, and of hosts that are not evaluated. */
  name: z.string().nullable(),
  /** Days (UTC) of which each sample is there. */
  liveDays: z.array(day),
  /** Days of which the least and the greatest of each hour are there. */
  archivedDays: z.array(day),
  /** Null of hosts beyond the first 20: name one by `host`. */
  processes: z.array(processSummaryView).nullable(),
});
export type RecordedHostView = z.output<typeof recordedHostView>;

export const recordingDetailView = recordingView.extend({ hosts: z.array(recordedHostView) });
export type RecordingDetailView = z.output<typeof recordingDetailView>;

const band = z.strictObject({ min: bytes, max: bytes }).nullable();
const figures = z.array(bytes.nullable());

/** Of one process: live samples as columns of equal length, archived hours as bands. */
export const processSamplesView = z.strictObject({
  process: recordedProcessView,
  live: z.strictObject({
    times: z.array(time),
    data: figures,
    stack: figures,
    used: figures,
    resident: figures,
    swap: figures,
  }),
  archived: z.array(
    z.strictObject({ hour: time, samples: count, data: band, stack: band, used: band, resident: band, swap: band }),
  ),
});
export type ProcessSamplesView = z.output<typeof processSamplesView>;

export const recordingSamplesView = z.strictObject({
  host: z.string(),
  from: time,
  to: time,
  processes: z.array(processSamplesView),
});
export type RecordingSamplesView = z.output<typeof recordingSamplesView>;

export const startRecordingBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  selection: z.strictObject({
    account,
    hosts,
    processes: z.array(processRuleSchema).min(1).max(50),
    /** Default: now. */
    from: time.nullable().default(null),
    /** Default: a day after it begins. */
    to: time.nullable().default(null),
    /** Seconds between samples. */
    everyS: everyS.default(60),
  }),
});
export type StartRecordingBody = z.output<typeof startRecordingBody>;

const host = z.string().min(1).max(255);

export const RECORDING_ROUTES = [
  {
    id: 'listRecordings',
    method: 'get',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings',
    summary: 'Recordings, the newest first, and the demo',
    role: 'viewer',
    answer: z.strictObject({ items: z.array(recordingView) }),
  },
  {
    id: 'startRecording',
    method: 'post',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings',
    summary: 'Record processes of hosts',
    role: 'operator',
    body: startRecordingBody,
    answer: recordingView,
    status: 201,
  },
  {
    id: 'getRecording',
    method: 'get',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings/{recording}',
    summary: 'A recording: what is kept of which hosts, and a verdict on each process',
    role: 'viewer',
    query: z.object({ host: host.optional() }),
    answer: recordingDetailView,
  },
  {
    id: 'readRecordingSamples',
    method: 'get',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings/{recording}/samples',
    summary: 'The samples of a host: live ones, and archived bands',
    role: 'viewer',
    query: z.object({
      host,
      /** Default: the beginning of the recording. */
      from: time.optional(),
      /** Default: now. */
      to: time.optional(),
      /** The name of an executable: its processes alone. */
      process: z.string().min(1).max(255).optional(),
    }),
    answer: recordingSamplesView,
  },
  {
    id: 'stopRecording',
    method: 'post',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings/{recording}/stop',
    summary: 'Stop a recording; what it has is kept',
    role: 'operator',
    answer: recordingView,
  },
  {
    id: 'deleteRecording',
    method: 'delete',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings/{recording}',
    summary: 'Delete a recording and all of its samples',
    role: 'operator',
    status: 204,
  },
  {
    id: 'exportRecording',
    method: 'get',
    tag: 'recordings',
    path: '/tenants/{tenant}/recordings/{recording}/export',
    summary: 'The samples of all hosts as a trace file, which `plimsoll inspect` and `backtest` read',
    role: 'viewer',
    mediaType: 'application/x-ndjson',
  },
] as const satisfies readonly Route[];
