/** What baselines are not learned from: weeks with an incident, and what labels call a leak. */
import type { Excluded } from '../baselines/pieces.ts';
import { isHostOf } from '../incidents/policy/match.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';
import { isAboutMemory } from '../model/metrics.ts';
import type { Label } from '../model/mute.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Resource } from '../model/series.ts';
import type { IncidentList } from '../ports/incident-list.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { ExcludedOf } from './region-run.ts';

export interface ExclusionPorts {
  readonly incidents: IncidentList;
  readonly labels: LabelStore;
}

/** A leak is found some hours after it began. */
const FOUND_AFTER_MS = 24 * 3_600_000;

const PAGE = 200;
/** Incidents of an account that are looked at, the latest first: beyond them rises are left out by their shape alone. */
const MOST_PAGES = 25;

/** Labels that call something normal: it is learned from in spite of an incident. */
const NORMAL: ReadonlySet<Label['kind']> = new Set(['false-positive', 'normal-period']);

/** Throws `StoreError`. Labels that cannot be read back are left out. */
export async function readExclusions(
  run: RunRef,
  since: number,
  { incidents, labels }: ExclusionPorts,
): Promise<ExcludedOf> {
  const given = await labels.list(run.tenant, () => undefined);
  const found = await incidentsOf(run, since, incidents);
  const ofHost = Map.groupBy(found, ({ key }) => key.host);
  return (host) => exclusionsOf(host, ofHost.get(host.id) ?? [], given);
}

async function incidentsOf({ tenant, scope }: RunRef, from: number, list: IncidentList): Promise<IncidentSummary[]> {
  const found: IncidentSummary[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { account: scope.account, from, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const { incidents, cursor: next } = await list.list(tenant, query);
    found.push(
      ...incidents.filter(
        ({ key }) => isAboutMemory(key) && key.provider === scope.provider && key.region === scope.region,
      ),
    );
    if (next === null) break;
    cursor = next;
  }
  return found;
}

/** Of one host. Pure. */
export function exclusionsOf(
  host: Resource,
  incidents: readonly IncidentSummary[],
  labels: readonly Label[],
): Excluded[] {
  const own = labels.filter(({ subject }) => subject.incident === undefined && isHostOf(subject, host));
  const normal = own.filter(({ kind }) => NORMAL.has(kind)).map(spanOf);
  const calledNormal = new Set(labels.filter(({ kind }) => NORMAL.has(kind)).map(({ subject }) => subject.incident));
  const leaks = own
    .filter(({ kind }) => !NORMAL.has(kind))
    .map((label): Excluded => ({ ...spanOf(label), use: 'label' }));
  const ofIncidents = incidents
    .filter(({ id }) => !calledNormal.has(id))
    .map(
      ({ since, endedAt }): Excluded => ({ start: since - FOUND_AFTER_MS, end: endedAt ?? Infinity, use: 'incident' }),
    )
    .filter(({ start, end }) => !normal.some((span) => span.start <= start + FOUND_AFTER_MS && end <= span.end));
  return [...leaks, ...ofIncidents];
}

function spanOf({ from, to }: Label) {
  return { start: from ?? -Infinity, end: to ?? Infinity };
}
