/** Scored points as the lines that are kept of them, by the cell whose object they belong in. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { AnomalyLine } from '../model/anomaly-line.ts';
import { partText } from '../model/points.ts';
import type { TakenIn } from './series-book.ts';

/** What lines need of a series. */
interface Lined extends Pick<TakenIn, 'scored'> {
  readonly record: Pick<TakenIn['record'], 'host' | 'metric' | 'part' | 'unit'>;
}

/** @param keep Whether points that are no anomaly are kept too. */
export function linesOf({ record, scored }: Lined, job: string, keep: AnomalyJob['keep']): AnomalyLine[] {
  const { host, metric, part, unit } = record;
  const series = {
    job,
    provider: host.provider,
    account: host.account,
    region: host.region,
    host: host.id,
    name: host.name ?? null,
    group: host.group ?? null,
    metric,
    part: partText(part),
    unit,
  };
  return scored
    .filter(({ isAnomaly }) => keep === 'all' || isAnomaly)
    .map(({ time, value, expected, low, high, score, isAnomaly, type }) => ({
      time,
      ...series,
      value,
      expected,
      low,
      high,
      score,
      is_anomaly: isAnomaly,
      type,
    }));
}

/**
 * Lines by cell, each in the order of time, host and metric. What came late is of the first cell: that of its own time was written when
 * another inspection ended.
 *
 * @param cells Their beginnings, in order, epoch milliseconds.
 */
export function linesByCell(lines: readonly AnomalyLine[], cells: readonly number[]): Map<number, AnomalyLine[]> {
  const [first = 0] = cells;
  const cellOf = (time: number) => cells.findLast((start) => start <= time) ?? first;
  const byCell = Map.groupBy(lines, ({ time }) => cellOf(time));
  for (const own of byCell.values()) own.sort(compareLines);
  return byCell;
}

function compareLines(a: AnomalyLine, b: AnomalyLine): number {
  return (
    a.time - b.time || compareTexts(a.host, b.host) || compareTexts(a.metric, b.metric) || compareTexts(a.part, b.part)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
