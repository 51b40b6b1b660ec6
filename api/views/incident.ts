/** Incidents as lists show them. */

import { shortId } from '../../core/messages/short-id.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isoText } from '../../core/model/notation.ts';
import type { IncidentRow } from '../contract/incidents.ts';
import { incidentRef } from '../refs.ts';
import { hostView, moment } from './host.ts';

export function incidentRow(summary: IncidentSummary): IncidentRow {
  const { id, key, name, group, status, severity, episode, cycle, owner, acknowledgedBy, fleet } = summary;
  const { provider, account, region, host } = key;
  const of = { provider, account, region, id: host, ...(name !== null && { name }), ...(group !== null && { group }) };
  return {
    ref: incidentRef(id),
    id,
    shortId: shortId(id),
    host: hostView(of),
    metric: key.metric,
    finding: key.finding,
    status,
    severity,
    episode,
    cycle,
    since: isoText(summary.since),
    cycleSince: isoText(summary.cycleSince),
    openedAt: moment(summary.openedAt),
    endedAt: moment(summary.endedAt),
    lastChangeAt: isoText(summary.lastChangeAt),
    lastNotifiedAt: moment(summary.lastNotifiedAt),
    acknowledgedBy,
    owner,
    fleet: fleet === null ? null : incidentRef(fleet),
  };
}
