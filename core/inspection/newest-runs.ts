/** The runs whose results are shown: the newest of each account and region. */
import pLimit from 'p-limit';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import type { RunSummary } from '../model/run.ts';
import { type RunRef, runName } from '../model/run-ref.ts';
import type { Scope } from '../model/series.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { ItemError } from '../ports/errors.ts';
import type { RunLog } from '../ports/run-log.ts';

export interface RegionChoice {
  readonly account?: string;
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

/** A run of a region with its results, or why there is none to show. */
export type RegionRun =
  | { readonly kind: 'kept'; readonly summary: RunSummary; readonly ref: RunRef; readonly shards: number }
  | { readonly kind: 'missing'; readonly scope: Scope; readonly summary: RunSummary | undefined; readonly why: string };

/** Items of the table that are read at the same time. */
const AT_ONCE = 10;

/** The accounts and regions of a config that the options name. */
export function chosenScopes({ config }: StoredTenant, { account, region }: RegionChoice): Scope[] {
  const accounts = config.accounts.filter((one) => account === undefined || one.account === account);
  return accounts.flatMap(({ provider, account: id, regions }) =>
    regions
      .filter((one) => region === undefined || one === region)
      .map((one): Scope => ({ provider, account: id, region: one })),
  );
}

/** In the order of the scopes. */
export function newestRuns(
  tenant: string,
  scopes: readonly Scope[],
  runs: Pick<RunLog, 'newest'>,
  { at, now }: { readonly at: number | undefined; readonly now: number },
): Promise<RegionRun[]> {
  const until = at ?? now + CLOCK_SKEW_MS;
  return pLimit(AT_ONCE).map(scopes, async (scope): Promise<RegionRun> => {
    try {
      const [summary] = await runs.newest(tenant, scope, 1, until);
      return regionRun(tenant, scope, summary, at !== undefined);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      return { kind: 'missing', scope, summary: undefined, why: error.message };
    }
  });
}

/** Those of the runs of a scope whose results are kept. */
export function keptRuns(tenant: string, scope: Scope, summaries: readonly RunSummary[]) {
  return summaries.map((summary) => regionRun(tenant, scope, summary, true)).filter((run) => run.kind === 'kept');
}

function regionRun(tenant: string, scope: Scope, summary: RunSummary | undefined, isPast: boolean): RegionRun {
  if (summary === undefined) {
    const why = isPast ? NOT_KNOWN_THEN : 'it was not inspected yet';
    return { kind: 'missing', scope, summary, why };
  }
  const { scheduledTime, results } = summary;
  const ref: RunRef = { tenant, scope, trigger: 'schedule', scheduledTime, request: null };
  if (results === undefined || results.run !== runName(ref)) return { kind: 'missing', scope, summary, why: NOT_KEPT };
  return { kind: 'kept', summary, ref, shards: results.shards };
}

const NOT_KNOWN_THEN =
  'no inspection by then is known: the last 90 days are, and Athena reads the lines of earlier ones';

const NOT_KEPT = 'its last inspection kept no results: a version before them made it';
