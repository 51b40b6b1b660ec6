/** Scores the detections of every run, as tables: detectors side by side, by threshold, history, shape, tier and overlay. */
import { type BenchSeries, windowEnds } from './data.ts';
import { type DetectionsByRun, HISTORIES, OURS, RUNS, type Run, SLOW_PEERS_EVERY } from './detector-runs.ts';
import { AS_ADAPTERS, EVERYTHING, type Feed } from './feeds.ts';
import type { Half } from './halves.ts';
import { figure, markdownTable, percent } from './markdown.ts';
import type { Detections } from './replay.ts';
import { type Score, scoreOf, type Tally } from './score.ts';

/** A series with the detections of every run. */
export interface EvaluatedSeries {
  /** Its file. */
  readonly set: string;
  readonly series: BenchSeries;
  readonly half: Half;
  readonly detectionsByRun: DetectionsByRun;
}

/** Which windows count as flagged. */
type FlagRule = (detections: Detections) => readonly boolean[];

const BOTH_GRADES: FlagRule = ({ flags }) => flags;
const CONFIRMED: FlagRule = ({ confirmed }) => confirmed;
const atThreshold =
  (threshold: number): FlagRule =>
  ({ confidence }) =>
    confidence.map((one) => one !== null && one >= threshold);

const SET_COLUMNS = [
  ['real-bitbrains', 'Bitbrains 12 d'],
  ['real-bitbrains-long', 'Bitbrains 40 d'],
  ['real-alibaba', 'Alibaba'],
] as const;

const HEADLINES = ['sP', 'sR', 'sF1', '90 % of draws', 'wF1', 'FA (flagged)', 'delay h', 'slow', 'processes sF1'];
const ALL_COLUMNS = [...HEADLINES, ...SET_COLUMNS.map(([, title]) => `FA ${title}`)];

/** The score of one run over the series of one file. */
function scored(evaluated: readonly EvaluatedSeries[], set: string, run: Run, rule: FlagRule): Score {
  const index = RUNS.indexOf(run);
  return scoreOf(
    evaluated.flatMap(({ series, detectionsByRun, set: its }) => {
      const detections = detectionsByRun[index];
      if (its !== set || detections === null || detections === undefined) return [];
      return [{ series, ends: windowEnds(series), flags: rule(detections) }];
    }),
  );
}

function oursOn(feed: Feed): Run {
  const run = OURS.find((one) => one.feed === feed);
  if (run === undefined) throw new Error(`the detector is not run on ${feed.name}`);
  return run;
}

/** Every detector on one feed, over the series given. */
export function sideBySide(evaluated: readonly EvaluatedSeries[], feed: Feed): string {
  const ours = oursOn(feed);
  const rows = [
    ['ours, suspected + confirmed', ...figuresOf(evaluated, ours, BOTH_GRADES)],
    ['ours, confirmed', ...figuresOf(evaluated, ours, CONFIRMED)],
    ...RUNS.flatMap((run) => {
      if (run.peer === undefined || run.feed !== feed) return [];
      const share = feed === EVERYTHING && run.peer.slow === true ? ` (every ${SLOW_PEERS_EVERY}th series)` : '';
      return [[run.peer.name + share, ...figuresOf(evaluated, run, BOTH_GRADES)]];
    }),
  ];
  return markdownTable(['detector', ...ALL_COLUMNS], rows);
}

/** Ours at other thresholds than the policy's, both grades, as the adapters feed it. */
export function byThreshold(evaluated: readonly EvaluatedSeries[], thresholds: readonly number[]): string {
  const ours = oursOn(AS_ADAPTERS);
  const rows = thresholds.map((threshold) => [
    figure(threshold, 2),
    ...figuresOf(evaluated, ours, atThreshold(threshold)),
  ]);
  return markdownTable(['threshold', ...ALL_COLUMNS], rows);
}

/** Ours by length of history. */
export function byHistory(evaluated: readonly EvaluatedSeries[]): string {
  const rows = HISTORIES.map((feed) => [
    feed.hours === Infinity ? 'all' : `${feed.hours} h`,
    ...headlines(evaluated, oursOn(feed), BOTH_GRADES),
  ]);
  return markdownTable(['history', ...HEADLINES], rows);
}

