/** Levels of hosts over the last runs. */
import pLimit, { type LimitFunction } from 'p-limit';
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

/** Heads that are read at the same time, of all regions together: each may have 8 MB. */
const HEADS_AT_ONCE = 6;

/** Regions whose runs are looked up at the same time. */
const REGIONS_AT_ONCE = 10;

export const sparklineHandlers: HandlersOf<'listSparklines'> = {
  async listSparklines({ tenant, body, heads }) {
    const hosts = [...new Set(body.refs)].map((ref) => ({ ref, ...hostOfRef(ref) }));
    const scopes = Map.groupBy(hosts, ({ provider, account, region }) => `${provider} ${account} ${region}`);
    const reading: Reading = { tenant, heads, limit: pLimit(HEADS_AT_ONCE) };
    const items = await pLimit(REGIONS_AT_ONCE).map(scopes.values(), (ofScope) => sparklinesOf(ofScope, reading));
    return { items: items.flat() };
  },
};

interface Reading {
  readonly tenant: TenantCall;
  readonly heads: HeadCache;
  /** Of heads. */
  readonly limit: LimitFunction;
}

type NamedHost = HostName & { readonly ref: string };

/** Of hosts of one region. */
async function sparklinesOf(hosts: readonly NamedHost[], reading: Reading): Promise<SparklineView[]> {
  const [first] = hosts;
  if (first === undefined) return [];
  const { provider, account, region } = first;
  const runs = await lastHeads({ provider, account, region }, reading);
  return hosts.map((host) => sparklineOf(host, runs));
}

interface LastHead {
  readonly at: number;
  readonly kept: KeptHead | undefined;
}

/** The oldest first. A head that cannot be read back leaves a gap. */
async function lastHeads(scope: Scope, { tenant: { id, ports }, heads, limit }: Reading): Promise<LastHead[]> {
  const runs = keptRuns(id, scope, await ports.runs.newest(id, scope, RUNS));
  const read = await limit.map(runs, async (run): Promise<LastHead> => {
    try {
      return { at: run.summary.scheduledTime, kept: await heads.read(run, ports.results) };
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      return { at: run.summary.scheduledTime, kept: undefined };
    }
  });
  return read.toReversed();
}

function sparklineOf({ ref, id }: NamedHost, runs: readonly LastHead[]): SparklineView {
  return {
    ref,
    times: runs.map(({ at }) => isoText(at)),
    values: runs.map(({ kept }) => kept?.lineOf(id)?.level ?? null),
  };
}
