/** How scores become a verdict, with tables that are made up so that each score is known. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../core/detector/boosted-trees.ts';
import { scoreOver } from '../../../core/detector/confidence.ts';
import { confirmedFrom, detect, regraded } from '../../../core/detector/detect.ts';
import { FEATURES } from '../../../core/detector/features.ts';
import type { Learned } from '../../../core/detector/learned.ts';
import type { Series } from '../../../core/model/series.ts';
import { aLeakingVerdict, anEvidence } from '../../fixtures/builders.ts';
import { HOUR_MS, NOW, seriesOf, withSamples } from './shapes.ts';

/** A table that scores every series 0, and reads it as these log-odds by the hours of history. */
const reading = (logOdds: Readonly<Record<number, number>>): Learned => ({
  model: { base: 0, trees: [] },
  calibrations: Object.entries(logOdds).map(([hours, odds]) => ({
    hours: Number(hours),
    scores: [0],
    logOdds: [odds],
    prior: 0.5,
  })),
  limits: FEATURES.map(() => 0),
});

const byHistory = reading({ 12: -1, 24: 0, 60: 1 });
const confidenceOf = (series: Series, learned = byHistory) => {
  const verdict = detect(series, { threshold: 0.95, prior: 0.5 }, { learned });
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
    [9, 0.2689],
    [12, 0.2689],
    [24, 0.5],
    [60, 0.7311],
    [100, 0.7311],
  ])('is read as it was measured for %i hours of history', (hours, confidence) => {
    expect(confidenceOf(ofHours(hours))).toBeCloseTo(confidence, 4);
  });

  it.each([
    [18, -0.5],
    [42, 0.5],
  ])('is read between what was measured for more and for less than %i hours', (hours, logOdds) => {
    expect(confidenceOf(ofHours(hours))).toBeCloseTo(1 / (1 + Math.exp(-logOdds)), 4);
  });

  it('does not count gaps as history', () => {
    const young = ofHours(20);
    const unrecognised = withSamples(
      Float64Array.of(NOW - 99 * HOUR_MS, ...young.times),
      Float64Array.of(0.4, ...young.values),
    );

    expect(confidenceOf(unrecognised)).toBeCloseTo(confidenceOf(ofHours(21)), 9);
  });
});

describe('a leak with a high confidence at every hour', () => {
  const sure = reading({ 12: 4 });
  const gradeOf = (series: Series) => {
    const verdict = detect(series, { threshold: 0.7, prior: 0.5 }, { learned: sure });
    return verdict.state === 'leaking' ? verdict.grade : verdict.state;
  };

  it('is confirmed from a day of history on', () => {
    expect([9, 23, 24].map((hours) => gradeOf(ofHours(hours)))).toEqual(['suspected', 'suspected', 'confirmed']);
  });
});

describe('an environment', () => {
  const surely = (confidence: number) => reading({ 12: Math.log(confidence / (1 - confidence)) });
  const stateOf = (confidence: number, environment: 'production' | 'development') =>
    detect(ofHours(100), { threshold: 0.7, prior: 0.5, environment }, { learned: surely(confidence) }).state;

  it('raises or lowers the threshold by what the hosts are for', () => {
    expect([0.83, 0.85].map((confidence) => stateOf(confidence, 'production'))).toEqual(['steady', 'leaking']);
    expect([0.55, 0.57].map((confidence) => stateOf(confidence, 'development'))).toEqual(['steady', 'leaking']);
  });

  it('also raises the confidence that a page requires', () => {
    const gradeIn = (environment: 'production' | 'staging') =>
      detect(ofHours(100), { threshold: 0.7, prior: 0.5, environment }, { learned: surely(0.94) });

    expect(gradeIn('staging')).toMatchObject({ grade: 'confirmed' });
    expect(gradeIn('production')).toMatchObject({ grade: 'suspected' });
  });
});

describe('a leak that is graded anew at a higher threshold', () => {
  const growing = (perHour: number) => seriesOf((hour) => 30 + Math.max(0, hour - 40) * perHour);

  it('is what the detector finds at that threshold', () => {
    const leaks = [0.05, 0.1, 0.3, 1]
      .map(growing)
      .map((series) => ({ series, found: detect(series, { threshold: 0.5 }) }));
    const compared = leaks.flatMap(({ series, found }) =>
      [0.55, 0.7, 0.8, 0.95].map((threshold) => ({ found, threshold, again: detect(series, { threshold }) })),
    );

    for (const { found, threshold, again } of compared) {
      if (found.state === 'leaking' && found.evidence.confidence >= threshold)
        expect(regraded(found, { threshold })).toEqual(again);
      else expect(again.state).toBe('steady');
    }
    expect(compared.filter(({ again }) => again.state === 'leaking').length).toBeGreaterThan(4);
  });
});

