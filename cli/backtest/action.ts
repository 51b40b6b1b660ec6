/** `plimsoll backtest`: what would have been reported in the past, had it been inspected every full hour. It only reads. */

import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import { type Terminal, tableOptions } from '../terminal.ts';
import { renderEpisode } from './episode.ts';
import { backtestedJson, reportJson } from './json.ts';
import { type PlanOptions, periodOf, readVariants, refuseForgotten, trialsOf, type Variant } from './plan.ts';
import { type BacktestReport, startReport } from './report.ts';
import { type BacktestStep, backtestSteps } from './steps.ts';
import { renderBacktest } from './text.ts';

export interface BacktestOptions extends PlanOptions {
  readonly charts: 'all' | 'paged' | 'none';
  readonly json?: boolean;
}

/**
 * Exit code 3 when anything would have been reported under the first policy; 4 when not everything could be read, or nothing
 * could be evaluated.
 */
export async function backtestFleet(options: BacktestOptions, context: SelectionContext): Promise<ExitCode> {
  const { terminal } = context;
  const { to, budget, json } = options;
  const variants = await readVariants(options);
  await using selection = await openSelection({ ...options, ...(to !== undefined && { at: to }) }, context, {
    endOption: '--to',
    triesPolicy: true,
  });
  const period = periodOf(options, selection);
  refuseForgotten(selection, period, variants);
  const trials = trialsOf(variants, budget);
  const found = startReport(period, trials, budget);
  for await (const step of backtestSteps(selection, period, trials, context)) {
    found.add(step);
    if (json) printStep(step, variants, terminal);
    else printCharts(step, options, terminal);
  }
  const report = found.finish();
  if (json) terminal.printJson(reportJson(report));
  else terminal.print(renderBacktest(report, tableOptions(terminal)));
  return exitCodeOf(report);
}

/** As of inspections: partial wins, and no verdict at all is not clean. */
function exitCodeOf({ missed, variants: [first] }: BacktestReport): ExitCode {
  if (first === undefined || first.totals.hostWeeks === 0) return EXIT.partial;
  if (missed.some(({ state }) => state === 'unreadable')) return EXIT.partial;
  return first.totals.episodes + first.totals.full.episodes > 0 ? EXIT.findings : EXIT.clean;
}

function printStep(step: BacktestStep, variants: readonly Variant[], terminal: Terminal): void {
  if (step.kind === 'host') terminal.printJson(backtestedJson(step.target.tenant, step.result, variants));
}

/** The pictures of a host's episodes under the first policy. They are printed at once, because no host is kept. */
function printCharts(step: BacktestStep, { charts }: BacktestOptions, terminal: Terminal): void {
  if (step.kind !== 'host' || step.result.kind !== 'replayed' || charts === 'none') return;
  const { series, replays } = step.result;
  const [first] = replays;
  if (first === undefined) return;
  for (const episode of first.episodes.filter(({ openedAt }) => charts === 'all' || openedAt !== null)) {
    terminal.print(`${renderEpisode(series, episode, first.policy, terminal)}\n`);
  }
}
