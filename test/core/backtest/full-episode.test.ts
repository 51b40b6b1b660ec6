import { describe, expect, it } from 'vitest';
import { backtest } from '../../../core/backtest/backtest.ts';
import { startTotals } from '../../../core/backtest/totals.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aPast, aReplay, growing } from './replays.ts';

/** Fills within 8 h, too fast for a finding before it is killed at the top. */
const killed = (hour: number) => 0.4 + 0.58 * (((hour + 300) % 8) / 8);
/** Comes near the top for half a day each day, at once: a batch job. */
const batch = (hour: number) => ((hour + 240) % 24 < 12 ? 0.6 : 0.85);

function replayed(usedAt: (hour: number) => number) {
  const [replay] = backtest(aPast(148, usedAt), aReplay());
  if (replay === undefined) throw new Error('nothing was replayed');
  return replay;
}

describe('a replay of full hosts', () => {
  it('reports a host that is killed at the top again and again once, and goes on with it', () => {
    const { fullEpisodes } = replayed(killed);

    expect(fullEpisodes).toMatchObject([{ endedAt: null, full: { kind: 'filling_again' } }]);
    expect(fullEpisodes[0]?.full.falls.length).toBeGreaterThan(1);
  });

  it('ends a host that stays below the top', () => {
    const { fullEpisodes } = replayed((hour) => (hour < -60 || hour > -20 ? 0.6 : 0.94));

    expect(fullEpisodes).toMatchObject([
      { openedAt: NOON - 47 * HOUR, underWay: true, full: { kind: 'stands_at_the_top' } },
    ]);
    expect(fullEpisodes[0]?.endedAt).toBeGreaterThan(NOON - 20 * HOUR);
    expect(fullEpisodes[0]?.endedAt).toBeLessThan(NOON);
  });

  it('reports nothing of a host that is never full, and of one whose leak is reported', () => {
    expect(replayed(batch).fullEpisodes).toEqual([]);
    const leak = replayed(growing({ from: -110, perHour: 0.006 }));
    expect(leak.episodes).toHaveLength(1);
    expect(leak.fullEpisodes).toEqual([]);
  });

  it('is counted beside the leaks, and in none of their figures', () => {
    const replay = replayed(killed);
    const [sums, withoutFull] = [startTotals(HOUR), startTotals(HOUR)];
    sums.add(replay);
    withoutFull.add({ ...replay, fullEpisodes: [] });
    const { full, ...leaks } = sums.totals();

    expect(full).toMatchObject({ hosts: 1, episodes: 1 });
    expect({ ...leaks, full: { hosts: 0, episodes: 0, pages: 0 } }).toEqual(withoutFull.totals());
  });

  it('pages where it is critical, and once for each time that it becomes so', () => {
    const [episode] = replayed(killed).fullEpisodes;
    if (episode === undefined) throw new Error('it was never full');
    const pagesOf = (full: Partial<typeof episode.full>, worse: typeof episode.worse = []) => {
      const sums = startTotals(HOUR);
      sums.add({ ...replayed(killed), fullEpisodes: [{ ...episode, full: { ...episode.full, ...full }, worse }] });
      return sums.totals().full.pages;
    };

    expect(pagesOf({ since: null })).toBe(0);
    expect(pagesOf({ since: null }, [{ at: NOON, severity: 'critical' }])).toBe(1);
    expect(pagesOf({ since: NOON, highest: 0.99 })).toBe(1);
  });
});
