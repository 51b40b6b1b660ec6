/** What a run that closes states of the shards that were not inspected: their hosts are known, and could not be read. */
import pLimit from 'p-limit';
import type { Inspected } from '../model/inspected-host.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { Unreadable } from '../model/series.ts';
import type { ResultsStore } from '../ports/results-store.ts';
import type { FinishedShard } from '../ports/shard-store.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { findShard, type Shard } from './plan-run.ts';
import { resultLine } from './result-lines.ts';
import { createTally, type HostCounts, type RunFacts } from './run-summary.ts';

export interface MissingPorts {
  readonly work: Pick<WorkStore, 'get'>;
  readonly results: Pick<ResultsStore, 'putShard'>;
}

interface ToCount {
  readonly open: OpenRun;
  readonly finished: readonly FinishedShard[];
  readonly facts: RunFacts;
  /** Why the run is partial. */
  readonly failure: Unreadable;
}

/** Shards that are read and written at once. */
const AT_ONCE = 8;

/**
 * Counts the hosts of the plan that were not inspected, and stores a line of each: so the summary, the head and the objects of a run
 * agree. An object that a function has left which was killed before it recorded its shard is overwritten. A shard whose plan cannot
 * be read back has no lines. Throws `StoreError`; doing it again writes the same.
 */
export async function keepMissingShards(
  { open, finished, facts, failure }: ToCount,
  { work, results }: MissingPorts,
): Promise<HostCounts> {
  const tally = createTally(facts);
  tally.fail(failure);
  const done = new Set(finished.map(({ shard }) => shard));
  const missing = Array.from({ length: open.shards }, (_, shard) => shard).filter((shard) => !done.has(shard));
  const limit = pLimit(AT_ONCE);
  const requested = { metric: LEAK_METRIC, window: open.window };
  const keep = async (shard: number) => {
    const planned = await findShard(open.run, shard, work);
    const unread = planned === undefined ? [] : unreadHosts(planned, failure);
    for (const inspected of unread) tally.add(inspected);
    const lines = unread.map((inspected) => resultLine(open.run, requested, inspected));
    await results.putShard(open.run, shard, lines);
  };
  await Promise.all(missing.map((shard) => limit(keep, shard)));
  return tally.counts();
}

function unreadHosts({ hosts, readings }: Shard, { reason, detail }: Unreadable): Inspected[] {
  const unread = hosts.map(({ resource: scope }): Inspected => ({ kind: 'unreadable', scope, reason, detail }));
  return [...unread, ...readings];
}
