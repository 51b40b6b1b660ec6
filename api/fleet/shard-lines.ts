/** Reads shards for one answer: a bounded number, and none of another run. */
import type { KeptRun } from '../../core/inspection/read-results.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import { type RunRef, runName } from '../../core/model/run-ref.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { ProblemError } from '../problem.ts';
import { type HostLine, isHostLine } from '../views/host.ts';

/** Shards of one answer: each has some thousand hosts, and a region of 100,000 hosts is searched. */
export const MOST_SHARDS = 120;

/** Throws `StoreError`, an `ItemError` where a shard is of another run, and a 422 where they are too many for one answer. */
export type ShardReader = (run: KeptRun) => AsyncIterable<HostLine>;

/** @param advice What to do where they are too many: a sentence. */
export function createShardReader(results: Pick<ResultsStore, 'shard'>, advice: string): ShardReader {
  let read = 0;
  return async function* linesOf({ ref, shards }) {
    for (let shard = 0; shard < shards; shard++) {
      if (++read > MOST_SHARDS) throw tooMany(advice);
      for await (const line of results.shard(ref, shard)) {
        requireRun(line, ref);
        if (isHostLine(line)) yield line;
      }
    }
  };
}

/** An object that was copied into the folder of another tenant or run is not shown. */
function requireRun({ run, provider, account, region }: ResultLine, ref: RunRef): void {
  const { scope } = ref;
  const isOf = provider === scope.provider && account === scope.account && region === scope.region;
  if (isOf && run === runName(ref)) return;
  throw new ItemError('The results of a run are of another run: they are not shown.');
}

function tooMany(advice: string): ProblemError {
  const detail = `The results that have to be searched are more than one answer reads. ${advice}`;
  return new ProblemError(422, detail, { kind: 'too-many' });
}
