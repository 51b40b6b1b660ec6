/** What a verdict means for an incident. Runs and replays share it, so that a replay reports what a run would have. */
import { type Finding, severityOf } from '../model/finding.ts';
import type { IncidentKey } from '../model/incident.ts';
import { type Evaluated, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import { EVALUATED_FINDING } from '../model/metrics.ts';
import type { Series } from '../model/series.ts';
import type { Observation } from './transition.ts';

/** Undefined where there is too little data for a verdict: recovery needs fresh samples, not their absence. */
export function observe(tenant: string, evaluated: Evaluated): Observation | undefined {
  const { series, verdict } = evaluated;
  const key = keyOf(tenant, series);
  const asOf = series.window.end;
  if (isLeaking(evaluated)) return { kind: 'leaking', key, asOf, finding: findingOf(tenant, evaluated) };
  if (verdict.state !== 'steady') return undefined;
  const { level, confidence } = verdict.evidence;
  return { kind: 'steady', key, asOf, utilization: utilizationOf(series, level), confidence };
}

/** The finding about a leaking host: where it is, how severe it is, and the evidence. */
export function findingOf(tenant: string, { series, verdict, recent, attribution }: LeakingHost): Finding {
  const { resource, metric, unit, window } = series;
  const severity = severityOf(verdict.evidence.exhaustion, window.end);
  return {
    kind: EVALUATED_FINDING,
    tenant,
    resource,
    metric,
    unit,
    severity,
    verdict,
    window,
    ...(recent?.kind === 'series' && { recent }),
    ...(attribution && { attribution }),
  };
}

/** The level as a fraction of the limit; undefined where the limit is not known. */
function utilizationOf({ unit, limit }: Series, level: number): number | undefined {
  if (unit === '1') return level;
  return limit === undefined ? undefined : level / limit;
}

function keyOf(tenant: string, { resource, metric }: Series): IncidentKey {
  const { provider, account, region, id } = resource;
  return { tenant, provider, account, region, host: id, metric, finding: EVALUATED_FINDING };
}
