/** The state of a fleet at a glance. */
import { remainingInspections } from '../../core/health/project-spend.ts';
import { readableItems, unlessCorrupt } from '../../core/health/readable-items.ts';
import { type StatusRow, statusRows } from '../../core/health/status-rows.ts';
import { tenantSpend } from '../../core/health/tenant-spend.ts';
import { scopeText } from '../../core/messages/locations.ts';
import { type Severity, severityOf } from '../../core/model/finding.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Exhaustion } from '../../core/model/verdict.ts';
import type { ItemError } from '../../core/ports/errors.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import type { OverviewView, RegionView } from '../contract/tenants.ts';
import { hostCounts, sumCounts } from '../fleet/counts.ts';
import { groupsOf } from '../fleet/groups.ts';
import { createHostPage } from '../fleet/host-lines.ts';
import { type CurrentIncidents, currentIncidents } from '../fleet/incidents.ts';
import { type Recent, recentlyRecovered, worseOf } from '../fleet/recent.ts';
import { type FleetReading, failuresOf, omittedText, type Region, readRegions } from '../fleet/regions.ts';
import { hostRef, incidentRef } from '../refs.ts';
import { exhaustionView, type HostLine, hostOfLine, hostView, isHostLine, moment } from '../views/host.ts';

/** Hosts that may be full first. */
const SOONEST = 10;

export const overviewHandlers: HandlersOf<'getOverview'> = {
  async getOverview({ tenant, now, heads }) {
    const { config } = tenant.stored;
    const fleet = await readFleet(tenant, { now, heads });
    const { regions, incidents, recent, unreadable } = fleet;
    const shadow = config.alerts?.shadow;
    return {
      tenant: tenant.id,
      name: config.name ?? null,
      enabled: config.enabled,
      asOf: isoText(now),
      shadowUntil: shadow !== undefined && Date.parse(shadow.until) > now ? shadow.until : null,
      incidents: incidentCounts(incidents, recent),
      hosts: sumCounts(regions.flatMap((region) => countsOf(region) ?? [])),
      accounts: accountViews(tenant, fleet),
      soonest: soonestOf(regions, incidents),
      spend: await spendOf(tenant, fleet, now),
      unreadable: [...unreadable],
    };
  },
};

const TRUNCATED = 'more incidents ended within the last day than were counted: more may have recovered';

interface Fleet {
  readonly regions: readonly Region[];
  readonly rows: readonly StatusRow[];
  readonly health: Parameters<typeof tenantSpend>[1];
  readonly incidents: CurrentIncidents;
  readonly recent: Recent;
  readonly unreadable: readonly string[];
}

async function readFleet(tenant: TenantCall, reading: FleetReading): Promise<Fleet> {
  const { id, ports, stored } = tenant;
  const corrupt: ItemError[] = [];
  const [regions, health, watch, incidents, ended] = await Promise.all([
    readRegions(tenant, {}, reading),
    readableItems(ports.health.list(id), corrupt),
    unlessCorrupt(ports.health.getWatch(id), corrupt),
    currentIncidents(tenant),
    recentlyRecovered(tenant, reading.now),
  ]);
  const rows = statusRows({ tenant: stored, health, watch: watch?.value }, reading.now);
  const omitted = regions.flatMap((region) => {
    const text = omittedText(region);
    return text === undefined ? [] : [`${scopeText(region.scope)}: ${text}`];
  });
  const failed = corrupt.map(() => 'the health of an account and region cannot be read back');
  const recent = { worse: worseOf(incidents.all, reading.now), recovered: ended.recovered };
  const truncated = ended.isTruncated ? [TRUNCATED] : [];
  const unreadable = [...failuresOf(regions), ...omitted, ...failed, ...incidents.unreadable, ...truncated];
  return { regions, rows, health, incidents, recent, unreadable };
}

function incidentCounts({ all }: CurrentIncidents, { recovered }: Recent): OverviewView['incidents'] {
  const bySeverity = { low: 0, medium: 0, high: 0, critical: 0 };
  const open = all.filter(({ status }) => status === 'open');
  for (const { severity } of open) bySeverity[severity]++;
  return {
    open: open.length,
    suspected: all.filter(({ status }) => status === 'suspected').length,
    watched: all.filter(({ status }) => status === 'watched').length,
    recovered: recovered.length,
    unacknowledged: open.filter(({ acknowledgedBy }) => acknowledgedBy === null).length,
    bySeverity,
  };
}

