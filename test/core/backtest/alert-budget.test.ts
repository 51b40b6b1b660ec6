import { describe, expect, it } from 'vitest';
import { answerBudget, type Rung, thresholdLadder } from '../../../core/backtest/alert-budget.ts';
import { startTotals } from '../../../core/backtest/totals.ts';
import { policySchema } from '../../../core/model/policy.ts';
import { HOUR } from '../../fixtures/builders.ts';

/** A ladder over 100 host-weeks, so that pages and their rate are one number. */
function aLadder(...pages: (readonly [threshold: number, pages: number])[]): Rung[] {
  const totals = startTotals(HOUR).totals();
  return pages.map(([threshold, count]) => ({
    threshold,
    totals: { ...totals, hostWeeks: 100, pages: count, pagesPer100HostWeeks: count },
  }));
}

describe('thresholdLadder', () => {
  it('has every threshold of two decimals that a policy may have', () => {
    const ladder = thresholdLadder();

    expect(ladder).toHaveLength(46);
    expect([ladder[0], ladder[1], ladder.at(-1)]).toEqual([0.5, 0.51, 0.95]);
    for (const threshold of ladder) expect(policySchema.safeParse({ threshold }).success).toBe(true);
  });
});

describe('answerBudget', () => {
  it('gives the least threshold that keeps the budget', () => {
    const ladder = aLadder([0.5, 9], [0.6, 4], [0.7, 1], [0.8, 0]);

    expect(answerBudget(ladder, 4)).toEqual({ threshold: 0.6, rises: [] });
    expect(answerBudget(ladder, 3)).toEqual({ threshold: 0.7, rises: [] });
    expect(answerBudget(ladder, 0)).toEqual({ threshold: 0.8, rises: [] });
  });

  it('gives the least threshold there is when all keep it, and none when none does', () => {
    const ladder = aLadder([0.5, 9], [0.6, 4]);

    expect(answerBudget(ladder, 10).threshold).toBe(0.5);
    expect(answerBudget(ladder, 3).threshold).toBeNull();
  });

  it('does not offer a threshold that keeps it by chance, and says where a greater one pages more', () => {
    const ladder = aLadder([0.5, 9], [0.6, 4], [0.7, 6], [0.8, 2]);

    expect(answerBudget(ladder, 5)).toEqual({ threshold: 0.8, rises: [0.7] });
  });

  it('gives none where nothing was judged', () => {
    const ladder = aLadder([0.5, 0]).map(({ threshold, totals }) => ({
      threshold,
      totals: { ...totals, pagesPer100HostWeeks: null },
    }));

    expect(answerBudget(ladder, 1).threshold).toBeNull();
  });
});
