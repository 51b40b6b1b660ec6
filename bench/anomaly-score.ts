/** What alarms come to: precision, recall, F1, delay, and false alarms per host-week. */
import { median } from '../core/detector/order.ts';
import { type Alarm, type AnomalySeries, MINUTE_MS, WEEK_MS } from './anomaly-series.ts';

export interface Tally {
  found: number;
  missed: number;
  falseAlarms: number;
  weeks: number;
  readonly delays: number[];
}

export function emptyTally(): Tally {
  return { found: 0, missed: 0, falseAlarms: 0, weeks: 0, delays: [] };
}

/** An alarm is true where it is given while an anomaly lasts, or within an hour of its end; others are false. */
export function count(tally: Tally, series: AnomalySeries, alarms: readonly Alarm[]): void {
  const grace = 60 * MINUTE_MS;
  const meets = (alarm: Alarm, { start, end }: { start: number; end: number }) =>
    alarm.at >= start && alarm.at <= end + grace;
  const scored = series.anomalies.filter(({ end }) => end > series.from);
  for (const anomaly of scored) {
    const first = alarms.find((alarm) => meets(alarm, anomaly));
    if (first === undefined) tally.missed++;
    else {
      tally.found++;
      tally.delays.push((first.at - anomaly.start) / MINUTE_MS);
    }
  }
  // What a shift leaves when it ends is no healthy day: an alarm that began within a day of it is not counted.
  const after = (alarm: Alarm) => scored.some(({ start, end }) => alarm.at >= start && alarm.at <= end + WEEK_MS / 7);
  const overlaps = (alarm: Alarm) => scored.some(({ start, end }) => alarm.start < end && alarm.last >= start);
  tally.falseAlarms += alarms.filter((alarm) => !after(alarm) && !overlaps(alarm)).length;
  tally.weeks += (series.until - series.from) / WEEK_MS;
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Minutes. */
  readonly delay: number;
  readonly falsePerWeek: number;
}

export function scoreOfTally({ found, missed, falseAlarms, weeks, delays }: Tally): Score {
  const precision = found / (found + falseAlarms);
  const recall = found / (found + missed);
  return {
    precision,
    recall,
    f1: (2 * found) / (2 * found + missed + falseAlarms),
    delay: median(Float64Array.from(delays)),
    falsePerWeek: falseAlarms / weeks,
  };
}
