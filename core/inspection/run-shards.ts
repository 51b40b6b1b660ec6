/** Inspects the shards of a run one after the other: each is read, evaluated, recorded, published and stored before the next begins. */
import { findingOf } from '../incidents/observation.ts';
import type { Delivery } from '../incidents/outbox.ts';
import type { Recorder, Recording } from '../incidents/recorder.ts';
import { type Inspected, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { NotMonitored, Scope, Unreadable } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { EXPLAINED_HOSTS } from './attribute-leaks.ts';
import { closeRecording } from './close-recording.ts';
import { reserveMs, whenOnlyLeft } from './deadline.ts';
import { inspect } from './inspect.ts';
import { listedFinding } from './listed-finding.ts';
import { resultLine } from './result-lines.ts';
import type { RunContext } from './run-context.ts';
import { type CallsMade, createMeter, createTally, type HostCounts } from './run-summary.ts';

/** Hosts of a shard whose consumers are read at the least: in a region of many shards they cost half of what its samples do. */
const EXPLAINED_OF_SHARD = 5;

/** What one invocation did for a run. */
export interface ShardRunner {
  readonly inspected: number;
  readonly recorded: number;
  readonly unrecorded: number;
  readonly superseded: boolean;
  /** What was spent on shards that were interrupted, since the last call. */
  takeSpent(): CallsMade;
  delivery(): Delivery;
  /** Whether there is time for one more shard, by the longest so far. */
  hasTime(): boolean;
  /** Undefined where time was up before all of it was read or recorded: the shard is left to another invocation. */
  inspect(shard: ReadableShard): Promise<InspectedShard | undefined>;
  /** Publishes what was recorded beside shards. */
  flush(): Promise<void>;
}

export interface ReadableShard {
  readonly number: number;
  /** Of how many shards with hosts: they share the hosts whose consumers are read. */
  readonly of: number;
  /** Reads the hosts of the shard; undefined where it has none whose samples can be requested. May throw `SourceError`. */
  readonly source: (() => MemorySource) | undefined;
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
}

/** @param recorder Undefined where a newer run was recorded before. */
export function createShardRunner(context: RunContext, recorder: Recorder | undefined): ShardRunner {
  const { ports, clock, source } = context;
  let [inspected, recorded, unrecorded, longestMs] = [0, 0, 0, 0];
  let isTopicDown = false;
  let spent: CallsMade = NOTHING_SPENT;
  const deliveries: Delivery[] = [];

  async function publish(tally: Parameters<typeof closeRecording>[0]['tally']): Promise<Recording> {
    const closed = await closeRecording({ recorder, tally, source, isTopicDown }, ports, clock);
    recorded += closed.recording.written;
    unrecorded += closed.recording.left;
    deliveries.push(closed.delivery);
    isTopicDown ||= closed.delivery.failed.some(({ unresponsive }) => unresponsive === true);
    return closed.recording;
  }

  return {
    get inspected() {
      return inspected;
    },
    get recorded() {
      return recorded;
    },
    get unrecorded() {
      return unrecorded;
    },
    superseded: recorder === undefined,
    takeSpent() {
      const taken = spent;
      spent = NOTHING_SPENT;
      return taken;
    },
    delivery: () => sumOf(deliveries),
    hasTime: () => clock.remainingMs() - reserveMs(clock, 'record') > longestMs,
    async flush() {
      await publish({ fail: () => undefined });
    },
    async inspect(shard) {
      const leftMs = clock.remainingMs();
      const read = await readShard(context, recorder, shard);
      const { left } = await publish(read.tally);
      longestMs = Math.max(longestMs, leftMs - clock.remainingMs());
      const made = { calls: read.meter.calls, metricsBilled: read.meter.metricsBilled };
      // The first shard of an invocation had most of its time. With as much of another one it would come no further.
      const hadItsTime = inspected === 0 && leftMs >= clock.totalMs / 2;
      if (!shard.listsHosts && (left > 0 || (read.isInterrupted && !hadItsTime))) {
        spent = sumOfCalls([spent, made]);
        return undefined;
      }
      inspected++;
      const { findings, lines } = read;
      return { number: shard.number, counts: read.tally.counts(), made, findings, lines };
    },
  };
}

/** Reads, evaluates and records every host of a shard, until its time is up. */
async function readShard(context: RunContext, recorder: Recorder | undefined, shard: ReadableShard) {
  const { run, facts, spans, metric, clock } = context;
  const tally = createTally(facts);
  const meter = createMeter();
  const findings: ListedFinding[] = [];
  const lines: ResultLine[] = [];
  const requested = { metric, window: spans.evaluated.window };
  const signal = whenOnlyLeft(clock, 'record');
  for await (const inspected of inspectedOf(context, recorder, shard, { meter, signal })) {
    tally.add(inspected);
    lines.push(resultLine(run, requested, inspected));
    if (isLeaking(inspected)) findings.push(listedFinding(findingOf(run.tenant, inspected)));
    await recorder?.add(inspected);
    if (recorder?.hasFailed()) break;
  }
  if (shard.listsHosts && !recorder?.hasFailed()) await recorder?.endGone(spans.evaluated.window.end);
  const timeIsUp = signal.aborted || clock.remainingMs() <= reserveMs(clock, 'record');
  const isInterrupted = timeIsUp && (tally.counts().unreadable.timeout ?? 0) > 0;
  return { tally, meter, findings, lines, isInterrupted };
}

async function* inspectedOf(
  { run, metric, spans, filters, policies }: RunContext,
  recorder: Recorder | undefined,
  { source, readings, listsHosts, of }: ReadableShard,
  { meter, signal }: { readonly meter: ReturnType<typeof createMeter>; readonly signal: AbortSignal },
): AsyncGenerator<Inspected> {
  const opened = source && open(source, run.scope);
  if (opened?.kind === 'unreadable') yield opened;
  else if (opened !== undefined) {
    const worthExplaining = (host: LeakingHost) => recorder?.isNews(host) ?? false;
    const mostExplained = Math.max(EXPLAINED_OF_SHARD, Math.ceil(EXPLAINED_HOSTS / of));
    const request = {
      source: opened.source,
      metric,
      spans,
      policyOf: policies.of,
      meter,
      worthExplaining,
      mostExplained,
    };
    // The filters were applied when the hosts were planned.
    yield* inspect({ ...request, filters: listsHosts ? filters : [] }, signal);
  }
  yield* readings;
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

const NOTHING_SPENT: CallsMade = { calls: {}, metricsBilled: 0 };

/** In the order of the calls' names. */
export function sumOfCalls(all: readonly CallsMade[]): CallsMade {
  const calls: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one.calls))) calls[name] = (calls[name] ?? 0) + count;
  const sorted = Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    calls: Object.fromEntries(sorted),
    metricsBilled: all.reduce((sum, { metricsBilled }) => sum + metricsBilled, 0),
  };
}

function sumOf(deliveries: readonly Delivery[]): Delivery {
  return {
    published: deliveries.reduce((sum, { published }) => sum + published, 0),
    failed: deliveries.flatMap(({ failed }) => failed),
    undeliverable: deliveries.flatMap(({ undeliverable }) => undeliverable),
  };
}
