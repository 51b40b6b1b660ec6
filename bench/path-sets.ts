/** The hosts that the path is replayed over, with what each is measured for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S } from './data.ts';
import type { Half } from './halves.ts';
import { madeLeaks } from './made-leaks.ts';
import { growthsOf } from './path-truth.ts';

/**
 * `days`, `weeks`: leaks of days and of weeks. `stops`: leaks of days that end. `kills`: hosts that fill again and again.
 * `healthy`: with something harmless added. `unmodified`: as recorded. `listed`: reported host by host.
 */
export type Role = 'days' | 'weeks' | 'stops' | 'kills' | 'healthy' | 'unmodified' | 'listed';

export interface PathHost {
  readonly set: string;
  readonly role: Role;
  readonly half: Half;
  readonly series: BenchSeries;
}

export interface PathInput {
  /** The folder of the labelled files. */
  readonly data: string;
  /** The folder of the cases. */
  readonly cases?: string | undefined;
  /** Further files of series, as described in the data's README.md. */
  readonly sets: readonly string[];
  readonly seed: number;
}

const UNMODIFIED = ['real-bitbrains', 'real-bitbrains-long', 'real-alibaba'];

export function readPathHosts({ data, cases, sets, seed }: PathInput): PathHost[] {
  const corpus = readCorpus(data, ['injected', 'processes', ...UNMODIFIED]);
  const setOf = (name: string) => corpus.sets.find((set) => set.name === name)?.series ?? [];
  const host = (set: string, role: Role, series: BenchSeries): PathHost => {
    return { set, role, half: corpus.halfOf(series), series };
  };
  const made = madeLeaks(setOf('real-bitbrains-long'), setOf('real-bitbrains'), seed);
  return [
    ...setOf('injected').map((one) => host('injected', one.label === 'leak' ? 'days' : 'healthy', one)),
    ...setOf('processes').map((one) => host('processes', one.label === 'leak' ? 'days' : 'unmodified', one)),
    ...UNMODIFIED.flatMap((name) => setOf(name).map((one) => host(name, 'unmodified', one))),
    ...made.weeks.map((one) => host('made: weeks', 'weeks', one)),
    ...made.kills.map((one) => host('made: kills', 'kills', one)),
    ...made.stops.map((one) => host('made: stops', 'stops', one)),
    ...recordedWeeks(data),
    ...(cases === undefined ? [] : casesIn(cases)),
    ...sets.flatMap((path) => linesOf(path).map((line) => host(path, roleOf(line), seriesOf(line)))),
  ];
}

/** From here on a growth counts as one of weeks. */
const WEEKS_FROM_S = 5 * 24 * HOUR_S;
/** A cycle that counts as one. */
const CYCLE_FROM_S = 12 * HOUR_S;

/** What a series of an unknown set is measured for. */
export function roleOf(line: Line): Role {
  if (line.label !== 'leak') return line.label === 'healthy' ? 'healthy' : 'listed';
  const growths = growthsOf(seriesOf(line));
  if (growths.some(({ end, from, to }) => end === 'killed' && to - from >= CYCLE_FROM_S)) return 'kills';
  return growths.some(({ from, to }) => to - from >= WEEKS_FROM_S) ? 'weeks' : 'days';
}

/** A series as files have it that need not be labelled. */
type Line = Pick<BenchSeries, 'id' | 'step' | 'v'> & Partial<BenchSeries>;

const UNKNOWN = {
  baseKind: 'recorded',
  label: 'healthy',
  shape: 'none',
  tier: 'none',
  overlays: [],
  onset: null,
  stop: null,
  active: [],
  sat: [],
  resets: [],
  evalFrom: 0,
} as const;

/** The series of a file, as described in the data's README.md. */
export function readSeries(path: string): BenchSeries[] {
  return linesOf(path).map(seriesOf);
}

function linesOf(path: string): Line[] {
  const file = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(file) : file).toString('utf8');
  const lines = text.trim().split('\n');
  return lines.map((line): Line => JSON.parse(line));
}

/** A series without a label counts as healthy; `roleOf` keeps it from being scored as such. */
function seriesOf(line: Line): BenchSeries {
  return { ...UNKNOWN, base: line.id, ...line };
}

type Truth = Partial<Pick<BenchSeries, 'active' | 'resets'>>;

function labelled(series: BenchSeries, { active = [], resets = [] }: Truth): BenchSeries {
  const [first] = active;
  if (first === undefined) return series;
  const stop = active.at(-1)?.[1] ?? null;
  return { ...series, label: 'leak', shape: 'linear', tier: 'slow', active, resets, onset: first[0], stop };
}

const DAY_S = 24 * HOUR_S;

/** What a person reads in the curve of the recorded host that leaks: two climbs, and memory given back three times between them. */
const M1_6: Truth = {
  active: [
    [0, 12.49 * DAY_S],
    [14.83 * DAY_S, 32.9 * DAY_S],
  ],
  resets: [12.49 * DAY_S, 14.41 * DAY_S, 14.82 * DAY_S],
};

function recordedWeeks(data: string): PathHost[] {
  return linesOf(join(data, 'weeks.ndjson.gz')).map((line): PathHost => {
    const series = labelled(seriesOf(line), line.id === 'm1-6' ? M1_6 : {});
    return { set: 'weeks', role: 'listed', half: 'mixed', series };
  });
}

interface Case {
  readonly file: string;
  /** Hours from the start at which growth begins, by host; a host that is not named is not labelled. */
  readonly onset: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  { file: '01-oom-every-72h', onset: { 'api-72h': 0, 'api-90h': 0 } },
  { file: '15-collector-sawtooth-that-rises', onset: { 'jvm-5h': 155, 'true-restart': 130 } },
  { file: '16-restarted-every-night', onset: { 'nightly-03h': 0, 'every-21h': 0 } },
  { file: '17-redeployed-every-day', onset: { 'app-1.8pp': 0 } },
];
/** Days that the cases' own descriptions replay. */
const CASE_DAYS = 9;

/** Each host twice: replayed for nine days, as the case requires, and from its first sample. */
function casesIn(directory: string): PathHost[] {
  return CASES.flatMap(({ file, onset }) =>
    linesOf(join(directory, `${file}.ndjson`)).flatMap((line) => {
      const known = labelled(seriesOf(line), cyclesOf(line, onset[line.id]));
      const end = line.v.length * line.step;
      const set = `case ${file.slice(0, 2)}`;
      const about = { role: 'listed', half: 'mixed' } as const;
      return [
        { ...about, set, series: { ...known, evalFrom: Math.max(0, end - CASE_DAYS * DAY_S) } },
        { ...about, set: `${set}, all`, series: known },
      ];
    }),
  );
}

/** Points that a restart gives back at once, at the least. */
const RESTART_POINTS = 15;
/** Falls that are further apart than this are restarts; a collector's come more often. */
function cyclesOf({ v, step }: Line, onsetHours: number | undefined): Truth {
  if (onsetHours === undefined) return {};
  const onset = onsetHours * HOUR_S;
  const end = v.length * step;
  const resets = v.flatMap((value, index) => {
    const fell = (v[index - 1] ?? 0) - (value ?? Number.POSITIVE_INFINITY);
    return fell >= RESTART_POINTS && index * step > onset ? [index * step] : [];
  });
  const froms = [onset, ...resets];
  return { resets, active: froms.map((from, index) => [from, resets[index] ?? end] as const) };
}
