/** From a verdict to what it says of an incident. The inspections that run and those that are replayed share it, so that they tell the same. */
import { type Finding, severityOf } from '../model/finding.ts';
import type { IncidentKey } from '../model/incident.ts';
import type { Series } from '../model/series.ts';
import type { Leaking } from '../model/verdict.ts';
import type { Judged } from './inspect.ts';
import type { Observation } from './transition.ts';

/** Insufficient data says nothing: recovery needs fresh samples, not absence. */
export function observe(tenant: string, { series, verdict, recent }: Judged): Observation | undefined {
  const key = keyOf(tenant, series);
  const asOf = series.window.end;
  switch (verdict.state) {
    case 'insufficient_data':
      return undefined;
    case 'steady':
      return { kind: 'steady', key, asOf, utilization: utilizationOf(series, verdict.evidence.level) };
    case 'leaking':
      return { kind: 'leaking', key, asOf, finding: findingOf(tenant, series, verdict, recent) };
  }
}

export function findingOf(tenant: string, series: Series, verdict: Leaking, recent: Judged['recent']): Finding {
  const { resource, metric, unit, window } = series;
  const severity = severityOf(verdict.evidence.exhaustion, window.end);
  return { tenant, resource, metric, unit, severity, verdict, window, ...(recent?.kind === 'series' && { recent }) };
}

function utilizationOf({ unit, limit }: Series, level: number): number | undefined {
  if (unit === '1') return level;
  return limit === undefined ? undefined : level / limit;
}

function keyOf(tenant: string, { resource, metric }: Series): IncidentKey {
  const { provider, account, region, id } = resource;
  return { tenant, provider, account, region, host: id, metric };
}
