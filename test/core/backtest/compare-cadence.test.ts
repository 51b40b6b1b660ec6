import { describe, expect, it } from 'vitest';
import type { PolicyReplay } from '../../../core/backtest/backtest.ts';
import { startComparison } from '../../../core/backtest/compare-cadence.ts';
import type { Episode } from '../../../core/backtest/episode.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import { anEvidence, HOUR, NOON } from '../../fixtures/builders.ts';

function anEpisode(overrides: Partial<Episode> = {}): Episode {
  return {
    suspectedAt: NOON,
    openedAt: NOON + 3 * HOUR,
    worse: [],
    endedAt: NOON + 20 * HOUR,
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

function aReplay(episodes: readonly Episode[], inspections = 48): PolicyReplay {
  return {
    policy: effectivePolicy(),
    inspections,
    notDue: 48 - inspections,
    insufficient: 0,
    episodes,
    fullEpisodes: [],
  };
}

function compared(schedule: readonly Episode[], adaptive: readonly Episode[]) {
  const comparison = startComparison();
  comparison.add(aReplay(schedule), aReplay(adaptive, 20));
  return comparison.comparison();
}

describe('startComparison', () => {
  it('counts inspections over all hosts', () => {
    const comparison = startComparison();
    comparison.add(aReplay([]), aReplay([], 20));
    comparison.add(aReplay([]), aReplay([], 30));

    expect(comparison.comparison().inspections).toEqual({ schedule: 96, adaptive: 50 });
  });

  it('measures how much later the same page and the same first report come', () => {
    const later = anEpisode({ suspectedAt: NOON + 2 * HOUR, openedAt: NOON + 4 * HOUR });

    const { pages, findings } = compared([anEpisode()], [later]);

    expect(pages).toEqual({ kept: 1, lost: 0, gained: 0, delay: { median: HOUR, mean: HOUR, greatest: HOUR } });
    expect(findings.delay).toEqual({ median: 2 * HOUR, mean: 2 * HOUR, greatest: 2 * HOUR });
  });

  it('counts a page that the cadence never sends as lost, and its suspicion as kept', () => {
    const { pages, findings } = compared([anEpisode()], [anEpisode({ openedAt: null })]);

    expect(pages).toMatchObject({ kept: 0, lost: 1, gained: 0, delay: null });
    expect(findings).toMatchObject({ kept: 1, lost: 0 });
  });

  it('counts a page that the schedule never sends as gained', () => {
    expect(compared([], [anEpisode()]).pages).toMatchObject({ kept: 0, lost: 0, gained: 1 });
  });

  it('takes episodes for the same that follow within the time of a turn, and not those of another day', () => {
    const late = { openedAt: NOON + 23 * HOUR, suspectedAt: null, endedAt: null };
    const nextDay = { openedAt: NOON + 40 * HOUR, suspectedAt: null, endedAt: null };

    expect(compared([anEpisode()], [anEpisode(late)]).pages).toMatchObject({ kept: 1, lost: 0, gained: 0 });
    expect(compared([anEpisode()], [anEpisode(nextDay)]).pages).toMatchObject({ kept: 0, lost: 1, gained: 1 });
  });

  it('counts incidents that end at the same time, earlier and later', () => {
    const ends = (endedAt: number | null) => compared([anEpisode()], [anEpisode({ endedAt })]).ends;

    expect(ends(NOON + 20 * HOUR)).toEqual({ same: 1, earlier: 0, later: 0 });
    expect(ends(NOON + 19 * HOUR)).toEqual({ same: 0, earlier: 1, later: 0 });
    expect(ends(null)).toEqual({ same: 0, earlier: 0, later: 1 });
  });
});
