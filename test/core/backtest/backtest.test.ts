import { describe, expect, it } from 'vitest';
import { backtest, dueTimes } from '../../../core/backtest/backtest.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aPast, aReplay, growing } from './replays.ts';

describe('dueTimes', () => {
  it('are the full hours after the start, up to and including the end', () => {
    const period = { from: NOON - 3 * HOUR, to: NOON, everyMs: HOUR };

    expect([...dueTimes(period)]).toEqual([NOON - 2 * HOUR, NOON - HOUR, NOON]);
    expect([...dueTimes({ ...period, from: NOON - HOUR - MINUTE, to: NOON + MINUTE })]).toEqual([NOON - HOUR, NOON]);
    expect([...dueTimes({ ...period, from: NOON, to: NOON + MINUTE })]).toEqual([]);
  });
});

describe('backtest', () => {
  it('reports nothing of a flat host, and counts its inspections', () => {
    const [replay] = backtest(
      aPast(150, () => 0.4),
      aReplay(),
    );

    expect(replay).toMatchObject({ inspections: 48, insufficient: 0, episodes: [] });
  });

  it('reports a leak some hours after it began, with the outcome of the host', () => {
    const [replay] = backtest(aPast(200, growing({ from: -90 })), aReplay({ from: NOON - 100 * HOUR }));

    const [episode] = replay?.episodes ?? [];
    expect(episode?.openedAt).toBeGreaterThan(NOON - 90 * HOUR);
    expect(episode?.openedAt).toBeLessThan(NOON - 70 * HOUR);
    expect(episode?.outcome?.kind).toBe('exhausted');
    expect(episode?.underWay).toBe(false);
  });

  it('counts inspections that had too little data', () => {
    const [replay] = backtest(
      aPast(24, () => 0.4),
      aReplay(),
    );

    expect(replay?.inspections).toBe(48);
    expect(replay?.insufficient).toBeGreaterThanOrEqual(24);
    expect(replay?.insufficient).toBeLessThan(48);
  });

  it('evaluates no more history than the lookback window of its policy', () => {
    const early = (hour: number) => (hour < -60 ? Math.max(0.1, 0.8 + hour * 0.005) : 0.4);
    const policies = [effectivePolicy({ lookBackHours: 10 })];

    const [replay] = backtest(aPast(150, early), aReplay({ policies }));
    const [alone] = backtest(
      aPast(60, () => 0.4),
      aReplay({ policies }),
    );

    expect(replay).toEqual(alone);
  });

  it('has no sample that is younger than the ingestion delay', () => {
    const series = aPast(150, growing({ from: -20, perHour: 0.02 }));
    const [late] = backtest(series, aReplay({ ingestionDelayMs: 3 * HOUR }));
    const [prompt] = backtest(series, aReplay());

    const openedAt = ({ episodes = [] }: { episodes?: readonly { openedAt: number | null }[] } = {}) =>
      episodes[0]?.openedAt ?? Number.NaN;
    expect(openedAt(late) - openedAt(prompt)).toBe(3 * HOUR);
  });

  it('gives each policy its own result, in their order', () => {
    const policies = [
      effectivePolicy({ threshold: 0.95 }),
      effectivePolicy({ threshold: 0.5 }),
      effectivePolicy({ lookBackHours: 24, threshold: 0.6 }),
      effectivePolicy({ recoverAfter: 12, threshold: 0.5 }),
    ];
    const series = aPast(250, (hour) => 0.4 + 0.1 * Math.sin(hour / 9) + 0.001 * hour);

    const together = backtest(series, aReplay({ from: NOON - 100 * HOUR, policies }));
    const alone = policies.flatMap((policy) =>
      backtest(series, aReplay({ from: NOON - 100 * HOUR, policies: [policy] })),
    );

    expect(together).toEqual(alone);
    expect(together.map(({ policy }) => policy)).toEqual(policies);
  });
});
