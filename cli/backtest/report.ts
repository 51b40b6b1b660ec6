/** What a backtest found, gathered while hosts go by: sums, and the hosts of which something would have been reported. */
import { answerBudget, type BudgetAnswer, type SweepStep } from '../../core/backtest/alert-budget.ts';
import type { Period, PolicyReplay } from '../../core/backtest/backtest.ts';
import { type CadenceComparison, startComparison } from '../../core/backtest/compare-cadence.ts';
import { startTotals, type Totals, type TotalsSoFar } from '../../core/backtest/totals.ts';
import type { Resource } from '../../core/model/series.ts';
import { type NotEvaluated, notEvaluated } from '../findings/not-evaluated.ts';
import type { ReportedFullHost } from './full-hosts.ts';
import type { Trial, Variant } from './plan.ts';
import type { BacktestStep, Calls } from './steps.ts';

/** A host with at least one episode under at least one of the policies. */
export interface ReportedHost {
  readonly resource: Resource;
  /** One for each variant, in the variants' order. */
  readonly replays: readonly PolicyReplay[];
}

export interface VariantReport {
  readonly variant: Variant;
  readonly totals: Totals;
  /** Absent without a budget, and where the first variant's sweep shows the same. */
  readonly sweep?: { readonly steps: readonly SweepStep[]; readonly answer: BudgetAnswer };
}

export interface BacktestReport {
  readonly period: Period;
  /** Pages per 100 hosts and week. */
  readonly budget: number | undefined;
  readonly variants: readonly VariantReport[];
  /** Of the first variant with an adaptive cadence; undefined where none has one. */
  readonly cadence: CadenceComparison | undefined;
  readonly reported: readonly ReportedHost[];
  /** Hosts that would have been reported as full, under the first policy. */
  readonly full: readonly ReportedFullHost[];
  readonly missed: readonly NotEvaluated[];
  readonly calls: Calls;
  readonly metricsBilled: number;
  readonly usd: number;
}

export interface ReportSoFar {
  add(step: BacktestStep): void;
  finish(): BacktestReport;
}

/** @param trials Those of the variants as they are come first. */
export function startReport(period: Period, trials: readonly Trial[], budget: number | undefined): ReportSoFar {
  const tried = trials.map((trial) => ({ ...trial, sums: startTotals(period.everyMs) }));
  const plain = tried.filter(({ threshold }) => threshold === undefined);
  const adaptive = plain.findIndex(({ variant }) => variant.quietHours > 0);
  const cadence = startComparison();
  const reported: ReportedHost[] = [];
  const full: ReportedFullHost[] = [];
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
    const [schedule, adapted] = [replays[0], replays[adaptive]];
    if (schedule !== undefined && adapted !== undefined) cadence.add(schedule, adapted);
    const [firstFull, ...others] = replays[0]?.fullEpisodes ?? [];
    if (firstFull !== undefined) full.push({ resource: series.resource, episodes: [firstFull, ...others] });
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
      const variants = plain.map(({ variant, sums }): VariantReport => {
        const steps = stepsOf(tried.filter((trial) => trial.variant === variant));
        const sweep = budget !== undefined && steps.length > 0 && { steps, answer: answerBudget(steps, budget) };
        return { variant, totals: sums.totals(), ...(sweep && { sweep }) };
      });
      const compared = adaptive < 0 ? undefined : cadence.comparison();
      return { period, budget, variants, cadence: compared, reported, full, missed, calls, ...bill };
    },
  };
}

function stepsOf(tried: readonly { readonly threshold?: number; readonly sums: TotalsSoFar }[]): SweepStep[] {
  return tried.flatMap(({ threshold, sums }) =>
    threshold === undefined ? [] : [{ threshold, totals: sums.totals() }],
  );
}
