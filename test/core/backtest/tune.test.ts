import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../../core/backtest/backtest.ts';
import type { LabelledTime } from '../../../core/backtest/labelled.ts';
import { adviseThreshold, type LabelledOutcome, outcomesOf, triedThresholds } from '../../../core/backtest/tune.ts';
import { effectivePolicy, THRESHOLDS } from '../../../core/model/policy.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aPast, aReplay, growing } from './replays.ts';

const TRIED = [0.7, 0.75, 0.65, 0.8, 0.6];

/** How often each of TRIED would have reported it. */
function outcome(leak: boolean, ...episodes: number[]): LabelledOutcome {
  return { label: 'l-1', leak, episodes };
}

const STEADY = outcome(false, 0, 0, 0, 0, 0);
const FOUND = outcome(true, 1, 1, 1, 1, 1);
const FALSE_BELOW_75 = outcome(false, 2, 0, 2, 0, 3);

describe('triedThresholds', () => {
  it('tries two steps up and down, the present one first', () => {
    expect(triedThresholds(0.7)).toEqual([0.7, 0.75, 0.65, 0.8, 0.6]);
    expect(triedThresholds(0.95)).toEqual([0.95, 0.9, 0.85]);
  });

  it('never leaves the bounds, and never moves by more than a tenth', () => {
    const hundredths = fc.integer({ min: 100 * THRESHOLDS.least, max: 100 * THRESHOLDS.greatest });
    fc.assert(
      fc.property(hundredths, (percent) => {
        const [current, ...others] = triedThresholds(percent / 100);

        expect(current).toBe(percent / 100);
        for (const threshold of others) {
          expect(threshold).toBeGreaterThanOrEqual(THRESHOLDS.least);
          expect(threshold).toBeLessThanOrEqual(THRESHOLDS.greatest);
          expect(Math.abs(threshold - current)).toBeLessThanOrEqual(0.1 + 1e-9);
        }
      }),
    );
  });
});

describe('adviseThreshold', () => {
  it('advises the nearest threshold with the fewest false episodes that loses no labelled leak', () => {
    const advice = adviseThreshold(TRIED, [FALSE_BELOW_75, FALSE_BELOW_75, STEADY, FOUND, FOUND]);

    expect(advice).toEqual({
      kind: 'better',
      threshold: 0.75,
      figures: {
        healthy: 3,
        leaks: 2,
        was: { threshold: 0.7, falseEpisodes: 4, leaksFound: 2 },
        is: { threshold: 0.75, falseEpisodes: 0, leaksFound: 2 },
      },
    });
  });

  it('changes nothing where fewer false episodes would lose a labelled leak', () => {
    const lost = outcome(true, 1, 0, 1, 0, 1);

    const advice = adviseThreshold(TRIED, [FALSE_BELOW_75, STEADY, STEADY, FOUND, lost]);

    expect(advice).toMatchObject({ kind: 'unchanged', why: expect.stringContaining('loses a labelled leak') });
  });

  it('takes no other leak that is found for one that is lost', () => {
    const traded = [outcome(true, 1, 0, 1, 0, 1), outcome(true, 0, 1, 0, 1, 0)];

    expect(adviseThreshold(TRIED, [FALSE_BELOW_75, STEADY, STEADY, ...traded]).kind).toBe('unchanged');
  });

  it('advises a lesser threshold where that finds a labelled leak and reports no more of healthy hosts', () => {
    const missed = outcome(true, 0, 0, 1, 0, 1);

    const advice = adviseThreshold(TRIED, [STEADY, STEADY, STEADY, FOUND, missed]);

    expect(advice).toMatchObject({ kind: 'better', threshold: 0.65 });
  });

  it('changes nothing where no threshold within reach is better', () => {
    expect(adviseThreshold(TRIED, [STEADY, STEADY, STEADY, FOUND, FOUND])).toMatchObject({
      kind: 'unchanged',
      why: expect.stringContaining('no threshold within 0.1 of 0.7'),
    });
  });

  it.each([
    ['healthy host', [FALSE_BELOW_75, STEADY, FOUND, FOUND]],
    ['leak', [FALSE_BELOW_75, STEADY, STEADY, FOUND]],
    ['healthy host', []],
  ])('changes nothing where too few of a %s are known', (what, outcomes) => {
    expect(adviseThreshold(TRIED, outcomes)).toMatchObject({
      kind: 'unchanged',
      why: expect.stringContaining(`labelled ${what}`),
    });
  });
});

describe('outcomesOf', () => {
  const series = aPast(148, growing({ from: -30 }));
  const policies = [0.7, 0.95].map((threshold) => effectivePolicy({ threshold }));
  const replayed = { kind: 'replayed', series, replays: backtest(series, aReplay({ policies })) } as const;
  const all: LabelledTime = {
    label: 'l-1',
    leak: true,
    from: NOON - 48 * HOUR,
    to: NOON,
    rules: [],
    matches: () => true,
  };

  it('counts what each threshold would have reported in the labelled time', () => {
    expect(outcomesOf(replayed, [all])).toEqual([{ label: 'l-1', leak: true, episodes: [1, 1] }]);
  });

  it('counts a leak that was reported before and goes on, but no false episode that was', () => {
    const later = { ...all, from: NOON - HOUR };

    expect(outcomesOf(replayed, [later])[0]?.episodes).toEqual([1, 1]);
    expect(outcomesOf(replayed, [{ ...later, leak: false }])[0]?.episodes).toEqual([0, 0]);
  });

  it('knows nothing of other hosts, and of times without samples', () => {
    const other = { ...all, matches: () => false };
    const before = { ...all, from: NOON - 900 * HOUR, to: NOON - 800 * HOUR };

    expect(outcomesOf(replayed, [other, before])).toEqual([]);
  });
});
