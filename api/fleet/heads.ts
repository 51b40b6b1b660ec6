/** Heads of runs, kept for the next request: a run that has closed does not change. */
import { LRUCache } from 'lru-cache';
import type { KeptRun } from '../../core/inspection/read-results.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { RunHead } from '../../core/model/run-head.ts';
import { type RunRef, runId, runName } from '../../core/model/run-ref.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';

/** Lines of all heads that are kept: some 150 MB. */
const MOST_LINES = 150_000;

/** Of one run: lines by host, too, which are made when they are needed. */
export interface KeptHead {
  readonly head: RunHead;
  lineOf(host: string): ResultLine | undefined;
}

export interface HeadCache {
  /** Undefined where there is none. Throws `ItemError` where it cannot be read back, or is of another run. */
  read(run: KeptRun, store: Pick<ResultsStore, 'head'>): Promise<KeptHead | undefined>;
}

export function createHeadCache(): HeadCache {
  const kept = new LRUCache<string, KeptHead>({
    maxSize: MOST_LINES,
    maxEntrySize: MOST_LINES,
    sizeCalculation: ({ head }) => head.lines.length + 1,
  });
  return {
    async read({ ref }, store) {
      const id = runId(ref);
      const known = kept.get(id);
      if (known !== undefined) return known;
      const head = await store.head(ref);
      if (head === undefined) return undefined;
      requireRun(head, ref);
      const read = { head, lineOf: indexed(head) };
      kept.set(id, read);
      return read;
    },
  };
}

function indexed({ lines }: RunHead): KeptHead['lineOf'] {
  let byHost: ReadonlyMap<string | null, ResultLine> | undefined;
  return (host) => {
    byHost ??= new Map(lines.map((line) => [line.host, line]));
    return byHost.get(host);
  };
}

/** An object that was copied into the folder of another tenant is not shown. */
function requireRun({ run, summary: { tenant, scope } }: RunHead, ref: RunRef): void {
  const isOf =
    run === runName(ref) &&
    tenant === ref.tenant &&
    scope.provider === ref.scope.provider &&
    scope.account === ref.scope.account &&
    scope.region === ref.scope.region;
  if (!isOf) throw new ItemError('The head of a run is of another run: it is not shown.');
}
