/** What a backtest found, gathered while hosts go by: sums, and of the hosts those of which something would have been told. */
import { answerBudget, type BudgetAnswer, type SweepStep } from '../../core/backtest/alert-budget.ts';
import type { Period, PolicyReplay } from '../../core/backtest/backtest.ts';
import { startTotals, type Totals, type TotalsSoFar } from '../../core/backtest/totals.ts';
import type { Resource } from '../../core/model/series.ts';
import { type NotEvaluated, notEvaluated } from '../findings/not-evaluated.ts';
import type { Config, Trial } from './plan.ts';
import type { BacktestStep, Calls } from './steps.ts';

/** A host with at least one episode under at least one of the configs. */
export interface ReportedHost {
  readonly resource: Resource;
  /** One for each config, in their order. */
  readonly replays: readonly PolicyReplay[];
}

export interface ConfigReport {
  readonly config: Config;
  readonly totals: Totals;
  /** Absent without a budget, and where it is the first config's. */
  readonly sweep?: { readonly steps: readonly SweepStep[]; readonly answer: BudgetAnswer };
}

export interface BacktestReport {
  readonly period: Period;
  /** Pages per 100 hosts and week. */
  readonly budget: number | undefined;
  readonly configs: readonly ConfigReport[];
  readonly reported: readonly ReportedHost[];
  readonly missed: readonly NotEvaluated[];
  readonly calls: Calls;
  readonly metricsBilled: number;
  readonly usd: number;
}

export interface ReportSoFar {
  add(step: BacktestStep): void;
  finish(): BacktestReport;
}

/** @param trials Those of the configs as they are come first. */
export function startReport(period: Period, trials: readonly Trial[], budget: number | undefined): ReportSoFar {
  const tried = trials.map((trial) => ({ ...trial, sums: startTotals(period.everyMs) }));
  const plain = tried.filter(({ threshold }) => threshold === undefined);
  const reported: ReportedHost[] = [];
  const missed: NotEvaluated[] = [];
  const calls: Record<string, number> = {};
  const bill = { metricsBilled: 0, usd: 0 };

  function addHost({ result }: BacktestStep & { kind: 'host' }): void {
    if (result.kind !== 'replayed') {
      const row = notEvaluated(result);
      if (row !== undefined) missed.push(row);
      return;
    }
    const { series, replays } = result;
    for (const [index, replay] of replays.entries()) tried[index]?.sums.add(replay);
    const compared = replays.slice(0, plain.length);
    if (compared.some(({ episodes }) => episodes.length > 0)) {
      reported.push({ resource: series.resource, replays: compared });
    }
  }

  function addRead({ target, calls: made, metricsBilled }: BacktestStep & { kind: 'read' }): void {
    for (const [call, count] of Object.entries(made)) calls[call] = (calls[call] ?? 0) + count;
    bill.metricsBilled += metricsBilled;
    bill.usd += metricsBilled * (target.source.price?.usdPerMetric ?? 0);
  }

  return {
    add: (step) => (step.kind === 'host' ? addHost(step) : addRead(step)),
    finish() {
      const configs = plain.map(({ config, sums }): ConfigReport => {
        const steps = stepsOf(tried.filter((trial) => trial.config === config));
        const sweep = budget !== undefined && steps.length > 0 && { steps, answer: answerBudget(steps, budget) };
        return { config, totals: sums.totals(), ...(sweep && { sweep }) };
      });
      return { period, budget, configs, reported, missed, calls, ...bill };
    },
  };
}

function stepsOf(tried: readonly { readonly threshold?: number; readonly sums: TotalsSoFar }[]): SweepStep[] {
  return tried.flatMap(({ threshold, sums }) =>
    threshold === undefined ? [] : [{ threshold, totals: sums.totals() }],
  );
}
