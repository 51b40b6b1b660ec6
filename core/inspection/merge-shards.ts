/** Adds up the shards of a run. Pure; the order of the shards alone decides which failures are described. */
import { type ListedFinding, MOST_STORED_FINDINGS } from '../model/inspection-result.ts';
import type { DeepSummary, RunSummary } from '../model/run.ts';
import type { ShardResult } from '../model/shard-result.ts';
import { byUrgency } from './listed-finding.ts';
import type { InspectedShard } from './run-shards.ts';
import {
  type CallsMade,
  createTally,
  FAILURES_LISTED,
  type HostCounts,
  type RunFacts,
  summaryOf,
  sumOfCalls,
} from './run-summary.ts';

/** As it is kept in one item: with the most urgent findings alone. */
export function shardResult({ counts, made, findings, deep }: InspectedShard, superseded: boolean): ShardResult {
  const urgent = findings.toSorted(byUrgency).slice(0, MOST_STORED_FINDINGS);
  return { ...counts, ...made, findings: urgent, found: findings.length, superseded, ...(deep && { deep }) };
}

/** What came of a run as far as its shards were inspected. */
export interface MergedRun {
  readonly summary: RunSummary;
  readonly findings: readonly ListedFinding[];
  readonly found: number;
  readonly superseded: boolean;
}

export interface Mergeable {
  /** In order of their numbers. */
  readonly results: readonly ShardResult[];
  /** Beside the shards: on the listing, and on shards that were interrupted. */
  readonly spent: CallsMade;
  readonly notDue: number;
  /** Of the shards that were not inspected, with the reason; undefined where all were. */
  readonly missing: HostCounts | undefined;
}

export function mergeShards(facts: RunFacts, { results, spent, notDue, missing }: Mergeable): MergedRun {
  const counts = [missing ?? createTally(facts).counts(), ...results].reduce(sumOfCounts);
  const { known } = counts.hosts;
  const hosts = { ...counts.hosts, known: known + notDue, notDue };
  const deep = sumOfDeep(results);
  return {
    summary: summaryOf(facts, { ...counts, hosts }, sumOfCalls([spent, ...results]), deep),
    findings: results.flatMap(({ findings }) => findings),
    found: results.reduce((sum, { found }) => sum + found, 0),
    superseded: results.some(({ superseded }) => superseded),
  };
}

/** Failures about weeks that are described. */
const PROBLEMS = 5;

function sumOfDeep(results: readonly ShardResult[]): DeepSummary | undefined {
  const all = results.flatMap(({ deep }) => deep ?? []);
  if (all.length === 0) return undefined;
  const sum = (count: (deep: DeepSummary) => number) => all.reduce((total, deep) => total + count(deep), 0);
  return {
    hosts: sum(({ hosts }) => hosts),
    metricsBilled: sum(({ metricsBilled }) => metricsBilled),
    learned: sum(({ learned }) => learned),
    putOff: all.find(({ putOff }) => putOff !== null)?.putOff ?? null,
    problems: [...new Set(all.flatMap(({ problems }) => problems))].slice(0, PROBLEMS),
  };
}

function sumOfCounts(a: HostCounts, b: HostCounts): HostCounts {
  const exhausted = (a.exhausted ?? 0) + (b.exhausted ?? 0);
  return {
    hosts: sumOfFigures(a.hosts, b.hosts),
    verdicts: sumOfFigures(a.verdicts, b.verdicts),
    unreadable: sumOfReasons(a.unreadable, b.unreadable),
    // A failure of the entire region is described once, though it shows in every shard.
    failures: [...new Set([...a.failures, ...b.failures])].slice(0, FAILURES_LISTED),
    stoppedReporting: [...a.stoppedReporting, ...b.stoppedReporting].slice(0, FAILURES_LISTED),
    stopped: a.stopped + b.stopped,
    watched: (a.watched ?? 0) + (b.watched ?? 0),
    ...(exhausted > 0 && { exhausted }),
  };
}

function sumOfFigures<Figures extends Readonly<Record<string, number>>>(a: Figures, b: Figures): Figures {
  const sum: Figures = { ...a };
  return Object.assign(
    sum,
    Object.fromEntries(Object.entries(b).map(([name, figure]) => [name, (a[name] ?? 0) + figure])),
  );
}

function sumOfReasons(a: HostCounts['unreadable'], b: HostCounts['unreadable']): HostCounts['unreadable'] {
  return Object.assign({ ...a }, sumOfFigures({ ...a }, { ...b }));
}
