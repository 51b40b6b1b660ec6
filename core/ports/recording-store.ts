/** Where recordings are kept, and what was recorded. Contracts: test/contract/recording-store.ts and recorded-samples.ts. */
import type { ArchivedHour, RecordedSample, Recording } from '../model/recording.ts';
import type { SentProcess } from '../model/sample.ts';
import type { PutOutcome } from './conditional-put.ts';

export interface RecordingStore {
  get(tenant: string, id: string): Promise<Recording | undefined>;
  /** Newest first; those that are being deleted too. */
  list(tenant: string): Promise<readonly Recording[]>;
  /** Stores or overwrites: for a recording that is new. Throws `StoreError`. */
  put(recording: Recording): Promise<void>;
  /**
   * Replaces a recording by what `change` makes of it as it is now, and returns that; undefined where it is gone, which it then stays. Of two at the same
   * time, one has what the other made of it. Throws `StoreError`.
   */
  change(tenant: string, id: string, change: (now: Recording) => Recording): Promise<Recording | undefined>;
  remove(tenant: string, id: string): Promise<void>;
}

export interface RecordingRef {
  readonly tenant: string;
  readonly id: string;
}

export interface RecordedProcess<Kept> {
  /** The id of the host. */
  readonly host: string;
  /** What people call it, where its sender states it: an id may be a hash. */
  readonly hostName?: string;
  readonly process: SentProcess;
  /** In order of time. */
  readonly kept: readonly Kept[];
}

export interface LiveDay {
  /** UTC: `2026-11-29`. */
  readonly day: string;
  /** How many parts: each is a read. */
  readonly parts: number;
}

/** Of a host in a recording: which days are there, live and archived. */
export interface RecordedHost {
  readonly host: string;
  readonly liveDays: readonly LiveDay[];
  readonly archivedDays: readonly string[];
}

/** What was put under one name, of one host. */
export interface LivePart {
  readonly name: string;
  readonly live: readonly RecordedProcess<RecordedSample>[];
}

/** The archive of a host's day. */
export interface ArchivedDay {
  readonly hours: readonly RecordedProcess<ArchivedHour>[];
  /** Names of the live parts that are in it: a part that is still there after a crash is not counted twice. */
  readonly parts: readonly string[];
}

export interface KeptArchive extends ArchivedDay {
  /** Another one whenever it is written. */
  readonly version: string;
}

/** Samples may be there twice, or in two halves: whoever reads makes one of each process and moment. Days are of UTC. All throw `StoreError`. */
export interface RecordedSamples {
  /** The same name replaces, of each host that has samples here. Durable when this returns. */
  putLive(of: RecordingRef, day: string, name: string, live: readonly RecordedProcess<RecordedSample>[]): Promise<void>;
  /** Those of which anything is kept, in order of their ids; their days in order. */
  hosts(of: RecordingRef): Promise<readonly RecordedHost[]>;
  /** In order of names. */
  live(of: RecordingRef, host: string, day: string): AsyncIterable<LivePart>;
  archive(of: RecordingRef, host: string, day: string): Promise<KeptArchive | undefined>;
  /**
   * Replaces the archive of a host's day where it has this version still; undefined: where there is none. Durable when it is `stored`.
   * Without the condition, of two runs at once the slower would overwrite what the faster has taken out of the live samples.
   */
  putArchive(
    of: RecordingRef,
    host: string,
    day: string,
    archive: ArchivedDay,
    expected: string | undefined,
  ): Promise<PutOutcome>;
  /** Removes these parts and no other: what came since they were read stays. */
  removeLive(of: RecordingRef, host: string, day: string, names: readonly string[]): Promise<void>;
  removeArchive(of: RecordingRef, host: string, day: string): Promise<void>;
  /** Everything of a recording. */
  removeAll(of: RecordingRef): Promise<void>;
}
