/** The series of the bench and the training, with the truth of each hour. The data's own README.md explains the fields. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Times are seconds from the start of the series, values percent of capacity. */
export interface BenchSeries {
  readonly id: string;
  /** The hosts whose series this one was made of, joined by `+`. */
  readonly base: string;
  readonly baseKind: string;
  readonly step: number;
  readonly label: 'leak' | 'healthy';
  readonly shape: string;
  readonly tier: 'none' | 'slow' | 'medium' | 'fast';
  readonly overlays: readonly string[];
  /** Percentage points per hour of the injected growth, where the file has it. */
  readonly rate?: number | null;
  readonly onset: number | null;
  readonly stop: number | null;
  readonly active: readonly (readonly [from: number, to: number])[];
  readonly sat: readonly (readonly number[])[];
  readonly resets: readonly number[];
  readonly evalFrom: number;
  readonly v: readonly (number | null)[];
  /** When the series starts, ISO 8601: absent where nothing depends on it. */
  readonly start?: string;
  /** Hosts of one group are siblings. */
  readonly group?: string;
  readonly consumers?: readonly BenchConsumer[];
  readonly deployments?: readonly BenchDeployment[];
  /** The name of the consumer that leaks; null where memory leaks in no process, or the host has no leak. */
  readonly leaker?: string | null;
  /** Whether all hosts of the group have the leak. */
  readonly shared?: boolean;
  /** What happened to all hosts of the group at once without a leak; null where nothing did. */
  readonly fleetWide?: string | null;
}

/** What a process or a container of the host used, in percent of the host's capacity on the grid of the host. */
export interface BenchConsumer {
  readonly name: string;
  readonly kind: 'process' | 'container';
  readonly v: readonly (number | null)[];
  /** Indices between which it lived, where it did not live throughout. */
  readonly since?: number;
  readonly until?: number;
}

export interface BenchDeployment {
  /** ISO 8601. */
  readonly time: string;
  readonly version: string;
}

export interface DataSet {
  readonly name: string;
  /** SHA-256 of the compressed file, so that a result names what it was measured on. */
  readonly sha256: string;
  readonly series: readonly BenchSeries[];
}

export function readDataSet(directory: string, name: string): DataSet {
  const file = readFileSync(join(directory, `${name}.ndjson.gz`));
  const lines = gunzipSync(file).toString('utf8').trim().split('\n');
  const series = lines.map((line): BenchSeries => JSON.parse(line));
  return { name, sha256: createHash('sha256').update(file).digest('hex'), series };
}

/** Seconds. */
export const HOUR_S = 3600;
/** A leak is scored from its fourth hour on; the same time after a restart is not scored. */
const UNCLEAR_AT_START = 3 * HOUR_S;
/** After a leak was stopped its rise is still in the windows: they are not scored. */
const UNCLEAR_AFTER_STOP = 6 * HOUR_S;

/** Whether the window that ends at `now` leaks; null where neither answer would be right. */
export function isLeak(series: BenchSeries, now: number): boolean | null {
  if (series.label !== 'leak' || series.onset === null || now <= series.onset) return false;
  if (series.resets.some((reset) => now > reset && now - reset < UNCLEAR_AT_START)) return null;
  if (series.sat.some(([pinned = Infinity]) => now > pinned)) return null;
  for (const [from, to] of series.active) {
    if (now > from && now <= to + 1) return now - from >= UNCLEAR_AT_START ? true : null;
    if (now > to && now - to < UNCLEAR_AFTER_STOP && to === series.stop) return null;
  }
  return false;
}

/** Whether memory leaks at `now`, scored or not: a flag then is a hit. */
export function leaksAt(series: BenchSeries, now: number): boolean {
  return series.label === 'leak' && series.active.some(([from, to]) => now > from && now <= to + 1);
}

/** The ends of the windows that are evaluated: each full hour after `evalFrom`. */
export function windowEnds(series: BenchSeries): number[] {
  const end = series.v.length * series.step;
  return Array.from({ length: Math.max(0, Math.floor((end - series.evalFrom) / HOUR_S)) }, (_, hour) => {
    return series.evalFrom + (hour + 1) * HOUR_S;
  });
}
