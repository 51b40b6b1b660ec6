import { describe, expect, it } from 'vitest';
import type { PolicyReplay } from '../../../core/backtest/backtest.ts';
import type { Episode } from '../../../core/backtest/episode.ts';
import { startTotals } from '../../../core/backtest/totals.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import { anEvidence, HOUR, NOON } from '../../fixtures/builders.ts';

function anEpisode(overrides: Partial<Episode> = {}): Episode {
  return {
    suspectedAt: null,
    openedAt: NOON,
    worse: [],
    endedAt: NOON + 10 * HOUR,
    severity: 'medium',
    evidence: anEvidence(),
    story: 1,
    cycle: 1,
    end: null,
    underWay: false,
    outcome: null,
    ...overrides,
  };
}

/** A week of one host. */
function aReplay(...episodes: Episode[]): PolicyReplay {
  return { policy: effectivePolicy(), inspections: 168, notDue: 0, insufficient: 0, episodes, fullEpisodes: [] };
}

function totalsOf(...replays: PolicyReplay[]) {
  const sums = startTotals(HOUR);
  for (const replay of replays) sums.add(replay);
  return sums.totals();
}

describe('the totals of a backtest', () => {
  it('count hosts, episodes and the events of each', () => {
    const worse = [
      { at: NOON + HOUR, severity: 'high' },
      { at: NOON + 2 * HOUR, severity: 'critical' },
    ] as const;
    const totals = totalsOf(
      aReplay(anEpisode({ suspectedAt: NOON - HOUR, worse }), anEpisode({ endedAt: null })),
      aReplay(anEpisode({ suspectedAt: NOON, openedAt: null, underWay: true })),
      aReplay(),
    );

    expect(totals).toMatchObject({
      hosts: { replayed: 3, reported: 2, paged: 1 },
      episodes: 3,
      underWay: 1,
      pages: 3,
      events: { suspected: 2, opened: 2, worse: 2, recovered: 1, cleared: 1 },
    });
  });

  it('give rates per week of a host that had a verdict', () => {
    const halfEvaluated = { ...aReplay(anEpisode()), insufficient: 84 };

    const totals = totalsOf(halfEvaluated, aReplay(), aReplay());

    expect(totals.hostWeeks).toBe(2.5);
    expect(totals.episodesPerHostWeek).toBe(1 / 2.5);
    expect(totals.pagesPer100HostWeeks).toBe(40);
  });

  it('bound the rate from above, as the Poisson distribution has it', () => {
    const weeks = (count: number, pages: number) => [
      ...Array.from({ length: count - 1 }, () => aReplay()),
      aReplay(...Array.from({ length: pages }, () => anEpisode())),
    ];

    // The exact bounds of 0, 1, 5 and 20 events are 2.996, 4.744, 10.51 and 29.06.
    for (const [pages, exact] of [
      [0, 2.996],
      [1, 4.744],
      [5, 10.51],
      [20, 29.06],
    ] as const) {
      const { pagesPer100HostWeeksUpTo } = totalsOf(...weeks(100, pages));
      expect(Math.abs((pagesPer100HostWeeksUpTo ?? 0) / exact - 1)).toBeLessThan(0.01);
    }
  });

  it('give no rate where nothing had a verdict', () => {
    const totals = totalsOf({ ...aReplay(), insufficient: 168 });

    expect([totals.episodesPerHostWeek, totals.pagesPer100HostWeeks]).toEqual([null, null]);
  });

  it('hold the median duration of pages that ended, from the first event on', () => {
    const totals = totalsOf(
      aReplay(
        anEpisode({ suspectedAt: NOON - 2 * HOUR, endedAt: NOON + 4 * HOUR }),
        anEpisode({ endedAt: NOON + 9 * HOUR }),
        anEpisode({ endedAt: null }),
        anEpisode({ suspectedAt: NOON, openedAt: null, endedAt: NOON + HOUR }),
      ),
    );

    expect(totals.medianDuration).toBe(6 * HOUR);
  });

  it('count the pages that came in time, with the median lead', () => {
    const outcome = (hours: number) => ({ kind: 'exhausted', at: NOON + hours * HOUR }) as const;
    const totals = totalsOf(
      aReplay(
        anEpisode({ outcome: outcome(8) }),
        anEpisode({ outcome: outcome(30) }),
        anEpisode({ outcome: outcome(-2) }),
        anEpisode(),
      ),
    );

    expect(totals.leads).toEqual({ inTime: 2, late: 1, medianMs: 8 * HOUR });
  });
});
