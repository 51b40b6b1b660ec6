/** The curve of sF1 and false alarms over thresholds, and what they are of hosts whose consumers are collected and of others. */
import type { EvaluatedHost, Tradeoff } from './evidence-scores.ts';
import { tradeoffAt } from './evidence-scores.ts';
import { figure, markdownTable } from './markdown.ts';

/** The hosts of one set under each row of the report, by the name of the row. */
export type HostsByRow = ReadonlyMap<string, readonly EvaluatedHost[]>;

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99];
/** The default policy's. */
const USUAL = 0.7;

/** One row a threshold. @param rows Names of rows that have confidences. */
export function curveTable(sets: readonly HostsByRow[], rows: readonly string[]): string {
  return markdownTable(
    ['threshold', ...rows.map((row) => `${row}: sF1 / FA`)],
    THRESHOLDS.map((threshold) => [
      figure(threshold, 2),
      ...rows.map((row) => cellOf(sets.map((set) => tradeoffAt(set.get(row) ?? [], threshold)))),
    ]),
  );
}

const PARTS: readonly { readonly title: string; readonly admits: (host: EvaluatedHost) => boolean }[] = [
  { title: 'consumers are collected', admits: ({ series }) => series.consumers !== undefined },
  { title: 'no consumers', admits: ({ series }) => series.consumers === undefined },
  { title: 'siblings, no consumers', admits: ({ series }) => hasGroup(series) && series.consumers === undefined },
  { title: 'neither', admits: ({ series }) => !hasGroup(series) && series.consumers === undefined },
];

function hasGroup({ group }: EvaluatedHost['series']): boolean {
  return group !== undefined;
}

/** One row a part of the hosts, at the usual threshold. */
export function partsTable(sets: readonly HostsByRow[], rows: readonly string[]): string {
  return markdownTable(
    ['hosts', 'share', ...rows.map((row) => `${row}: sF1 / FA`)],
    PARTS.map(({ title, admits }) => [
      title,
      figure(medianOf(sets.map((set) => shareOf(set.get(rows[0] ?? '') ?? [], admits))), 2),
      ...rows.map((row) => cellOf(sets.map((set) => tradeoffAt((set.get(row) ?? []).filter(admits), USUAL)))),
    ]),
  );
}

function shareOf(hosts: readonly EvaluatedHost[], admits: (host: EvaluatedHost) => boolean): number {
  return hosts.filter(admits).length / hosts.length;
}

function cellOf(tradeoffs: readonly Tradeoff[]): string {
  const [f1, falseAlarms] = [tradeoffs.map((one) => one.f1), tradeoffs.map((one) => one.falseAlarms)];
  return `${figure(medianOf(f1), 3)} / ${figure(medianOf(falseAlarms), 1)}`;
}

/** The mean of the two in the middle, where there are two. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const last = sorted.length - 1;
  return ((sorted[Math.floor(last / 2)] ?? Number.NaN) + (sorted[Math.ceil(last / 2)] ?? Number.NaN)) / 2;
}
