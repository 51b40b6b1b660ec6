/** A leak that restarts end again and again is never normal: what was learned beside it does not delay its verdict. */
import { describe, expect, it } from 'vitest';
import { learnBaseline } from '../../../core/baselines/learn.ts';
import { refreshBaseline } from '../../../core/baselines/validate.ts';
import { detect } from '../../../core/detector/detect.ts';
import type { Knowledge } from '../../../core/detector/knowledge.ts';
import type { Baseline } from '../../../core/model/baseline.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import { HOUR_MS, seriesOf } from '../detector/shapes.ts';

const HISTORY_DAYS = 60;

/** Percent by day, counted from the last restart; days before the leak began are flat. */
function restarted(points: number, every: number, began = -Infinity) {
  const day = (at: number) => Math.sin(2 * Math.PI * at);
  return (at: number) => 30 + (at < began ? 0 : points * (at - every * Math.floor(at / every))) + day(at);
}

function historyOf(shape: (day: number) => number): Series {
  return seriesOf((hour) => shape(hour / 24 - HISTORY_DAYS), { hours: HISTORY_DAYS * 24, minutes: 60, noise: 0.3 });
}

/** What an inspection reads some hours after the last restart. */
function curveOf(shape: (day: number) => number, hours: number): Series {
  return seriesOf((hour) => shape((hour - 100 + hours) / 24), { noise: 0.3, seed: hours });
}

/** Hours from the last restart to the first verdict that it leaks; Infinity where the next restart comes before. */
function foundAfter(shape: (day: number) => number, every: number, knowledge: Knowledge): number {
  for (let hours = 24; hours < every * 24; hours += 6) {
    if (detect(curveOf(shape, hours), DEFAULT_POLICY, knowledge).state === 'leaking') return hours;
  }
  return Infinity;
}

const LEAKS = [2, 3, 5].flatMap((points) => [5, 7].map((every) => [points, every] as const));

describe('a leak that restarts end, of so many points a day and a restart in so many days,', () => {
  it.each(LEAKS)('of %d points and %d days is found as early with what was learned as without it', (points, every) => {
    const shape = restarted(points, every);
    const { baseline } = refreshBaseline({ reads: [historyOf(shape)], previous: null });
    const alone = foundAfter(shape, every, {});

    expect(alone).toBeLessThan(every * 24);
    expect(foundAfter(shape, every, baseline === null ? {} : { baseline })).toBeLessThanOrEqual(alone);
  });

  it.each(LEAKS)(
    'of %d points and %d days is found as early where the host was healthy for a month before',
    (points, every) => {
      const shape = restarted(points, every, -30);
      const baseline = learnedFrom(historyOf(shape));

      expect(foundAfter(shape, every, { baseline })).toBeLessThanOrEqual(foundAfter(shape, every, {}));
    },
  );

  it.each(LEAKS)('of %d points and %d days is neither a plateau nor a growth', (points, every) => {
    const { plateaus, growths, highest } = learnedFrom(historyOf(restarted(points, every, -30)));

    expect(plateaus.filter(({ level }) => level > 32)).toEqual([]);
    expect(Math.max(...growths.map(({ rise }) => rise))).toBeLessThan(4);
    expect(highest).toBeLessThan(34);
  });
});

describe('a run that a restart ends', () => {
  it('is learned from where it had levelled off long before', () => {
    const { plateaus, growths } = learnedFrom(historyOf((at) => 60 - 20 * Math.exp(-(at - 12 * Math.floor(at / 12)))));

    expect(plateaus).toMatchObject([{ level: expect.closeTo(60, 0) }]);
    expect(Math.max(...growths.map(({ rise }) => rise))).toBeGreaterThan(10);
  });

  it('is learned from up to the rise that the restart ended', () => {
    const history = historyOf((at) => (at < -20 || at >= -12 ? 40 : 40 + 2 * (at + 20)));
    const { segments, highest } = learnedFrom(history);
    const rising = segments.find(({ use }) => use === 'rising');

    expect(((rising?.end ?? 0) - (rising?.start ?? 0)) / HOUR_MS).toBeGreaterThan(6 * 24);
    expect(highest).toBeLessThan(43);
  });
});

function learnedFrom(read: Series): Baseline {
  const learning = learnBaseline({ reads: [read] });
  if (learning.kind === 'unlearned') throw new Error(learning.reason);
  return learning.baseline;
}
