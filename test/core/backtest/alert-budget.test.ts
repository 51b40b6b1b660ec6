import { describe, expect, it } from 'vitest';
import { answerBudget, type SweepStep, sweptThresholds } from '../../../core/backtest/alert-budget.ts';
import { startTotals } from '../../../core/backtest/totals.ts';
import { policySchema } from '../../../core/model/policy.ts';
import { HOUR } from '../../fixtures/builders.ts';

/** A sweep over 100 host-weeks, so that pages and their rate are the same number. */
function aSweep(...pages: (readonly [threshold: number, pages: number])[]): SweepStep[] {
  const totals = startTotals(HOUR).totals();
  return pages.map(([threshold, count]) => ({
    threshold,
    totals: { ...totals, hostWeeks: 100, pages: count, pagesPer100HostWeeks: count },
  }));
}

describe('sweptThresholds', () => {
  it('has every threshold of two decimals that a policy may have', () => {
    const sweep = sweptThresholds();

    expect(sweep).toHaveLength(46);
    expect([sweep[0], sweep[1], sweep.at(-1)]).toEqual([0.5, 0.51, 0.95]);
    for (const threshold of sweep) expect(policySchema.safeParse({ threshold }).success).toBe(true);
  });
});

describe('answerBudget', () => {
  it('gives the least threshold that keeps the budget', () => {
    const sweep = aSweep([0.5, 9], [0.6, 4], [0.7, 1], [0.8, 0]);

    expect(answerBudget(sweep, 4)).toEqual({ threshold: 0.6, rises: [] });
    expect(answerBudget(sweep, 3)).toEqual({ threshold: 0.7, rises: [] });
    expect(answerBudget(sweep, 0)).toEqual({ threshold: 0.8, rises: [] });
  });

  it('gives the least threshold there is when all keep it, and none when none does', () => {
    const sweep = aSweep([0.5, 9], [0.6, 4]);

    expect(answerBudget(sweep, 10).threshold).toBe(0.5);
    expect(answerBudget(sweep, 3).threshold).toBeNull();
  });

  it('does not offer a threshold that keeps it by chance, and lists where a greater one pages more', () => {
    const sweep = aSweep([0.5, 9], [0.6, 4], [0.7, 6], [0.8, 2]);

    expect(answerBudget(sweep, 5)).toEqual({ threshold: 0.8, rises: [0.7] });
  });

  it('gives none where nothing was evaluated', () => {
    const sweep = aSweep([0.5, 0]).map(({ threshold, totals }) => ({
      threshold,
      totals: { ...totals, pagesPer100HostWeeks: null },
    }));

    expect(answerBudget(sweep, 1).threshold).toBeNull();
  });
});
