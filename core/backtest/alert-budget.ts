/** Finds the threshold that keeps an alert budget, from the events that each threshold would have caused. */
import { THRESHOLDS } from '../model/policy.ts';
import type { Totals } from './totals.ts';

/** One threshold of the sweep, with the events that it would have caused. */
export interface SweepStep {
  readonly threshold: number;
  readonly totals: Totals;
}

export interface BudgetAnswer {
  /** The least threshold that keeps the budget and above which all others keep it too; null where none does. */
  readonly threshold: number | null;
  /**
   * Thresholds with more pages than the one below: a greater threshold can split one episode in two. A lesser threshold
   * may then keep the budget by chance, and is not offered.
   */
  readonly rises: readonly number[];
}

/** Thresholds have two decimals, as a person would write them in a config. */
const STEPS_PER_UNIT = 100;

/** Every threshold that a policy may have, in order. */
export function sweptThresholds(): number[] {
  const first = Math.ceil(THRESHOLDS.least * STEPS_PER_UNIT);
  const last = Math.floor(THRESHOLDS.greatest * STEPS_PER_UNIT);
  return Array.from({ length: last - first + 1 }, (_, step) => (first + step) / STEPS_PER_UNIT);
}

/**
 * @param sweep In order of threshold.
 * @param budget Pages per 100 hosts and week, at the most.
 */
export function answerBudget(sweep: readonly SweepStep[], budget: number): BudgetAnswer {
  // Where nothing was evaluated there is no rate, and no threshold is known to keep the budget.
  const breaks = sweep.findLastIndex(({ totals }) => (totals.pagesPer100HostWeeks ?? Infinity) > budget);
  const rises = sweep.filter(({ totals }, index) => totals.pages > (sweep[index - 1]?.totals.pages ?? totals.pages));
  return { threshold: sweep[breaks + 1]?.threshold ?? null, rises: rises.map(({ threshold }) => threshold) };
}
