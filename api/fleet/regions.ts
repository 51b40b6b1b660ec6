/** The newest run of each account and region, with its head: what most pages are made of. */
import pLimit from 'p-limit';
import { chosenScopes, newestRuns, type RegionRun } from '../../core/inspection/newest-runs.ts';
import type { KeptRun } from '../../core/inspection/read-results.ts';
import { scopeText } from '../../core/messages/locations.ts';
import { counted } from '../../core/messages/units.ts';
import { ACCOUNT_PROVIDERS, type AccountProvider, type Scope } from '../../core/model/series.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { TenantCall } from '../call.ts';
import { ProblemError } from '../problem.ts';
import type { HeadCache, KeptHead } from './heads.ts';

/** Heads that are read at the same time: each may have 8 MB. */
const HEADS_AT_ONCE = 6;

/** Accounts and regions of one answer. */
const MOST_REGIONS = 3_000;

export interface RegionChoice {
  readonly provider?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface Region {
  readonly scope: Scope;
  readonly run: RegionRun;
  /** Undefined where there is no run, or no head of it. */
  readonly kept: KeptHead | undefined;
  /** Why nothing of it can be shown, in words; undefined where something can. */
  readonly failure: string | undefined;
}

export interface FleetReading {
  readonly now: number;
  readonly heads: HeadCache;
}

/** In the order of the config. Throws a 422 where they are too many for one answer, and `StoreError`. */
export async function readRegions(
  tenant: TenantCall,
  choice: RegionChoice,
  { now, heads }: FleetReading,
): Promise<Region[]> {
  const runs = await newestRuns(tenant.id, scopesOf(tenant, choice), tenant.ports.runs, { at: undefined, now });
  return pLimit(HEADS_AT_ONCE).map(runs, async (run): Promise<Region> => {
    if (run.kind === 'missing') return { scope: run.scope, run, kept: undefined, failure: run.why };
    return { scope: run.ref.scope, run, ...(await readHead(run, tenant, heads)) };
  });
}

/** What cannot be shown of regions, each with its name. */
export function failuresOf(regions: readonly Region[]): string[] {
  return regions.flatMap(({ scope, failure }) => (failure === undefined ? [] : [`${scopeText(scope)}: ${failure}`]));
}

/** Hosts that are not steady and for which the head has no room, in words; undefined where there are none. */
export function omittedText({ kept }: Region): string | undefined {
  const omitted = kept?.head.omitted ?? 0;
  return omitted === 0
    ? undefined
    : `${counted(omitted, 'host')} more that are not steady, which its results alone have`;
}

/** The accounts and regions of the config that are chosen. */
export function scopesOf({ stored }: TenantCall, { provider, account, region }: RegionChoice): Scope[] {
  const choice = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  const scopes = chosenScopes(stored, choice).filter((scope) => provider === undefined || scope.provider === provider);
  if (scopes.length <= MOST_REGIONS) return scopes;
  throw new ProblemError(
    422,
    `${scopes.length} regions are more than one answer has. Name a provider, an account or a region.`,
    {
      kind: 'too-many',
    },
  );
}

async function readHead(
  run: KeptRun,
  { ports }: TenantCall,
  heads: HeadCache,
): Promise<Pick<Region, 'kept' | 'failure'>> {
  try {
    const kept = await heads.read(run, ports.results);
    return { kept, failure: kept === undefined ? 'its last run has no head yet' : undefined };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    return { kept: undefined, failure: 'the head of its last run cannot be read back' };
  }
}

export function hasAccounts(provider: string): provider is AccountProvider {
  return ACCOUNT_PROVIDERS.some((one) => one === provider);
}
