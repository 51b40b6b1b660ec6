/** Reads the lines of runs: all as they are kept, or the first ones of a table. */

import { scopeText } from '../messages/locations.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { RunHead } from '../model/run-head.ts';
import { type RunRef, runName } from '../model/run-ref.ts';
import { ItemError } from '../ports/errors.ts';
import type { ResultsStore } from '../ports/results-store.ts';
import type { RegionRun } from './newest-runs.ts';
import { isWanted, suffices, type Wanted } from './wanted-lines.ts';

export type KeptRun = Extract<RegionRun, { kind: 'kept' }>;

export interface Reading {
  readonly wanted: Wanted;
  readonly store: Pick<ResultsStore, 'head' | 'shard'>;
  /** Called before the lines of a run are read; may throw. */
  begin(run: KeptRun): void;
  /** Where the head of a run is kept, or one of its shards, for messages: `s3://bucket/key`. */
  addressOf(run: RunRef, part: 'head' | number): string;
  /** Takes what cannot be read back, by its message: some objects are read twice. */
  readonly corrupt: Map<string, ItemError>;
}

/** All that are wanted, run after run. */
export async function* linesAsKept(runs: readonly KeptRun[], reading: Reading): AsyncGenerator<ResultLine> {
  for (const run of runs) {
    reading.begin(run);
    const head = reading.wanted === 'all' ? undefined : await headOf(run, reading);
    yield* wantedLines(run, head, reading);
  }
}

/**
 * As many as the limit allows: leaking ones of all runs first, the most urgent before the others, and then the others run after run.
 * Of a run without a leak nothing is read once there are enough others.
 */
export async function mostUrgentLines(
  runs: readonly KeptRun[],
  reading: Reading,
  limit: number,
): Promise<ResultLine[]> {
  let leaking: ResultLine[] = [];
  const others: ResultLine[] = [];
  for (const run of runs) {
    const needsLeaking = reading.wanted !== 'not-evaluated' && leakingIn(run) > 0;
    const needsOthers = reading.wanted !== 'leaking' && others.length < limit;
    if (!needsLeaking && !needsOthers) continue;
    reading.begin(run);
    const head = await headOf(run, reading);
    if (needsLeaking) {
      const found = await Array.fromAsync(wantedLines(run, head, { ...reading, wanted: 'leaking' }));
      leaking = [...leaking, ...found].sort(byUrgency).slice(0, limit);
    }
    if (needsOthers) await addOthers(others, limit, wantedLines(run, head, reading));
  }
  return [...leaking, ...others].slice(0, limit);
}

async function addOthers(others: ResultLine[], limit: number, lines: AsyncIterable<ResultLine>): Promise<void> {
  for await (const line of lines) {
    if (line.verdict !== 'leaking') others.push(line);
    if (others.length === limit) return;
  }
}

function leakingIn({ summary: { verdicts } }: KeptRun): number {
  return verdicts.confirmed + verdicts.suspected;
}

/** Confirmed leaks come first, then those that end sooner, then those that are surer. */
function byUrgency(a: ResultLine, b: ResultLine): number {
  return (
    Number(b.grade === 'confirmed') - Number(a.grade === 'confirmed') ||
    endOf(a) - endOf(b) ||
    (b.score ?? 0) - (a.score ?? 0)
  );
}

/** Later than every other where it is not known. */
function endOf({ exhaustion }: ResultLine): number {
  return exhaustion ?? Number.MAX_SAFE_INTEGER;
}

/** From the head of the run where it has all of them, which is one small object; else from every shard. */
async function* wantedLines(run: KeptRun, head: RunHead | undefined, reading: Reading): AsyncGenerator<ResultLine> {
  const { wanted, corrupt } = reading;
  if (head !== undefined && suffices(head, wanted)) {
    yield* head.lines.filter((line) => isWanted(line, wanted));
    return;
  }
  for (let shard = 0; shard < run.shards; shard++) {
    try {
      for await (const line of shardLines(run, shard, reading)) if (isWanted(line, wanted)) yield line;
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      corrupt.set(error.message, error);
    }
  }
}

/** Throws `ItemError` where a shard has no line though the run inspected hosts: its object is gone. */
async function* shardLines(run: KeptRun, shard: number, { store, addressOf }: Reading): AsyncGenerator<ResultLine> {
  let lines = 0;
  for await (const line of store.shard(run.ref, shard)) {
    lines++;
    yield line;
  }
  if (lines > 0 || !hasInspected(run)) return;
  throw new ItemError(
    `${addressOf(run.ref, shard)} is missing, one of ${run.shards} with the results of the run: the hosts in it are not shown.`,
  );
}

function hasInspected({ summary: { hosts } }: KeptRun): boolean {
  return hosts.known > hosts.notDue;
}

async function headOf({ ref }: KeptRun, { store, corrupt, addressOf }: Reading): Promise<RunHead | undefined> {
  try {
    const head = await store.head(ref);
    if (head === undefined || isOf(head, ref)) return head;
    const { tenant, scope } = head.summary;
    throw new ItemError(
      `${addressOf(ref, 'head')} is not read: it is of the run ${head.run} of ${scopeText(scope)} of tenant ${tenant}. Delete it.`,
    );
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.set(error.message, error);
    return undefined;
  }
}

/** Whether a head is of this run: an object that was copied into the folder of another tenant is not. */
function isOf({ run, summary: { tenant, scope } }: RunHead, ref: RunRef): boolean {
  const { provider, account, region } = ref.scope;
  return (
    run === runName(ref) &&
    tenant === ref.tenant &&
    scope.provider === provider &&
    scope.account === account &&
    scope.region === region
  );
}
