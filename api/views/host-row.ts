/** A host as the newest run left it. */
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isoText } from '../../core/model/notation.ts';
import type { HostRow } from '../contract/hosts.ts';
import { incidentRef } from '../refs.ts';
import { exhaustionView, type HostLine, hostOfLine, hostView, moment } from './host.ts';

export function hostRow(line: HostLine, incident: IncidentSummary | undefined): HostRow {
  const { time, verdict, grade, confidence, unit, level, growth, pattern, since, reason, detail, version } = line;
  const expected = {
    earliest: line.exhaustion_earliest,
    likely: line.exhaustion,
    latest: line.exhaustion_latest,
  };
  return {
    ...hostView(hostOfLine(line), version),
    asOf: isoText(time),
    verdict,
    grade,
    confidence,
    decidedBy: line.decided_by,
    unit,
    level,
    growth,
    growthLow: line.growth_low,
    growthHigh: line.growth_high,
    pattern,
    since: moment(since),
    exhaustion: exhaustionView(expected),
    reason,
    detail,
    incident: incident === undefined ? null : incidentOf(incident),
  };
}

function incidentOf({ id, status, severity, acknowledgedBy }: IncidentSummary): NonNullable<HostRow['incident']> {
  return { ref: incidentRef(id), status, severity, acknowledged: acknowledgedBy !== null };
}
