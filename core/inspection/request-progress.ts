/** How far a request for an inspection is answered. */
import { scopeText } from '../messages/locations.ts';
import type { RegionResult } from '../model/inspection-result.ts';
import type { LoggedRequest } from '../ports/request-log.ts';

/** Names of the regions from which results are expected; none before it was dispatched. */
export function expectedRegions({ dispatched }: LoggedRequest): ReadonlySet<string> {
  const scopes = dispatched?.accounts.flatMap(({ provider, account, regions }) =>
    regions.map((region) => scopeText({ provider, account, region })),
  );
  return new Set(scopes);
}

/** Of a request that came before, with the same id, there may be results of other regions: they are left out. */
export function answeredRegions(logged: LoggedRequest): RegionResult[] {
  const scopes = expectedRegions(logged);
  return logged.results.filter(({ scope }) => scopes.has(scopeText(scope)));
}
