/** Where recordings are kept, and what was recorded. Contracts: test/contract/recording-store.ts and recorded-samples.ts. */
import type { ArchivedHour, RecordedSample, Recording } from '../model/recording.ts';
import type { SentProcess } from '../model/sample.ts';
import type { Window } from '../model/series.ts';

export interface RecordingStore {
  get(tenant: string, id: string): Promise<Recording | undefined>;
  /** Newest first. */
  list(tenant: string): Promise<readonly Recording[]>;
  /** Stores or overwrites. Throws `StoreError`. */
  put(recording: Recording): Promise<void>;
  remove(tenant: string, id: string): Promise<void>;
}

export interface RecordingRef {
  readonly tenant: string;
  readonly id: string;
}

export interface RecordedProcess<Kept> {
  /** The id of the host. */
  readonly host: string;
  readonly process: SentProcess;
  /** In order of time. */
  readonly kept: readonly Kept[];
}

/** Of a host in a recording: which days (`2026-11-29`) are there, live and archived. */
export interface RecordedHost {
  readonly host: string;
  readonly liveDays: readonly string[];
  readonly archivedDays: readonly string[];
}

/** Samples may be there twice: whoever reads keeps one of each process and moment. */
export interface RecordedSamples {
  /** The same name replaces. Durable when this returns. Throws `StoreError`. */
  putLive(of: RecordingRef, day: string, name: string, live: readonly RecordedProcess<RecordedSample>[]): Promise<void>;
  hosts(of: RecordingRef): Promise<readonly RecordedHost[]>;
  live(of: RecordingRef, host: string, window: Window): AsyncIterable<RecordedProcess<RecordedSample>>;
  archived(of: RecordingRef, host: string, window: Window): AsyncIterable<RecordedProcess<ArchivedHour>>;
  /** Replaces the archive of a host's day. Durable when this returns. */
  putArchive(
    of: RecordingRef,
    host: string,
    day: string,
    hours: readonly RecordedProcess<ArchivedHour>[],
  ): Promise<void>;
  removeLive(of: RecordingRef, host: string, day: string): Promise<void>;
  removeArchive(of: RecordingRef, host: string, day: string): Promise<void>;
  /** Everything of a recording. */
  removeAll(of: RecordingRef): Promise<void>;
}