function countsOf({ run }: Region): OverviewView['hosts'] | undefined {
  return run.summary && hostCounts(run.summary);
}

function accountViews({ stored }: TenantCall, fleet: Fleet): OverviewView['accounts'] {
  const rowOf = new Map(fleet.rows.map((row) => [scopeText(row), row]));
  const regionOf = new Map(fleet.regions.map((region) => [scopeText(region.scope), region]));
  const [current, ended] = [fleet.incidents.all, fleet.recent.recovered].map((incidents) => {
    return Map.groupBy(incidents, ({ key }) => scopeText(key));
  });
  return stored.config.accounts.map(({ provider, account, enabled, regions }) => ({
    provider,
    account,
    enabled,
    regions: regions.map((region) => {
      const of = scopeText({ provider, account, region });
      const incidents = current?.get(of) ?? [];
      const recovered = ended?.get(of) ?? [];
      return regionView(region, { row: rowOf.get(of), region: regionOf.get(of), incidents, recovered }, fleet);
    }),
  }));
}

interface RegionFacts {
  readonly row: StatusRow | undefined;
  readonly region: Region | undefined;
  readonly incidents: readonly IncidentSummary[];
  readonly recovered: readonly IncidentSummary[];
}

function regionView(name: string, { row, region, incidents, recovered }: RegionFacts, { recent }: Fleet): RegionView {
  const lines = region?.kept?.head.lines ?? [];
  return {
    region: name,
    state: row?.state ?? 'waiting',
    since: moment(row?.since ?? null),
    message: row?.message ?? null,
    lastRun: moment(row?.health?.slot ?? region?.run.summary?.scheduledTime ?? null),
    nextRun: moment(row?.nextRun ?? null),
    hosts: (region && countsOf(region)) ?? null,
    ...groupsOf({ lines, incidents, worse: recent.worse, recovered }),
  };
}

/** The hosts that may be full first. */
function soonestOf(regions: readonly Region[], { byHost }: CurrentIncidents): OverviewView['soonest'] {
  const first = createHostPage(SOONEST, undefined, bySoonest);
  for (const { kept } of regions)
    for (const line of kept?.head.lines ?? [])
      if (isHostLine(line) && line.verdict === 'leaking' && line.exhaustion_earliest !== null) first.add(line);
  return first.end().lines.flatMap((line) => soonestView(line, byHost.get(hostRef(hostOfLine(line)))));
}

function bySoonest(line: HostLine): [number, number, string] {
  return [0, line.exhaustion_earliest ?? Number.MAX_SAFE_INTEGER, hostRef(hostOfLine(line))];
}

function soonestView(line: HostLine, incident: IncidentSummary | undefined): OverviewView['soonest'] {
  const { exhaustion_earliest: earliest, exhaustion: likely, exhaustion_latest: latest, version } = line;
  const exhaustion = exhaustionView({ earliest, likely, latest });
  if (exhaustion === null) return [];
  // An incident that has recovered does not state how urgent the growth is that the newest run sees.
  const severity = incident === undefined || incident.status === 'watched' ? severityOfLine(line) : incident.severity;
  return [
    {
      host: hostView(hostOfLine(line), version),
      severity,
      incident: incident ? incidentRef(incident.id) : null,
      exhaustion,
    },
  ];
}

function severityOfLine({
  time,
  exhaustion_earliest: earliest,
  exhaustion: likely,
  exhaustion_latest: latest,
}: HostLine): Severity {
  const unknown: Exhaustion = { kind: 'cannot_say', reason: 'too_far' };
  const known = earliest !== null && likely !== null;
  return severityOf(known ? { kind: 'expected', earliest, likely, latest } : unknown, time);
}

async function spendOf({ stored, ports }: TenantCall, { health }: Fleet, now: number): Promise<OverviewView['spend']> {
  const time = { now, remaining: remainingInspections(now) };
  const { month, spentUsd, projectedUsd, capUsd } = await tenantSpend(stored, health, ports.spend, time);
  return { month, spentUsd, projectedUsd, capUsd };
}
