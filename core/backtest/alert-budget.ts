/** Which threshold keeps an alert budget, from what each threshold would have told. */
import { THRESHOLDS } from '../model/policy.ts';
import type { Totals } from './totals.ts';

/** What one threshold would have told. */
export interface SweepStep {
  readonly threshold: number;
  readonly totals: Totals;
}

export interface BudgetAnswer {
  /** The least threshold that keeps the budget and above which all others keep it too; null where none does. */
  readonly threshold: number | null;
  /**
   * Thresholds at which more pages were told than at the one below: a greater one can cut one episode in two. A lesser
   * threshold may then keep the budget by chance, and is not offered.
   */
  readonly rises: readonly number[];
}

/** Thresholds are told apart by what a person would write in a config: two decimals. */
const STEPS_PER_UNIT = 100;

/** Every threshold that a policy may have, in order. */
export function sweptThresholds(): number[] {
  const first = Math.ceil(THRESHOLDS.least * STEPS_PER_UNIT);
  const last = Math.floor(THRESHOLDS.greatest * STEPS_PER_UNIT);
  return Array.from({ length: last - first + 1 }, (_, step) => (first + step) / STEPS_PER_UNIT);
}

/**
 * @param ladder In order of threshold.
 * @param budget Pages per 100 hosts and week, at the most.
 */
export function answerBudget(sweep: readonly SweepStep[], budget: number): BudgetAnswer {
  // Where nothing was judged there is no rate, and no threshold can be said to keep anything.
  const breaks = sweep.findLastIndex(({ totals }) => (totals.pagesPer100HostWeeks ?? Infinity) > budget);
  const rises = sweep.filter(({ totals }, index) => totals.pages > (sweep[index - 1]?.totals.pages ?? totals.pages));
  return { threshold: sweep[breaks + 1]?.threshold ?? null, rises: rises.map(({ threshold }) => threshold) };
}
