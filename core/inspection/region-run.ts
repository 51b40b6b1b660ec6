/** What inspecting a region takes, and what comes of it. */
import type { Excluded } from '../baselines/pieces.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import type { Delivery } from '../incidents/outbox.ts';
import type { SettlePorts } from '../incidents/settle.ts';
import type { BaselinePart } from '../model/host-baseline.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import type { InspectMessage, Trigger } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { RunSummary } from '../model/run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Resource, Scope } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { BaselineStore } from '../ports/baseline-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { InspectionQueue } from '../ports/inspection-queue.ts';
import type { MemorySource, PlannedHost } from '../ports/memory-source.ts';
import type { OpenRunStore } from '../ports/open-run-store.ts';
import type { RequestLog } from '../ports/request-log.ts';
import type { ResultsStore } from '../ports/results-store.ts';
import type { RunLog } from '../ports/run-log.ts';
import type { ShardStore } from '../ports/shard-store.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** Where the close of a run is kept. */
export interface ClosePorts {
  readonly runs: RunLog;
  readonly health: HealthStore;
  readonly requests: Pick<RequestLog, 'putResult'>;
  readonly openRuns: OpenRunStore;
  readonly shards: ShardStore;
  readonly results: ResultsStore;
  /** Where the hosts are that were planned and not inspected. */
  readonly work: Pick<WorkStore, 'get'>;
  /** Called in their order before a run counts as closed. They may be called twice for a run, and have to be idempotent. */
  readonly closeHooks: readonly CloseHook[];
}

/** Where a run is kept, and where its events go. */
export interface RunPorts extends ClosePorts, SettlePorts {
  readonly work: WorkStore;
  readonly queue: Pick<InspectionQueue, 'send'>;
  /** Which of the hosts of a region are inspected by a run. Absent: all of them. */
  readonly dueHosts?: ChooseHosts;
  /** Absent: nothing is learned from weeks. */
  readonly weeks?: WeeksPorts;
  /** What labels of the tenant left of evaluators' weights. Absent: all of it. Throws `StoreError`. */
  readonly weightsOf?: (tenant: string) => Promise<NonNullable<Knowledge['weights']>>;
}

/** Where what is learned from weeks is kept, and what it is not learned from. */
export interface WeeksPorts {
  readonly baselines: BaselineStore;
  /** Spans that are not learned from, since a time in epoch milliseconds. Throws `StoreError`. */
  exclusions(run: RunRef, since: number): Promise<ExcludedOf>;
  /** Whether the cost cap of the tenant puts deep reads off. Throws `StoreError`. */
  isPutOff(tenant: StoredTenant): Promise<boolean>;
}

export type ExcludedOf = (host: Resource) => readonly Excluded[];

export type ChooseHosts = (
  run: RunRef,
  hosts: readonly PlannedHost[],
) => Promise<{ readonly due: readonly PlannedHost[]; readonly notDue: number }>;

/** A run all of whose shards are inspected, or will never be. */
export interface ClosingRun {
  /** Of this run alone, and the same whenever it is closed again: what a hook did once is known by it. */
  readonly id: string;
  readonly run: RunRef;
  readonly summary: RunSummary;
  /** Objects of results. */
  readonly shards: number;
  /** What was learned from weeks, an object a shard. */
  readonly parts: readonly BaselinePart[];
  /** Every host's result, shard by shard. May be called several times. */
  lines(): AsyncIterable<ResultLine>;
}

export type CloseHook = (closing: ClosingRun) => Promise<void>;

export interface RegionRequest {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly source: MemorySource;
  /** What is inspected. */
  readonly metric: InspectedMetric;
  /** Only runs of a schedule are logged as runs, and only their steady verdicts end incidents. */
  readonly trigger: Trigger;
  /** Epoch milliseconds: when the inspection was due. */
  readonly scheduledTime: number;
  /** How often the account's schedule is due: for the monthly cost. */
  readonly runsPerMonth: number;
  /** Names a run on demand; null of the schedule's. */
  readonly request: string | null;
  /** What continues the run where an invocation cannot hold it. */
  readonly message: InspectMessage;
  /** Narrows the hosts that the config admits. */
  readonly only?: HostFilter;
  /** Instead of the policy's. */
  readonly lookBackHours?: number;
}

export interface RegionRun {
  readonly summary: RunSummary;
  readonly delivery: Delivery;
  /** A newer window was recorded before: what this run found was logged, and changed no incident. */
  readonly superseded: boolean;
  /** In the order in which they were found; of a run in several invocations the most urgent ones of each shard. */
  readonly findings: readonly ListedFinding[];
  /** How many there were. */
  readonly found: number;
  /** Incidents that this invocation wrote, and hosts that could not be recorded in time: another run of the window records them. */
  readonly recorded: number;
  readonly unrecorded: number;
  /** Of a comparison at equal age; absent of an inspection. */
  readonly compared?: ComparedCounts;
}

/** How many new hosts there were, by what became of them, and hosts that are older than what was read. */
export interface ComparedCounts {
  readonly early: number;
  readonly alike: number;
  readonly notCompared: number;
  /** Of those that were not compared: for which no time was left. */
  readonly outOfTime: number;
  readonly older: number;
}

/** How far a run is. */
export interface RunProgress {
  readonly done: number;
  /** Null while the hosts are being listed. */
  readonly shards: number | null;
}

/** What an invocation made of a region. */
export type RegionOutcome = (
  | { readonly kind: 'closed'; readonly run: RegionRun }
  /** The run goes on in another invocation. */
  | {
      readonly kind: 'continued';
      readonly progress: RunProgress;
      /** Shards that this invocation inspected, and incidents that it wrote. */
      readonly inspected: number;
      readonly recorded: number;
    }
  /** Others work on all that is left of it: whoever holds its message keeps it, until they have finished or were killed. */
  | { readonly kind: 'under_way'; readonly progress: RunProgress; readonly reason: string }
  /** Nothing is left to do: it was inspected before, or another run takes its turn. */
  | { readonly kind: 'skipped' | 'overrun'; readonly reason: string; readonly delivery?: Delivery }
) & {
  /** An earlier run without progress, which was closed so that this one could begin. */
  readonly gaveWay?: RunSummary;
};

export const NO_DELIVERY: Delivery = { published: 0, held: 0, failed: [], undeliverable: [], crowdedOut: [] };

export const INSPECTED_BEFORE: RegionOutcome = { kind: 'skipped', reason: 'it was inspected before' };

/** A copy of the message has begun the same run. */
export const CLAIMED: RegionOutcome = {
  kind: 'under_way',
  progress: { done: 0, shards: null },
  reason: 'its hosts are being listed by another function',
};

export function progressText({ done, shards }: RunProgress): string {
  return shards === null ? 'its hosts are being listed' : `${done} of ${shards} shards are done`;
}

/** What an invocation recorded, and shards that it inspected. */
interface Recorded {
  readonly recorded: number;
  readonly unrecorded: number;
  readonly inspected?: number;
}

/** A continuation that makes no progress would be continued for ever: the message goes back, and is delivered a few times. */
export function requireProgress({ account, region }: Scope, { recorded, unrecorded, inspected = 0 }: Recorded): void {
  if (unrecorded === 0 || recorded > 0 || inspected > 0) return;
  throw new StoreError(
    `None of ${unrecorded} hosts of ${account} ${region} could be recorded in time: the table answers too slowly. The message is tried again later.`,
  );
}
