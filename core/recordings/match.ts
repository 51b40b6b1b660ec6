/** Which samples of a batch belong to which recordings, joined by host, process and moment. */
import { createRuleMatcher, matchesGlob } from '../model/host-filter.ts';
import type { ProcessRule, RecordedSample, Recording } from '../model/recording.ts';
import {
  PROCESS_DATA,
  PROCESS_STACK,
  PROCESS_SWAP,
  type SampleBatch,
  type SampleMetric,
  type SampleSeries,
  type SentHost,
  type SentProcess,
} from '../model/sample.ts';
import { NO_REGION, PROCESS_MEMORY, type Resource } from '../model/series.ts';
import type { RecordedProcess, RecordingRef } from '../ports/recording-store.ts';
import { dayOf } from './days.ts';
import { compared, createJoin, type Join } from './join.ts';

/** What `RecordedSamples.putLive` takes, but for the name. */
export interface LiveSamples {
  readonly of: RecordingRef;
  /** Of the samples, UTC: `2026-11-29`. */
  readonly day: string;
  readonly live: readonly RecordedProcess<RecordedSample>[];
}

type Field = Exclude<keyof RecordedSample, 'time'>;

const FIELDS: { readonly [Metric in SampleMetric]?: Field } = {
  [PROCESS_DATA]: 'data',
  [PROCESS_STACK]: 'stack',
  [PROCESS_MEMORY]: 'resident',
  [PROCESS_SWAP]: 'swap',
};

/** A series of a process, of a metric that recordings keep. */
interface ProcessSeries extends SampleSeries {
  readonly process: SentProcess;
}

/**
 * The live samples of a batch, by recording and day. Recordings of other tenants and accounts, deleted ones and those of another time get nothing;
 * samples that come late get into a recording that has ended since. The same batch and recordings give the same.
 */
export function matchBatch(batch: SampleBatch, recordings: readonly Recording[]): readonly LiveSamples[] {
  const wanted = recordings.filter((one) => isOf(one, batch.tenant, batch.account) && one.deletedAt === undefined);
  if (wanted.length === 0) return [];
  const byHost = Map.groupBy(batch.series.filter(isOfProcess), ({ host }) => host);
  const hosts = new Map(batch.hosts.map((host) => [host.id, host]));
  return wanted.flatMap((recording) => {
    const isHost = hostTest(recording);
    const days = new Map<string, Join>();
    for (const [id, series] of byHost) {
      const host = hosts.get(id) ?? { id };
      if (isHost(host)) addHost(host, series, recording, days);
    }
    const of = { tenant: recording.tenant, id: recording.id };
    return [...days].map(([day, join]) => ({ of, day, live: join.processes() }));
  });
}

/** Whether a recording is one of this account. */
export function isOf({ tenant, selection }: Recording, ofTenant: string, account: string): boolean {
  return tenant === ofTenant && selection.account === account;
}

/** Whether the rules of a recording name a host. */
export function hostTest({ selection }: Recording): (host: SentHost) => boolean {
  const matching = createRuleMatcher(selection.hosts);
  return (host) => matching(resourceOf(host, selection.account)).length > 0;
}

/** The end of what a recording keeps, epoch milliseconds. */
export function endOf({ selection, stoppedAt }: Recording): number {
  return Math.min(selection.to, stoppedAt ?? selection.to);
}

/** Which of the processes of one host the rules name, each by one rule at least. */
function matchProcesses(processes: readonly SentProcess[], rules: readonly ProcessRule[]): Set<SentProcess> {
  const found = new Set<SentProcess>();
  for (const rule of rules) {
    const named = processes.filter((process) => names(rule, process));
    for (const process of rule.tree ? treesOf(named, processes) : named) found.add(process);
  }
  return found;
}

function isOfProcess(series: SampleSeries): series is ProcessSeries {
  return series.process !== undefined && FIELDS[series.metric] !== undefined;
}

/** Only the host's own fields matter to the rules, and that the provider is none that ignores case. */
function resourceOf(host: SentHost, account: string): Resource {
  return { provider: 'local', account, region: NO_REGION, ...host };
}

function addHost(
  { id: host, name: hostName }: SentHost,
  series: readonly ProcessSeries[],
  recording: Recording,
  days: Map<string, Join>,
): void {
  const { from, processes: rules } = recording.selection;
  const to = endOf(recording);
  const matching = matchProcesses(
    series.map(({ process }) => process),
    rules,
  );
  for (const { process, metric, times, values } of series) {
    const field = FIELDS[metric];
    if (field === undefined || !matching.has(process)) continue;
    for (const [at, time] of times.entries()) {
      if (time < from || time >= to) continue;
      const day = dayOf(time);
      const join = days.get(day) ?? createJoin();
      days.set(day, join);
      join.add({ host, ...(hostName !== undefined && { hostName }), process }, { time, [field]: values[at] });
    }
  }
}

function names({ name, pid }: ProcessRule, process: SentProcess): boolean {
  return (pid === undefined || pid === process.pid) && (name === undefined || matchesGlob(name, process.name));
}

/**
 * The processes, what they started, and so on. A pid that came back has no children of before. Each child is taken once, newest first: a
 * sender may state one pid for thousands of processes.
 */
function treesOf(roots: readonly SentProcess[], all: readonly SentProcess[]): Iterable<SentProcess> {
  const oldestFirst = all.toSorted((a, b) => compared(startOf(a, Infinity), startOf(b, Infinity)));
  const byParent = Map.groupBy(oldestFirst, ({ parentPid }) => parentPid);
  const found = new Set(roots);
  for (const parent of found) {
    const children = byParent.get(parent.pid) ?? [];
    const from = startOf(parent, -Infinity);
    for (let child = children.at(-1); child && startOf(child, Infinity) >= from; child = children.at(-1)) {
      children.pop();
      found.add(child);
    }
  }
  return found;
}

/** A start that is not stated excludes nothing. */
function startOf({ startedAt }: SentProcess, otherwise: number): number {
  return startedAt ?? otherwise;
}
