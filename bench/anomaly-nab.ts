/**
 * The Numenta Anomaly Benchmark (Lavin and Ahmad, 2015; https://github.com/numenta/NAB), read from a copy of its repository: its
 * labelled windows, and as reference its own probationary part, the first 15 % of a file.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { median } from '../core/detector/order.ts';
import { type AnomalySeries, isForChoosing, SETTINGS } from './anomaly-series.ts';

const PROBATION = 0.15;
const labelsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

export function nabSeries(directory: string, choosing: boolean): AnomalySeries[] {
  const text = readFileSync(join(directory, 'labels/combined_windows.json'), 'utf8');
  const labels = labelsSchema.parse(JSON.parse(text));
  return Object.entries(labels)
    .filter(([file]) => isForChoosing(file) === choosing)
    .map(([file, windows]) => seriesOf(directory, file, windows));
}

function seriesOf(directory: string, file: string, windows: readonly (readonly [string, string])[]): AnomalySeries {
  const rows = readFileSync(join(directory, 'data', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const points = new Map(
    rows.map((row) => row.trim().split(',')).map(([time, value]) => [timeOf(time), Number(value)]),
  );
  const times = Float64Array.from([...points.keys()].sort((a, b) => a - b));
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return {
    id: file,
    group: `NAB ${file.split('/')[0]}`,
    settings: { ...SETTINGS, periodMs: median(steps) },
    times,
    values: times.map((time) => points.get(time) ?? 0),
    from: times[Math.floor(PROBATION * times.length)] ?? 0,
    until: times.at(-1) ?? 0,
    anomalies: windows.map(([start, end]) => ({ start: timeOf(start), end: timeOf(end), type: null })),
  };
}

function timeOf(text = ''): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
