/** Groups of one account and region: what the newest run and the incidents have of each. */
import { compareSeverity } from '../../core/model/finding.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { GroupView } from '../contract/tenants.ts';

/** Groups of a region that an overview lists; the rest is summed up under the last. */
const MOST_GROUPS = 200;

export interface GroupFacts {
  /** Of the newest run; those without a host are left out. */
  readonly lines: readonly ResultLine[];
  /** Of the region, and not closed. */
  readonly incidents: readonly IncidentSummary[];
  /** Ids of incidents that became worse within the last day, and of those that recovered. */
  readonly worse: ReadonlySet<string>;
  readonly recovered: readonly IncidentSummary[];
}

type Counts = { -readonly [Field in keyof GroupView]: GroupView[Field] };

/** The most urgent group first. */
export function groupsOf({ lines, incidents, worse, recovered }: GroupFacts): GroupView[] {
  const groups = new Map<string | null, Counts>();
  const of = (group: string | null): Counts => {
    const known = groups.get(group) ?? emptyGroup(group);
    groups.set(group, known);
    return known;
  };
  for (const line of lines) if (line.host !== null) addLine(of(line.group), line);
  for (const incident of incidents) addIncident(of(incident.group), incident, worse);
  for (const { group } of recovered) of(group).recovered++;
  return [...groups.values()].sort(byUrgency).slice(0, MOST_GROUPS);
}

function emptyGroup(group: string | null): Counts {
  const counts = { leaking: 0, suspected: 0, worse: 0, recovered: 0, insufficient: 0, notMonitored: 0, unreadable: 0 };
  return { group, ...counts, worst: null, fullAt: null };
}

function addLine(group: Counts, { verdict, grade, exhaustion_earliest: earliest }: ResultLine): void {
  switch (verdict) {
    case 'leaking':
      if (grade === 'suspected') group.suspected++;
      else group.leaking++;
      if (earliest !== null && (group.fullAt === null || earliest < Date.parse(group.fullAt)))
        group.fullAt = isoText(earliest);
      return;
    case 'insufficient_data':
      group.insufficient++;
      return;
    case 'not_monitored':
      group.notMonitored++;
      return;
    case 'unreadable':
      group.unreadable++;
      return;
    case 'steady':
      return;
  }
}

function addIncident(group: Counts, { id, status, severity }: IncidentSummary, worse: GroupFacts['worse']): void {
  if (status !== 'open' && status !== 'suspected') return;
  if (worse.has(id)) group.worse++;
  if (group.worst === null || compareSeverity(severity, group.worst) > 0) group.worst = severity;
}

function byUrgency(a: Counts, b: Counts): number {
  const rank = (counts: Counts) => counts.leaking * 1000 + counts.suspected;
  const severity =
    a.worst === null || b.worst === null
      ? Number(a.worst === null) - Number(b.worst === null)
      : compareSeverity(b.worst, a.worst);
  return severity || rank(b) - rank(a) || String(a.group).localeCompare(String(b.group), 'en');
}
