import { describe, expect, it } from 'vitest';
import { type Episode, followEpisodes, leadOf, notifiedAt } from '../../../core/backtest/episode.ts';
import type { Series } from '../../../core/model/series.ts';
import type { Evidence, Verdict } from '../../../core/model/verdict.ts';
import {
  aLeakingVerdict,
  anEvidence,
  anInsufficientVerdict,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const TENANT = 'acme';
const RECOVER_AFTER = 2;

/** Flat for ten hours from noon on. */
const HALF_FULL = aSeries(new Array<number>(40).fill(0.5), { end: NOON + 10 * HOUR });

/** It grows from 20 to 60 % until so many hours after noon, and falls back then. */
function restartedAfter(hours: number): Series {
  const level = (hour: number) => (hour < hours ? 0.2 + 0.01 * (hour + 40) : 0.2);
  return aSeries(
    Array.from({ length: 240 }, (_, index) => level(index / 4 - 40)),
    { end: NOON + 20 * HOUR },
  );
}

const confirmed = (overrides: Partial<Evidence> = {}) => aLeakingVerdict({ evidence: anEvidence(overrides) });
const suspected = () => aLeakingVerdict({ grade: 'suspected' });
const steady = (overrides: Partial<Evidence> = {}) => aSteadyVerdict(overrides);

/** Verdicts of inspections an hour apart, the first one at noon. */
function follow(verdicts: readonly Verdict[], series: Series = HALF_FULL): Episode[] {
  const episodes = followEpisodes(series, TENANT, RECOVER_AFTER);
  verdicts.forEach((verdict, hour) => {
    const at = NOON + hour * HOUR;
    episodes.add(at, {
      kind: 'evaluated',
      series: { ...series, window: { start: at - 100 * HOUR, end: at } },
      verdict,
    });
  });
  return episodes.finish();
}

const likelyIn = (hours: number, asOf: number): Evidence['exhaustion'] => ({
  kind: 'expected',
  earliest: asOf,
  likely: asOf + hours * HOUR,
  latest: null,
});

describe('followEpisodes', () => {
  it('has no episode of a steady host', () => {
    expect(follow([steady(), steady(), anInsufficientVerdict()])).toEqual([]);
  });

  it('follows an episode from the suspicion over the page to the recovery', () => {
    const [episode, ...more] = follow(
      [steady(), suspected(), confirmed(), confirmed(), steady(), steady()],
      restartedAfter(3),
    );

    expect(more).toEqual([]);
    expect(episode).toMatchObject({
      suspectedAt: NOON + HOUR,
      openedAt: NOON + 2 * HOUR,
      worse: [],
      endedAt: NOON + 5 * HOUR,
      end: { how: 'memory_given_back' },
      story: 1,
      cycle: 1,
      underWay: false,
      outcome: { kind: 'restarted' },
    });
  });

  it('follows a suspicion that went away, which never paged', () => {
    const [episode] = follow([steady(), suspected(), steady(), steady()], restartedAfter(1));

    expect(episode).toMatchObject({ suspectedAt: NOON + HOUR, openedAt: null, endedAt: NOON + 3 * HOUR });
  });

  it('keeps when an episode became worse, and its greatest severity', () => {
    const verdicts = [
      confirmed({ exhaustion: likelyIn(100, NOON) }),
      confirmed({ exhaustion: likelyIn(20, NOON + HOUR) }),
      confirmed({ exhaustion: likelyIn(90, NOON + 2 * HOUR) }),
    ];

    const [episode] = follow(verdicts);

    expect(episode).toMatchObject({ worse: [{ at: NOON + HOUR, severity: 'high' }], severity: 'high', endedAt: null });
  });

  it('keeps what was known when it paged, not when it was suspected or later', () => {
    const [episode] = follow([suspected(), confirmed({ level: 0.71 }), confirmed({ level: 0.75 })]);

    expect(episode?.evidence.level).toBe(0.71);
  });

  it('does not take missing data for a recovery, as inspections do not', () => {
    const [episode] = follow([confirmed(), anInsufficientVerdict(), anInsufficientVerdict(), anInsufficientVerdict()]);

    expect(episode?.endedAt).toBeNull();
  });

  it('begins a second episode, of the next cycle, when a host leaks again', () => {
    const episodes = follow([confirmed(), steady(), steady(), confirmed()], restartedAfter(0));

    expect(episodes.map(({ story, cycle }) => [story, cycle])).toEqual([
      [1, 1],
      [1, 2],
    ]);

    expect(episodes.map(({ openedAt, endedAt }) => [openedAt, endedAt])).toEqual([
      [NOON, NOON + 2 * HOUR],
      [NOON + 3 * HOUR, null],
    ]);
  });

  it('marks an episode as under way when the first verdict reported it', () => {
    const [atOnce] = follow([anInsufficientVerdict(), confirmed()]);
    const [later] = follow([steady(), confirmed()]);

    expect([atOnce?.underWay, later?.underWay]).toEqual([true, false]);
  });
});

describe('the outcome of a host', () => {
  /** Full from the fourth hour after noon on. */
  const filling = aSeries([...new Array<number>(16).fill(0.9), ...new Array<number>(24).fill(0.985)], {
    end: NOON + 10 * HOUR,
  });

  it('is exhausted at the first sample from 98 % of its limit on', () => {
    const [episode] = follow([confirmed(), confirmed(), confirmed(), confirmed(), confirmed(), confirmed()], filling);

    expect(episode?.outcome).toEqual({ kind: 'exhausted', at: NOON + 4 * HOUR });
    expect(episode && leadOf(episode)).toBe(4 * HOUR);
  });

  it('depends on the limit of a host in bytes, and is unknown without it', () => {
    const bytes = { ...filling, unit: 'By', values: filling.values.map((value) => value * 8e9) } as const;
    const verdicts = [confirmed(), confirmed(), confirmed(), confirmed(), confirmed(), confirmed()];

    const [known] = follow(verdicts, { ...bytes, limit: 8e9 });
    const [unknown] = follow(verdicts, bytes);

    expect([known?.outcome?.kind, unknown?.outcome]).toEqual(['exhausted', null]);
  });

  it('gives a negative lead where the page came after it', () => {
    const onset = { start: NOON, end: NOON + HOUR, leftCensored: false };
    const verdicts = [...new Array<Verdict>(6).fill(steady()), confirmed({ onset })];

    const [episode] = follow(verdicts, filling);

    expect(episode && leadOf(episode)).toBe(-2 * HOUR);
  });

  it('does not count what happened after the episode', () => {
    const full = restartedAfter(0);
    full.values.fill(0.99, -20);

    const [episode] = follow([confirmed(), steady(), steady()], full);

    expect(episode?.outcome?.kind).toBe('restarted');
  });

  it('lies after the beginning of its own cycle, though the onset may lie before', () => {
    // Full in the hour before it gives its memory back, an hour after noon, and growing again.
    const twice = restartedAfter(1);
    twice.values.set([0.99, 0.99, 0.99, 0.99], 160);
    const restarts = [NOON + HOUR];
    const onset = { start: NOON - 2 * HOUR, end: NOON + 2 * HOUR, leftCensored: false };
    const back = [steady({ restarts }), steady({ restarts })];

    const [first, second] = follow([confirmed(), ...back, confirmed({ onset, restarts }), confirmed()], twice);

    expect(first?.outcome).toEqual({ kind: 'exhausted', at: NOON });
    expect(second).toMatchObject({ cycle: 2, outcome: null });
  });

  it('is a restart where memory was given back', () => {
    const restarts = [NOON - 9 * HOUR, NOON + HOUR];
    const verdicts = [confirmed(), anInsufficientVerdict(), steady({ restarts }), steady({ restarts })];

    const [episode] = follow(verdicts, restartedAfter(1));

    expect(episode?.outcome).toEqual({ kind: 'restarted', at: NOON + HOUR });
  });

  it('is no restart where a verdict takes for one what a collector gives back', () => {
    const restarts = [NOON + HOUR];

    const [episode] = follow([confirmed(), confirmed(), confirmed({ restarts }), confirmed({ restarts })]);

    expect(episode).toMatchObject({ endedAt: null, outcome: null });
  });

  it('has no lead where nobody was paged', () => {
    const [episode] = follow([steady(), suspected(), suspected(), suspected(), suspected(), suspected()], filling);

    expect(episode?.outcome?.kind).toBe('exhausted');
    expect(episode && [leadOf(episode), notifiedAt(episode)]).toEqual([null, NOON + HOUR]);
  });
});
