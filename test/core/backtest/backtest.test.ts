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

describe('backtest under an adaptive cadence', () => {
  const adaptive = { ...effectivePolicy(), quietHours: 4 } as const;

  it('inspects a quiet host every four hours, and counts the slots between', () => {
    const [replay] = backtest(
      aPast(150, () => 0.4),
      aReplay({ policies: [adaptive] }),
    );

    expect(replay).toMatchObject({ inspections: 12, notDue: 36, episodes: [] });
  });

  it('inspects a full host, and one without a verdict, at every slot', () => {
    const full = backtest(
      aPast(150, () => 0.95),
      aReplay({ policies: [adaptive] }),
    );
    const young = backtest(
      aPast(5, () => 0.4),
      aReplay({ from: NOON - 5 * HOUR, policies: [adaptive] }),
    );

    expect(full[0]).toMatchObject({ inspections: 48, notDue: 0 });
    expect(young[0]).toMatchObject({ inspections: 5, notDue: 0, insufficient: 5 });
  });

  it('pages for a leak at the hour at which the schedule does, and ends its incident after the same inspections', () => {
    const rises = (hour: number) => 0.3 + (hour < -90 ? 0 : hour < -50 ? (hour + 90) * 0.01 : 0);
    const policies = [effectivePolicy(), adaptive];

    const [schedule, cadence] = backtest(aPast(250, rises), aReplay({ from: NOON - 120 * HOUR, policies }));

    expect(schedule?.episodes[0]?.endedAt).toBeTypeOf('number');
    expect(cadence?.episodes).toEqual(schedule?.episodes);
    expect(cadence?.inspections).toBeLessThan(schedule?.inspections ?? 0);
  });

  it('evaluates policies of one group apart where their hosts are due at other slots', () => {
    const series = aPast(250, (hour) => 0.4 + 0.1 * Math.sin(hour / 9) + 0.001 * hour);
    const policies = [adaptive, effectivePolicy({ threshold: 0.5 }), { ...effectivePolicy(), quietHours: 2 } as const];

    const together = backtest(series, aReplay({ from: NOON - 100 * HOUR, policies }));
    const apart = policies.map(
      (policy) => backtest(series, aReplay({ from: NOON - 100 * HOUR, policies: [policy] }))[0],
    );

    expect(together).toEqual(apart);
  });
});
