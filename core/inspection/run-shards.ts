/** Inspects the shards of a run one after the other: each is read, evaluated, recorded and stored before the next begins. */
import { findingOf } from '../incidents/observation.ts';
import type { Recorder, Recording } from '../incidents/recorder.ts';
import { type Evaluated, type Inspected, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { NotMonitored, Resource, Scope, Unreadable } from '../model/series.ts';
import type { DeepShard } from '../model/shard-result.ts';
import { SourceError } from '../ports/errors.ts';
import type { HostListing, MemorySource } from '../ports/memory-source.ts';
import { closeRecording } from './close-recording.ts';
import { EXPLAINED_HOSTS } from './consumer-evidence.ts';
import { reserveMs, whenOnlyLeft } from './deadline.ts';
import { lastInspection } from './earlier-run.ts';
import { inspect } from './inspect.ts';
import { listedFinding } from './listed-finding.ts';
import type { Shard } from './plan-run.ts';
import { resultLine } from './result-lines.ts';
import type { RunContext } from './run-context.ts';
import {
  type CallsMade,
  createMeter,
  createTally,
  type HostCounts,
  NOTHING_SPENT,
  sumOfCalls,
  type Tally,
} from './run-summary.ts';
import { createRunSettler, type RunSettler } from './settle-run.ts';
import { type ShardWeeks, weeksOfRun } from './weeks-of-run.ts';

/** Hosts of a shard whose consumers are read at the least: in a region of many shards they cost half of what its samples do. */
const EXPLAINED_OF_SHARD = 5;

const HOURS_A_MONTH = 730;

/** What one invocation did for a run. */
export interface ShardRunner {
  readonly inspected: number;
  readonly recorded: number;
  readonly unrecorded: number;
  readonly superseded: boolean;
  /** What was spent on shards that were interrupted, since the last call. */
  takeSpent(): CallsMade;
  /** Settles what the run has recorded. See `RunSettler`. */
  settle: RunSettler['settle'];
  /** Whether there is time for one more shard, by the longest so far. */
  hasTime(): boolean;
  /** Undefined where time was up before all of it was read or recorded: the shard is left to another invocation. */
  inspect(shard: ReadableShard): Promise<InspectedShard | undefined>;
  /** Finishes what was recorded beside shards. */
  flush(): Promise<void>;
}

export interface ReadableShard {
  readonly number: number;
  /** Of how many shards with hosts: they share the hosts whose consumers are read. */
  readonly of: number;
  /** Reads the hosts of the shard; undefined where it has none whose samples can be requested. May throw `SourceError`. */
  readonly source: (() => MemorySource) | undefined;
  /** Those that it reads; undefined where the source lists them itself. */
  readonly hosts: readonly Resource[] | undefined;
  readonly readings: readonly (NotMonitored | Unreadable)[];
  /** Whether the source lists its hosts itself: then it applies the filters, and a host is gone that it does not yield. */
  readonly listsHosts: boolean;
}

export interface InspectedShard {
  readonly number: number;
  readonly counts: HostCounts;
  readonly made: CallsMade;
  readonly findings: readonly ListedFinding[];
  readonly lines: readonly ResultLine[];
  /** What reading weeks came to; absent where there was nothing to report. */
  readonly deep?: DeepShard;
}

export function readableShard(
  number: number,
  { hosts, readings }: Shard,
  { listing, of, share }: { readonly listing: HostListing; readonly of: number; readonly share: number },
): ReadableShard {
  const source = hosts.length === 0 ? undefined : () => listing.sourceOf(hosts, share);
  return { number, of, source, hosts: hosts.map(({ resource }) => resource), readings, listsHosts: false };
}

/** @param recorder Undefined where a newer run was recorded before. */
export function createShardRunner(context: RunContext, recorder: Recorder | undefined): ShardRunner {
  const { clock } = context;
  const records = createRecords(context, recorder);
  const runWeeks = weeksOfRun(context);
  let [inspected, longestMs] = [0, 0];
  let spent: CallsMade = NOTHING_SPENT;
  return {
    get inspected() {
      return inspected;
    },
    get recorded() {
      return records.recorded;
    },
    get unrecorded() {
      return records.unrecorded;
    },
    superseded: recorder === undefined,
    takeSpent() {
      const taken = spent;
      spent = NOTHING_SPENT;
      return taken;
    },
    settle: records.settle,
    hasTime: () => clock.remainingMs() - reserveMs(clock, 'record') > longestMs,
    flush: async () => void (await records.finish({ fail: () => undefined })),
    async inspect(shard) {
      const leftMs = clock.remainingMs();
      const weeks = await runWeeks.of(shard.hosts);
      const read = await readShard(context, recorder, shard, weeks);
      const { left } = await records.finish(read.tally);
      longestMs = Math.max(longestMs, leftMs - clock.remainingMs());
      // The first shard of an invocation had most of its time. With as much of another one it would come no further.
      const hadItsTime = inspected === 0 && leftMs >= clock.totalMs / 2;
      if (!shard.listsHosts && (left > 0 || (read.isInterrupted && !hadItsTime))) {
        spent = sumOfCalls([spent, read.made]);
        return undefined;
      }
      inspected++;
      const { tally, findings, lines, source, hosts } = read;
      const { deep, made } = await weeks.read({ shard: shard.number, source, hosts });
      longestMs = Math.max(longestMs, leftMs - clock.remainingMs());
      const both = sumOfCalls([read.made, made]);
      return { number: shard.number, counts: tally.counts(), made: both, findings, lines, ...(deep && { deep }) };
    },
  };
}

/** Finishes what one invocation records, shard after shard, and settles it at the end. */
function createRecords({ run, ports, clock, source }: RunContext, recorder: Recorder | undefined) {
  let [recorded, unrecorded] = [0, 0];
  const settler = createRunSettler(run, ports, clock);
  return {
    get recorded() {
      return recorded;
    },
    get unrecorded() {
      return unrecorded;
    },
    settle: settler.settle,
    async finish(tally: Pick<Tally, 'fail'>): Promise<Recording> {
      const recording = await closeRecording({ recorder, tally, source }, settler, clock);
      recorded += recording.written;
      unrecorded += recording.left;
      return recording;
    },
  };
}

/** Reads, evaluates and records every host of a shard, until its time is up. */
async function readShard(context: RunContext, recorder: Recorder | undefined, shard: ReadableShard, weeks: ShardWeeks) {
  const { run, facts, spans, metric, clock } = context;
  const tally = createTally(facts);
  const meter = createMeter();
  const findings: ListedFinding[] = [];
  const lines: ResultLine[] = [];
  const hosts: Resource[] = [];
  const requested = { metric, window: spans.evaluated.window };
  const signal = whenOnlyLeft(clock, 'record');
  const opened = shard.source && open(shard.source, run.scope);
  for await (const inspected of inspectedOf(context, recorder, { ...shard, opened, weeks }, { meter, signal })) {
    tally.add(inspected);
    if (inspected.kind === 'evaluated') hosts.push(inspected.series.resource);
    lines.push(resultLine(run, requested, inspected));
    if (isLeaking(inspected)) findings.push(listedFinding(findingOf(run.tenant, inspected)));
    await recorder?.add(inspected);
    if (recorder?.hasFailed()) break;
  }
  if (shard.listsHosts && !recorder?.hasFailed()) await recorder?.endGone();
  const timeIsUp = signal.aborted || clock.remainingMs() <= reserveMs(clock, 'record');
  const isInterrupted = timeIsUp && (tally.counts().unreadable.timeout ?? 0) > 0;
  const made: CallsMade = { calls: meter.calls, metricsBilled: meter.metricsBilled };
  const source = opened?.kind === 'opened' ? opened.source : undefined;
  return { tally, made, findings, lines, isInterrupted, source, hosts };
}

async function* inspectedOf(
  { run, facts, metric, spans, filters, policies, clock, ports }: RunContext,
  recorder: Recorder | undefined,
  { opened, weeks, readings, listsHosts, of }: OpenShard,
  { meter, signal }: { readonly meter: ReturnType<typeof createMeter>; readonly signal: AbortSignal },
): AsyncGenerator<Inspected> {
  if (opened?.kind === 'unreadable') yield opened;
  else if (opened !== undefined) {
    const worthExplaining = (host: LeakingHost) => recorder?.isNews(host) ?? false;
    const mostExplained = Math.max(EXPLAINED_OF_SHARD, Math.ceil(EXPLAINED_HOSTS / of));
    const weights = (await ports.weightsOf?.(run.tenant)) ?? {};
    const request = {
      source: opened.source,
      metric,
      spans,
      policyOf: policies.of,
      knowledgeOf: (host: Resource) => ({ ...weeks.knowledgeOf(host), weights }),
      meter,
      worthExplaining,
      mostExplained,
      hasIncident: (host: Evaluated) => recorder?.isReported(host) ?? false,
      isOpen: (host: Evaluated) => recorder?.isOpen(host) ?? false,
      ...(run.trigger === 'schedule' && { lastInspection: () => lastInspection(run, spans.evaluated.window, ports) }),
      hoursBetween: HOURS_A_MONTH / Math.max(1, facts.runsPerMonth),
      hasTime: () => clock.remainingMs() > reserveMs(clock, 'region'),
    };
    // The filters were applied when the hosts were planned.
    yield* inspect({ ...request, filters: listsHosts ? filters : [] }, signal);
  }
  yield* readings;
}

/** A shard whose source could be opened, or not; undefined where it has none. */
interface OpenShard extends Omit<ReadableShard, 'source'> {
  readonly opened: ReturnType<typeof open> | undefined;
  readonly weeks: ShardWeeks;
}

/** A plan that another version stored may be one that this one cannot read. */
function open(
  source: () => MemorySource,
  scope: Scope,
): { readonly kind: 'opened'; readonly source: MemorySource } | Unreadable {
  try {
    return { kind: 'opened', source: source() };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { kind: 'unreadable', scope, reason: error.reason, detail: error.message };
  }
}
