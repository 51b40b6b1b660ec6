/** The section of the results on whether the detector's confidence is calibrated. */
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { atPrior, type Bin, calibrationError, priorOf, reliability, type ScoredWindow } from './calibration.ts';
import { isLeak, windowEnds } from './data.ts';
import { RUNS } from './detector-runs.ts';
import type { EvaluatedSeries } from './detector-scores.ts';
import { AS_ADAPTERS } from './feeds.ts';
import { figure, markdownTable, percent } from './markdown.ts';

/** Fewer than one host in a hundred leaks in the field. */
const FIELD_PRIOR = 0.01;
/** Columns of the chart. */
const CELLS = 50;

/** The scored windows with a confidence, as the adapters feed them, of one file or of all. */
function windowsOf(evaluated: readonly EvaluatedSeries[], set?: string): ScoredWindow[] {
  const run = RUNS.findIndex(({ feed, peer }) => feed === AS_ADAPTERS && peer === undefined);
  return evaluated.flatMap(({ series, detectionsByRun, set: its }) => {
    const detections = detectionsByRun[run];
    if ((set !== undefined && its !== set) || detections === null || detections === undefined) return [];
    return windowEnds(series).flatMap((now, window) => {
      const confidence = detections.confidence[window] ?? null;
      const leak = isLeak(series, now);
      return confidence === null || leak === null ? [] : [{ confidence, leak, weight: 1 }];
    });
  });
}

/** Reliability at the bench's own prior and at the field's, errors of every part, and a chart of the first part. */
export function calibrationSection(parts: ReadonlyMap<string, readonly EvaluatedSeries[]>): string {
  const errors = [...parts].flatMap(([part, evaluated]) => [
    errorRow(`${part}, injected`, windowsOf(evaluated, 'injected')),
    errorRow(`${part}, every file`, windowsOf(evaluated)),
  ]);
  const [name = '', evaluated = []] = [...parts][0] ?? [];
  const windows = windowsOf(evaluated, 'injected');
  const prior = priorOf(windows);
  const [atBench, inField] = [binsAt(windows, prior), binsAt(windows, FIELD_PRIOR)];
  return [
    `The detector's confidence is at a prior of ${percent(DEFAULT_POLICY.prior)} of windows; it is read at another by the odds.`,
    markdownTable(['series', 'prior', 'error at this prior', `error at ${percent(FIELD_PRIOR, 0)}`], errors),
    `${name}, injected, at the bench's prior (${percent(prior)} of the scored windows leak):`,
    binTable(atBench),
    `${name}, injected, reweighted to a prior of ${percent(FIELD_PRIOR, 0)}:`,
    binTable(inField),
    `The first of the two as a chart: the bar is the share of windows that leak, \`│\` their mean confidence.`,
    `\`\`\`text\n${chart(atBench)}\n\`\`\``,
  ].join('\n\n');
}

function errorRow(name: string, windows: readonly ScoredWindow[]): string[] {
  const prior = priorOf(windows);
  return [
    name,
    percent(prior),
    figure(calibrationError(binsAt(windows, prior)), 3),
    figure(calibrationError(binsAt(windows, FIELD_PRIOR)), 4),
  ];
}

function binsAt(windows: readonly ScoredWindow[], prior: number): Bin[] {
  return reliability(atPrior(windows, DEFAULT_POLICY.prior, prior));
}

function binTable(bins: readonly Bin[]): string {
  const rows = bins.map(({ from, to, windows, confidence, leaks }) => {
    return [rangeOf(from, to), figure(confidence, 3), figure(leaks, 3), String(windows)];
  });
  return markdownTable(['confidence', 'mean confidence', 'share that leaks', 'windows'], rows);
}

function rangeOf(from: number, to: number): string {
  return `${(from * 100).toFixed(0)} to ${(to * 100).toFixed(0)} %`;
}

function chart(bins: readonly Bin[]): string {
  return bins
    .map(({ from, to, windows, confidence, leaks }) => {
      const bar = '█'.repeat(windows === 0 ? 0 : Math.round(leaks * CELLS)).padEnd(CELLS + 1);
      const mark = Math.round(confidence * CELLS);
      const marked = windows === 0 ? bar : `${bar.slice(0, mark)}│${bar.slice(mark + 1)}`;
      return `${rangeOf(from, to).padStart(11)} ${marked} ${String(windows).padStart(6)} windows`;
    })
    .join('\n');
}