describe('a confirmed leak', () => {
  it.each([
    [0.85, 0.95, 'suspected'],
    [0.95, 0.85, 'suspected'],
    [0.95, 0.95, 'confirmed'],
  ])('has a confidence of %s now and %s with five hours ago: it is %s', (confidence, lastingConfidence, grade) => {
    const leak = aLeakingVerdict({ evidence: anEvidence({ confidence, lastingConfidence }) });

    expect(regraded(leak, { threshold: 0.7 }).grade).toBe(grade);
  });

  it('is as sure now as it is with the hours before, whatever a job does', () => {
    const jobs = fc.record({
      start: fc.integer({ min: 86, max: 95 }),
      jump: fc.integer({ min: 10, max: 50 }),
      perHour: fc.double({ min: 0, max: 4, noNaN: true }),
      falls: fc.integer({ min: 0, max: 10 }),
    });
    void fc.assert(
      fc.property(jobs, ({ start, jump, perHour, falls }) => {
        const rises = (hour: number) => jump + perHour * (hour - start) - (Math.floor(hour) % 2) * falls;
        const verdict = detect(
          seriesOf((hour) => (hour < start ? 2 : 2 + rises(hour))),
          { threshold: 0.7 },
        );

        if (verdict.state !== 'leaking') return;
        const { confidence, lastingConfidence } = verdict.evidence;
        const isSure = Math.min(confidence, lastingConfidence ?? 0) >= confirmedFrom(0.7);
        expect(verdict.grade).toBe(isSure ? 'confirmed' : 'suspected');
      }),
      { numRuns: 40 },
    );
  });
});

describe('the hours before', () => {
  /** Scores 4 while the last day's floors have a range, and −8 while they have none; read as they are. */
  const ranged: Learned = {
    model: modelOf(0, [[[['range_24h', 5, false]], [-8, 4]]]),
    calibrations: [{ hours: 12, scores: [-10, 10], logOdds: [-10, 10], prior: 0.5 }],
    limits: FEATURES.map(() => 0),
  };
  /** A host whose floor stepped up by ten percentage points so many hours ago. */
  const stepped = (hours: number) => seriesOf((h) => (h < 100 - hours ? 40 : 50), { noise: 0 });
  const evaluated = (hours: number) => detect(stepped(hours), { threshold: 0.7, prior: 0.5 }, { learned: ranged });

  it.each([
    [1, -8 + Math.log(2)],
    [2, (4 - 8) / 2],
    [3, (4 - 8) / 2 + Math.log(2)],
    [4, 4],
  ])(
    'count: a leak of %i h is as sure as the mean with two hours ago, and has twice the odds of the hour before at the most',
    (hours, score) => {
      expect(evaluated(hours)).toMatchObject({
        evidence: { confidence: expect.closeTo(1 / (1 + Math.exp(-score)), 6) },
      });
    },
  );

  it('hold a page back until the mean with five hours ago suffices as well', () => {
    // Two hours at 4 and one at −8 are 0 on average, and .9 takes 2.2.
    expect(evaluated(5)).toMatchObject({ state: 'leaking', grade: 'suspected' });
    expect(evaluated(6)).toMatchObject({ state: 'leaking', grade: 'confirmed' });
  });

  it('both count for a page, two hours ago and five', () => {
    // 1 while the last day's floors have some range, 4 from a greater one on: (4 + 1) / 2 is .92, (4 + 1 + 1) / 3 is .88.
    const staged: Learned = {
      ...ranged,
      model: modelOf(0, [
        [
          [
            ['range_24h', 5, false],
            ['range_24h', 5, false],
            ['range_24h', 12, false],
          ],
          [-8, -8, 1, 4],
        ],
      ]),
    };
    const grown = seriesOf((h) => 40 + (h < 92 ? 0 : 10) + (h < 98 ? 0 : 10), { noise: 0 });

    expect(detect(grown, { threshold: 0.7, prior: 0.5 }, { learned: staged })).toMatchObject({
      grade: 'suspected',
      evidence: { confidence: expect.closeTo(0.924, 3), lastingConfidence: expect.closeTo(0.881, 3) },
    });
  });
});
