/** Reads weeks of hosts, and learns from them. */
import { advanceRecord, GROUP_READS } from '../baselines/advance-record.ts';
import { weeksOutlookOf } from '../detector/weeks.ts';
import { failureText } from '../messages/failure.ts';
import { clip } from '../messages/plain-text.ts';
import { compareKeys, type HostBaseline } from '../model/host-baseline.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Reading, Resource, Series } from '../model/series.ts';
import { SourceError, StoreError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { isDeepDue } from './deep-moment.ts';
import type { WeeksPorts } from './region-run.ts';
import type { RunContext } from './run-context.ts';
import { keyOf, keyText, type StoredBaselines } from './stored-baselines.ts';
import { deepSpan } from './window.ts';

export interface DeepReading {
  readonly context: RunContext;
  readonly weeks: WeeksPorts;
  readonly stored: StoredBaselines;
  readonly source: MemorySource;
  readonly due: readonly Resource[];
  /** Undefined where the source has no other hosts. */
  readonly only: readonly Resource[] | undefined;
  readonly meter: Meter;
}

export interface DeepResult {
  /** In the order of their keys. */
  readonly records: readonly HostBaseline[];
  readonly hosts: number;
  /** Baselines that were learned anew. */
  readonly learned: number;
  readonly problems: readonly string[];
}

const DAY_MS = 86_400_000;
const PROBLEM_LENGTH = 600;

/** Nothing is thrown: a host that could not be read has no record, and is due again. */
export async function readDeeply(reading: DeepReading, signal: AbortSignal): Promise<DeepResult> {
  const { context, stored } = reading;
  const at = context.run.scheduledTime;
  const { days, excludedOf, problems } = await exclusionsOf(reading);
  const records: HostBaseline[] = [];
  const groups = new Map<string, Series[]>();
  const kept = { reads: 0 };
  let unread: Reading | undefined;
  const isDue = new Set(reading.due.map((host) => keyText(keyOf(host))));
  for await (const one of samplesOf(reading, days, signal)) {
    if (one.kind === 'unreadable') unread ??= one;
    if (one.kind !== 'series' || !isDue.has(keyText(keyOf(one.resource)))) continue;
    const key = keyOf(one.resource);
    const excluded = excludedOf === null ? null : excludedOf(one.resource);
    const weeks = weeksOutlookOf(one, context.policies.of(one.resource).prior);
    records.push(advanceRecord({ key, reads: [one], excluded, before: stored.records.get(keyText(key)), at, weeks }));
    addToGroup(groups, one, { isLearnedFrom: excluded?.length === 0, kept });
  }
  const hosts = records.length;
  for (const [group, reads] of groups) records.push(...groupRecord(group, reads, stored, context.run));
  const learned = records.filter(
    ({ refreshes }) => refreshes.at(-1)?.at === at && refreshes.at(-1)?.outcome === 'replaced',
  );
  const failed = unread?.kind === 'unreadable' ? [clip(failureText(unread), PROBLEM_LENGTH)] : [];
  return { records: records.toSorted(compareKeys), hosts, learned: learned.length, problems: [...problems, ...failed] };
}

/** Incidents and labels that cannot be read may hide a leak: then nothing is learned. */
async function exclusionsOf({ context, weeks }: DeepReading) {
  const { run, policies } = context;
  const days = policies.common.deepReadDays;
  try {
    const excludedOf = await weeks.exclusions(run, run.scheduledTime - days * DAY_MS);
    return { days, excludedOf, problems: [] };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const problem = `No baseline was learned, because incidents or labels cannot be read: ${error.message}`;
    return { days, excludedOf: null, problems: [clip(problem, PROBLEM_LENGTH)] };
  }
}

/** A source that fails is one more reading that could not be made. */
async function* samplesOf(
  { context, source, only, meter }: DeepReading,
  days: number,
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  const [first, ...others] = (only ?? []).map(({ id }) => ({ id }));
  const filters: HostFilter[] = first === undefined ? [] : [{ include: [first, ...others] }];
  const span = deepSpan(context.run.scheduledTime, source, days);
  const own = source.listing === undefined ? context.filters : [];
  try {
    yield* source.read({ metric: context.metric, span, filters: [...own, ...filters] }, meter, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
}

/**
 * Reads of groups that are kept until all hosts were read, at the most: 23 KB each of 60 days, 46 MB together. A shard has half as many hosts. In
 * a source that lists its hosts itself groups that come later are not learned from.
 */
const MOST_GROUP_READS = 2000;

/** Levels of hosts compare as shares of their limits alone. A group that is not learned from today keeps what is known of it. */
function addToGroup(
  groups: Map<string, Series[]>,
  series: Series,
  { isLearnedFrom, kept }: { readonly isLearnedFrom: boolean; readonly kept: { reads: number } },
): void {
  if (series.resource.group === undefined || series.unit !== '1') return;
  const { group } = keyOf(series.resource);
  const reads = groups.get(group) ?? [];
  groups.set(group, reads);
  if (!isLearnedFrom || reads.length >= GROUP_READS || kept.reads >= MOST_GROUP_READS) return;
  kept.reads++;
  reads.push(series);
}

/**
 * What is normal for a group; of one host it would be its own. Runs that read the rest of its hosts on the same day leave it as it is: its
 * errors are those of days.
 */
function groupRecord(
  group: string,
  reads: readonly Series[],
  { records }: StoredBaselines,
  run: RunRef,
): HostBaseline[] {
  const key = { group, host: null };
  const before = records.get(keyText(key));
  if (reads.length < 2 || !isDeepDue(run, before)) return before === undefined ? [] : [before];
  return [advanceRecord({ key, reads, excluded: [], before, at: run.scheduledTime, weeks: null })];
}
