/** Levels of hosts over the last runs. */
import pLimit, { type LimitFunction } from 'p-limit';
import { keptRuns } from '../../core/inspection/newest-runs.ts';
import type { KeptRun } from '../../core/inspection/read-results.ts';
import { isoText } from '../../core/model/notation.ts';
import type { RunSummary } from '../../core/model/run.ts';
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

/**
 * Lines of heads that one request reads, of all regions together: a second or two. Where many hosts are not monitored heads are large, and lines
 * become shorter.
 */
const MOST_LINES = 60_000;

/** Regions whose runs are looked up at the same time. */
const REGIONS_AT_ONCE = 10;

export const sparklineHandlers: HandlersOf<'listSparklines'> = {
  async listSparklines({ tenant, body, heads }) {
    const hosts = [...new Set(body.refs)].map((ref) => ({ ref, ...hostOfRef(ref) }));
    const scopes = Map.groupBy(hosts, ({ provider, account, region }) => `${provider} ${account} ${region}`);
    const reading: Reading = { tenant, heads, limit: pLimit(HEADS_AT_ONCE), mostLines: MOST_LINES / scopes.size };
    const items = await pLimit(REGIONS_AT_ONCE).map(scopes.values(), (ofScope) => sparklinesOf(ofScope, reading));
    return { items: items.flat() };
  },
};

interface Reading {
  readonly tenant: TenantCall;
  readonly heads: HeadCache;
  /** Of heads. */
  readonly limit: LimitFunction;
  /** Of one region. */
  readonly mostLines: number;
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
async function lastHeads(
  scope: Scope,
  { tenant: { id, ports }, heads, limit, mostLines }: Reading,
): Promise<LastHead[]> {
  const runs = newestWithin(mostLines, keptRuns(id, scope, await ports.runs.newest(id, scope, RUNS)));
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

/** The newest runs whose heads have no more lines together, and the newest one in any case. */
function newestWithin(mostLines: number, runs: readonly KeptRun[]): KeptRun[] {
  let lines = 0;
  return runs.filter(({ summary }, index) => {
    lines += notSteadyIn(summary);
    return index === 0 || lines <= mostLines;
  });
}

function notSteadyIn({ hosts, verdicts }: RunSummary): number {
  const { confirmed, suspected, insufficientData } = verdicts;
  return confirmed + suspected + insufficientData + hosts.notMonitored + hosts.unreadable;
}