/** Ours on injected leaks: the median delay of each tier, and the share of hours that are flagged after the first hit. */
export function delayTable(parts: ReadonlyMap<string, readonly EvaluatedSeries[]>): string {
  const rows = [...parts].map(([part, evaluated]) => [part, ...delayFigures(evaluated, BOTH_GRADES)]);
  return markdownTable(['part', ...DELAY_COLUMNS], rows);
}

/** The same at other thresholds: what sooner or longer findings cost. */
export function delayByThreshold(evaluated: readonly EvaluatedSeries[], thresholds: readonly number[]): string {
  const rows = thresholds.map((threshold) => [
    figure(threshold, 2),
    ...delayFigures(evaluated, atThreshold(threshold)),
  ]);
  return markdownTable(['threshold', ...DELAY_COLUMNS], rows);
}

const TIERS = ['fast', 'medium', 'slow'];
const DELAY_COLUMNS = [...TIERS.map((tier) => `${tier}, h`), 'lasting', 'lasting, slow', 'sF1', 'FA (flagged)'];

function delayFigures(evaluated: readonly EvaluatedSeries[], rule: FlagRule): string[] {
  const score = scored(evaluated, 'injected', oursOn(AS_ADAPTERS), rule);
  return [
    ...TIERS.map((tier) => figure(score.delayByTier.get(tier) ?? Number.NaN, 1)),
    figure(score.lasting, 2),
    figure(score.lastingSlow, 2),
    figure(score.f1, 3),
    alarms(score),
  ];
}

function figuresOf(evaluated: readonly EvaluatedSeries[], run: Run, rule: FlagRule): string[] {
  return [...headlines(evaluated, run, rule), ...SET_COLUMNS.map(([set]) => alarms(scored(evaluated, set, run, rule)))];
}

function headlines(evaluated: readonly EvaluatedSeries[], run: Run, rule: FlagRule): string[] {
  const score = scored(evaluated, 'injected', run, rule);
  return [
    figure(score.precision, 2),
    figure(score.recall, 2),
    figure(score.f1, 3),
    `${figure(score.f1Interval.low, 2)} to ${figure(score.f1Interval.high, 2)}`,
    figure(score.windowF1, 3),
    alarms(score),
    figure(score.delay, 1),
    recallOf(score.recallByTier.get('slow')),
    figure(scored(evaluated, 'processes', run, rule).f1, 3),
  ];
}

function alarms({ falseAlarms, falseWindowShare }: Score): string {
  return Number.isFinite(falseAlarms) ? `${falseAlarms.toFixed(0)} (${percent(falseWindowShare, 2)})` : '–';
}

function recallOf(tally: Tally | undefined): string {
  return tally === undefined ? '–' : figure(tally.hit / tally.of, 2);
}

type Breakdown = 'recallByTier' | 'recallByShape' | 'falseByOverlay';

/** Ours by each key of a breakdown: how many of its series were flagged, in each part. */
export function breakdownTable(
  parts: ReadonlyMap<string, readonly EvaluatedSeries[]>,
  set: string,
  by: Breakdown,
  key: string,
): string {
  const columns = [...parts].flatMap(([part, evaluated]) => {
    const run = oursOn(AS_ADAPTERS);
    return [
      { title: part, tallies: scored(evaluated, set, run, BOTH_GRADES)[by] },
      { title: `${part}, confirmed`, tallies: scored(evaluated, set, run, CONFIRMED)[by] },
    ];
  });
  const keys = [...new Set(columns.flatMap(({ tallies }) => [...tallies.keys()]))].sort();
  const rows = keys.map((name) => [
    name,
    ...columns.map(({ tallies }) => {
      const tally = tallies.get(name);
      return tally === undefined ? '–' : `${tally.hit} of ${tally.of}`;
    }),
  ]);
  return markdownTable([key, ...columns.map(({ title }) => title)], rows);
}
