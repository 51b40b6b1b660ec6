/**
 * `node bench/train/fit-weeks.ts --data DIR` learns the table of the slow evaluator, core/detector/weeks-table.ts, on made hosts of weeks
 * on the tuning half of the recorded ones. The same files give the same table; `--check` compares instead of writing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Model, scoreOf } from '../../core/detector/boosted-trees.ts';
import { dailyFloorsOf } from '../../core/detector/daily-floors.ts';
import { deepReadOf } from '../../core/detector/deep-read.ts';
import {
  LEAST_WEEKS_DAYS,
  segmentsOfWeeks,
  WEEKS_FEATURES,
  weeksFeaturesOf,
} from '../../core/detector/weeks-features.ts';
import { readCorpus } from '../corpus.ts';
import type { BenchSeries } from '../data.ts';
import type { Half } from '../halves.ts';
import { minimaOf, PER_DAY } from '../weeks-bases.ts';
import { weeksSeries } from '../weeks-series.ts';
import { dailyEnds, deepReadAt, hourlyMinima, leaksWeeks } from '../weeks-windows.ts';
import { type Base, recorded } from './bases.ts';
import { boost, type Recipe } from './boost.ts';
import { calibrate } from './calibrate.ts';
import { inOneLine, rounded, treeLines } from './table-text.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, check: { type: 'boolean' } } });
if (values.data === undefined) {
  console.error('usage: node bench/train/fit-weeks.ts --data DIR [--check]');
  process.exit(2);
}

/** A recorded host has at least five days. */
const LEAST_BASE_STEPS = 5 * PER_DAY;
const SETS = ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba'];
/** For each seed. There are more ways to be healthy. */
const HOSTS = { leaks: 400, healthy: 1000 };
const SEEDS = { trees: [101, 102], calibration: 103 };

const RECIPE: Recipe = {
  trees: 80,
  rate: 0.12,
  damping: 10,
  leastWeight: 60,
  featureShare: 0.6,
  groupShare: 0.5,
  seed: 1,
};

const { sets, halfOf } = readCorpus(values.data, SETS);
const pool = poolOf('tuning');
const lessons = SEEDS.trees.flatMap((seed, index) => rowsOf(made(seed), index * 10_000));
const model = fitted(lessons);
const calibration = calibrate(
  rowsOf(made(SEEDS.calibration), 0).map(({ segments, leak }) => ({
    score: Math.max(...segments.map((features) => scoreOf(model, features))),
    leak,
  })),
);
const path = new URL('../../core/detector/weeks-table.ts', import.meta.url);
const text = written();
if (values.check !== true) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('core/detector/weeks-table.ts is not what these files teach');
  process.exitCode = 1;
}

interface Row {
  readonly series: number;
  readonly leak: boolean;
  readonly weight: number;
  /** Features of each segment in which growth is looked for. */
  readonly segments: readonly Float64Array[];
}

function poolOf(half: Half): Base[] {
  return sets
    .slice(1)
    .flatMap(({ series }) => series)
    .filter((one) => halfOf(one) === half)
    .map((one) => minimaOf(recorded(one)))
    .filter(({ values }) => values.length >= LEAST_BASE_STEPS);
}

function made(seed: number): BenchSeries[] {
  const { leaks, healthy } = weeksSeries(pool, HOSTS, seed);
  return [...leaks, ...healthy];
}

function rowsOf(hosts: readonly BenchSeries[], first: number): Row[] {
  return hosts.flatMap((host, index) => {
    const minima = hourlyMinima(host);
    const ends = dailyEnds(host).flatMap((now) => {
      const leak = leaksWeeks(host, now);
      return leak === null ? [] : [{ now, leak }];
    });
    return ends.flatMap(({ now, leak }) => {
      const read = deepReadOf(deepReadAt(minima, now));
      if (read === null) return [];
      const { floors, restarts } = dailyFloorsOf(read);
      if (floors.length < LEAST_WEEKS_DAYS) return [];
      const segments = segmentsOfWeeks(floors, restarts).map((days) => weeksFeaturesOf(days).features);
      return [{ series: first + index, leak, weight: 1 / ends.length, segments }];
    });
  });
}

function fitted(rows: readonly Row[]): Model {
  const flat = rows.flatMap(({ segments, ...row }) =>
    segments.map((features) => ({ ...row, features, share: 1 / segments.length })),
  );
  const mean = flat.reduce((sum, { weight, share }) => sum + weight * share, 0) / flat.length;
  return boost(
    {
      columns: WEEKS_FEATURES.map((_, feature) =>
        Float64Array.from(flat, ({ features }) => features[feature] ?? Number.NaN),
      ),
      labels: Uint8Array.from(flat, ({ leak }) => (leak ? 1 : 0)),
      weights: Float64Array.from(flat, ({ weight, share }) => (weight * share) / mean),
      groups: Uint32Array.from(flat, ({ series }) => series),
    },
    WEEKS_FEATURES.map(({ direction }) => direction),
    RECIPE,
  );
}

function written(): string {
  return `/**
 * Written by bench/train/fit-weeks.ts: do not edit. Learned from made hosts of 30 to 60 days (bench/weeks-series.ts) on the tuning half of
${sets.map(({ name, sha256 }) => ` * ${name}.ndjson.gz (sha256 ${sha256})`).join('\n')}
 */
// biome-ignore-all format: one tree a line
import type { TreeRow } from './boosted-trees.ts';
import type { Calibration } from './confidence.ts';

export const WEEKS_CALIBRATION: Calibration = ${inOneLine(calibration)};

export const WEEKS_BASE = ${rounded(model.base)};

export const WEEKS_TREES: readonly TreeRow[] = [
${treeLines(model.trees, WEEKS_FEATURES)}
];
`;
}
