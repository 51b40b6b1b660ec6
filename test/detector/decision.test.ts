/** How scores become a verdict, with tables that are made up so that each score is known. */
import { describe, expect, it } from 'vitest';
import { detect, scoreOver } from '../../detector/detect.ts';
import type { Learned } from '../../detector/learned.ts';
import { modelOf } from '../../detector/model.ts';
import { SIGNS } from '../../detector/signs.ts';
import type { Series } from '../../model/series.ts';
import { HOUR_MS, NOW, seriesOf, withSamples } from './shapes.ts';

/** A table that scores every series 0, and reads it as these log-odds by the hours of history. */
const reading = (logOdds: Readonly<Record<number, number>>): Learned => ({
  model: { base: 0, trees: [] },
  calibrations: Object.entries(logOdds).map(([fromHours, odds]) => ({
    fromHours: Number(fromHours),
    scores: [0],
    logOdds: [odds],
    prior: 0.5,
  })),
  limits: SIGNS.map(() => 0),
});

const byHistory = reading({ 0: -1, 24: 0, 60: 1 });
const confidenceOf = (series: Series, learned = byHistory) => {
  const verdict = detect(series, { threshold: 0.95, prior: 0.5 }, learned);
  return verdict.state === 'insufficient_data' ? Number.NaN : verdict.evidence.confidence;
};
const ofHours = (hours: number) => seriesOf(() => 40, { hours });

describe('scoreOver', () => {
  it('is the mean of the hours where the present one is above it', () => {
    expect(scoreOver(5, [2, 2])).toBe(3);
  });

  it('is no more than the score now: what fades is no longer a leak', () => {
    expect(scoreOver(1, [5, 9])).toBe(1);
  });
});

describe('a score', () => {
  it.each([
    [12, 0.2689],
    [23, 0.2689],
    [24, 0.5],
    [59, 0.5],
    [60, 0.7311],
    [100, 0.7311],
  ])('is read as it was measured for %i hours of history', (hours, confidence) => {
    expect(confidenceOf(ofHours(hours))).toBeCloseTo(confidence, 4);
  });

  it('takes no silence for history', () => {
    const young = ofHours(20);
    const stray = withSamples(
      Float64Array.of(NOW - 99 * HOUR_MS, ...young.times),
      Float64Array.of(0.4, ...young.values),
    );

    expect(confidenceOf(stray)).toBeCloseTo(0.2689, 4);
  });
});

describe('a leak that is sure at any time', () => {
  const sure = reading({ 0: 4 });
  const gradeOf = (series: Series) => {
    const verdict = detect(series, { threshold: 0.7, prior: 0.5 }, sure);
    return verdict.state === 'leaking' ? verdict.grade : verdict.state;
  };

  it('is confirmed from a day of history on', () => {
    expect([9, 23, 24].map((hours) => gradeOf(ofHours(hours)))).toEqual(['suspected', 'suspected', 'confirmed']);
  });
});

describe('the hours before', () => {
  /** Scores 4 while the last day's floors have a range, and −8 while they have none; read as they are. */
  const ranged: Learned = {
    model: modelOf(0, [[[['range_24h', 5, false]], [-8, 4]]]),
    calibrations: [{ fromHours: 0, scores: [-10, 10], logOdds: [-10, 10], prior: 0.5 }],
    limits: SIGNS.map(() => 0),
  };
  /** A host whose floor stepped up by ten percentage points so many hours ago. */
  const stepped = (hours: number) => seriesOf((h) => (h < 100 - hours ? 40 : 50), { noise: 0 });
  const judged = (hours: number) => detect(stepped(hours), { threshold: 0.7, prior: 0.5 }, ranged);

  it.each([
    [1, (4 - 8 - 8) / 3],
    [2, (4 + 4 - 8) / 3],
    [3, 4],
  ])('count: what looks like a leak for %i h is as sure as the mean of three hours', (hours, score) => {
    expect(judged(hours)).toMatchObject({ evidence: { confidence: expect.closeTo(1 / (1 + Math.exp(-score)), 6) } });
  });

  it('hold a page back until five of them are sure enough on average', () => {
    // Four hours at 4 and one at −8 are 1.6 on average, and .9 takes 2.2.
    expect(judged(4)).toMatchObject({ state: 'leaking', grade: 'suspected' });
    expect(judged(5)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });
});
