/** `plimsoll backtest`: what would have been told of the past, had it been inspected every full hour. It only reads. */

import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSelection } from '../source/selection.ts';
import { renderEpisode } from './episode.ts';
import { backtestedJson, reportJson } from './json.ts';
import { type Config, type PlanOptions, periodOf, readConfigs, refuseForgotten, trialsOf } from './plan.ts';
import { type BacktestReport, startReport } from './report.ts';
import { type BacktestStep, backtestSteps } from './steps.ts';
import { renderBacktest } from './text.ts';

export interface BacktestOptions extends PlanOptions {
  readonly charts: 'all' | 'paged' | 'none';
  readonly json?: boolean;
}

/**
 * Exit code 3 when anything would have been told under the first config; 4 when not everything could be read, or nothing
 * could be judged.
 */
export async function backtestFleet(options: BacktestOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const { to, budget, json } = options;
  const configs = await readConfigs(options);
  await using selection = await openSelection({ ...options, ...(to !== undefined && { at: to }) }, context, '--to');
  const period = periodOf(options, selection);
  refuseForgotten(selection, period, configs);
  const trials = trialsOf(configs, budget);
  const found = startReport(period, trials, budget);
  for await (const step of backtestSteps(selection, period, trials, context)) {
    found.add(step);
    const text = json ? jsonOf(step, configs) : chartsOf(step, options, context);
    if (text !== undefined) terminal.print(text);
  }
  const report = found.finish();
  terminal.print(json ? reportJson(report) : renderBacktest(report, terminal));
  return exitCodeOf(report);
}

/** As of inspections: partial wins, and no verdict at all is not clean. */
function exitCodeOf({ missed, configs: [first] }: BacktestReport): ExitCode {
  if (first === undefined || first.totals.hostWeeks === 0) return EXIT.partial;
  if (missed.some(({ state }) => state === 'unreadable')) return EXIT.partial;
  return first.totals.episodes > 0 ? EXIT.findings : EXIT.clean;
}

function jsonOf(step: BacktestStep, configs: readonly Config[]): string | undefined {
  return step.kind === 'host' ? backtestedJson(step.target.tenant, step.result, configs) : undefined;
}

/** The pictures of a host's episodes under the first config. They are told at once, because no host is kept. */
function chartsOf(step: BacktestStep, { charts }: BacktestOptions, { terminal }: Context): string | undefined {
  if (step.kind !== 'host' || step.result.kind !== 'replayed' || charts === 'none') return undefined;
  const { series, replays } = step.result;
  const [first] = replays;
  const shown = first?.episodes.filter(({ openedAt }) => charts === 'all' || openedAt !== null) ?? [];
  if (first === undefined || shown.length === 0) return undefined;
  return shown.map((episode) => `${renderEpisode(series, episode, first.policy, terminal)}\n`).join('\n');
}
