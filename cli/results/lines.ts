/** Reads the lines of runs: all as they are kept, or the first ones of a table. */
import type { ResultLine } from '../../core/model/result-line.ts';
import type { RunHead } from '../../core/model/run-head.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import type { RegionRun } from './runs.ts';
import { isWanted, suffices, type Wanted } from './wanted.ts';

export type KeptRun = Extract<RegionRun, { kind: 'kept' }>;

export interface Reading {
  readonly wanted: Wanted;
  readonly store: Pick<ResultsStore, 'head' | 'shard'>;
  /** Called before the lines of a run are read; may throw. */
  begin(run: KeptRun): void;
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
async function* wantedLines(
  { ref, shards }: KeptRun,
  head: RunHead | undefined,
  { wanted, store, corrupt }: Reading,
): AsyncGenerator<ResultLine> {
  if (head !== undefined && suffices(head, wanted)) {
    yield* head.lines.filter((line) => isWanted(line, wanted));
    return;
  }
  for (let shard = 0; shard < shards; shard++) {
    try {
      for await (const line of store.shard(ref, shard)) if (isWanted(line, wanted)) yield line;
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      corrupt.set(error.message, error);
    }
  }
}

async function headOf({ ref }: KeptRun, { store, corrupt }: Reading): Promise<RunHead | undefined> {
  try {
    return await store.head(ref);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.set(error.message, error);
    return undefined;
  }
}
