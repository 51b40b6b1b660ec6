/** Anomalous points as rows of a list: those of one series that are close together are one row. */
import type { AnomalyRow } from '../api/contract/anomalies.ts';
import type { ANOMALY_WORDS } from '../core/messages/metric-values.ts';

export interface AnomalyGroup {
  readonly key: string;
  readonly host: AnomalyRow['host'];
  readonly job: string;
  readonly metric: string;
  readonly part: string;
  readonly unit: string;
  /** What most of its points are. */
  readonly type: keyof typeof ANOMALY_WORDS;
  /** The first and the last of its points, ISO 8601. */
  readonly since: string;
  readonly last: string;
  readonly points: number;
  /** Its point with the greatest score. */
  readonly peak: Pick<AnomalyRow, 'time' | 'value' | 'expected' | 'low' | 'high' | 'score'>;
}

/** Milliseconds without an anomalous point after which the next one is a row of its own. */
const APART_MS = 60 * 60_000;

interface Building extends AnomalyGroup {
  readonly types: Map<AnomalyGroup['type'], number>;
}

/** @param rows The newest first, as the API has them. */
export function groupAnomalies(rows: readonly AnomalyRow[]): AnomalyGroup[] {
  const groups: Building[] = [];
  const newest = new Map<string, number>();
  for (const row of rows) {
    const series = JSON.stringify([row.host.ref, row.job, row.metric, row.part]);
    const index = newest.get(series);
    const group = index === undefined ? undefined : groups[index];
    if (index === undefined || group === undefined || Date.parse(group.since) - Date.parse(row.time) > APART_MS) {
      newest.set(series, groups.length);
      groups.push(begun(row, series));
    } else groups[index] = joined(group, row);
  }
  return groups.map(({ types, ...group }) => ({ ...group, type: mostOf(types, group.type) }));
}

/** Whether a row has so many anomalous points. A disk that fills counts with any: few of its points may be anomalous by themselves. */
export function hasPoints({ points, type }: AnomalyGroup, least: number): boolean {
  return points >= least || type === 'fills';
}

function begun(row: AnomalyRow, series: string): Building {
  const { host, job, metric, part, unit, time, type } = row;
  const known = type ?? 'spike';
  return {
    key: `${series} ${time}`,
    host,
    job,
    metric,
    part,
    unit,
    type: known,
    since: time,
    last: time,
    points: 1,
    peak: row,
    types: new Map([[known, 1]]),
  };
}

function joined(group: Building, row: AnomalyRow): Building {
  const type = row.type ?? 'spike';
  group.types.set(type, (group.types.get(type) ?? 0) + 1);
  return {
    ...group,
    since: row.time,
    points: group.points + 1,
    peak: row.score > group.peak.score ? row : group.peak,
  };
}

function mostOf(types: ReadonlyMap<AnomalyGroup['type'], number>, first: AnomalyGroup['type']): AnomalyGroup['type'] {
  const [most] = [...types].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? first;
}

export const ANOMALY_FIELDS = ['host', 'metric', 'job', 'type'] as const;
export const ANOMALY_FIELD_LABELS = { host: 'host', metric: 'metric', job: 'job', type: 'what' } as const;

/** What a row is filtered by. */
export function anomalyField({ host, metric, job, type }: AnomalyGroup, field: string): string {
  switch (field) {
    case 'host':
      return host.name ?? host.id;
    case 'metric':
      return metric;
    case 'job':
      return job;
    default:
      return type;
  }
}

/** `0.9987`, `> 0.9999`: with the digits by which scores near 1 differ. */
export function scoreText(score: number): string {
  if (score >= 0.999_95) return '> 0.9999';
  return score.toFixed(score > 0.99 ? 4 : 2);
}
