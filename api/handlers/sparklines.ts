/** Levels of hosts over the last runs. */
import pLimit from 'p-limit';
import { keptRuns } from '../../core/inspection/newest-runs.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Scope } from '../../core/model/series.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import type { SparklineView } from '../contract/hosts.ts';
import type { HeadCache, KeptHead } from '../fleet/heads.ts';
import { type HostName, hostOfRef } from '../refs.ts';

/** Runs of a line. Steady hosts are in no head: their lines have nulls. */
const RUNS = 12;

/** Heads that are read at the same time, of one region after the other. */
const AT_ONCE = 4;

export const sparklineHandlers: HandlersOf<'listSparklines'> = {
  async listSparklines({ tenant, body, heads }) {
    const hosts = [...new Set(body.refs)].map((ref) => ({ ref, ...hostOfRef(ref) }));
    const items: SparklineView[] = [];
    for (const [, ofScope] of Map.groupBy(
      hosts,
      ({ provider, account, region }) => `${provider} ${account} ${region}`,
    )) {
      const [first] = ofScope;
      if (first === undefined) continue;
      const { provider, account, region } = first;
      const runs = await lastHeads({ provider, account, region }, tenant, heads);
      items.push(...ofScope.map((host) => sparklineOf(host, runs)));
    }
    return { items };
  },
};

interface LastHead {
  readonly at: number;
  readonly kept: KeptHead | undefined;
}

/** The oldest first. A head that cannot be read back leaves a gap. */
async function lastHeads(scope: Scope, { id, ports }: TenantCall, heads: HeadCache): Promise<LastHead[]> {
  const runs = keptRuns(id, scope, await ports.runs.newest(id, scope, RUNS));
  const read = await pLimit(AT_ONCE).map(runs, async (run): Promise<LastHead> => {
    try {
      return { at: run.summary.scheduledTime, kept: await heads.read(run, ports.results) };
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      return { at: run.summary.scheduledTime, kept: undefined };
    }
  });
  return read.toReversed();
}

function sparklineOf({ ref, id }: HostName & { readonly ref: string }, runs: readonly LastHead[]): SparklineView {
  return {
    ref,
    times: runs.map(({ at }) => isoText(at)),
    values: runs.map(({ kept }) => kept?.lineOf(id)?.level ?? null),
  };
}
