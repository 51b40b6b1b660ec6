import { describe, expect, it } from 'vitest';
import { refreshBaseline } from '../../../core/baselines/validate.ts';
import { detect } from '../../../core/detector/detect.ts';
import type { Knowledge } from '../../../core/detector/knowledge.ts';
import { weeksOutlookOf } from '../../../core/detector/weeks.ts';
import type { Baseline } from '../../../core/model/baseline.ts';
import type { Series } from '../../../core/model/series.ts';
import type { Vote } from '../../../core/model/vote.ts';
import type { WeeksOutlook } from '../../../core/model/weeks-outlook.ts';
import { HOUR_MS, NOW, seriesOf } from './shapes.ts';

const DAYS = 42;
type Shape = (day: number) => number;

/** The deep read of a host, and its last 100 hours as a run has them. Shapes are of days, the last one ends now. */
function readOf(shape: Shape): Series {
  return seriesOf((hour) => shape(hour / 24), { hours: DAYS * 24, minutes: 60, noise: 0.2 });
}

function windowOf(shape: Shape): Series {
  return seriesOf((hour) => shape(DAYS + (hour - 100) / 24), { noise: 0.2 });
}

function outlookOf(shape: Shape): WeeksOutlook {
  const outlook = weeksOutlookOf(readOf(shape));
  if (outlook === null) throw new Error('the series is malformed');
  return outlook;
}

function baselineOf(shape: Shape): Baseline {
  const { baseline } = refreshBaseline({ reads: [readOf(shape)], previous: null });
  if (baseline === null) throw new Error('nothing was learned');
  return baseline;
}

function votesOf(window: Series, knowledge: Knowledge): readonly Vote[] {
  const verdict = detect(window, { threshold: 0.7 }, knowledge);
  return verdict.state === 'insufficient_data' ? [] : verdict.evidence.votes;
}

const slowLeak: Shape = (day) => 30 + Math.max(0, day - 14) * 0.55 + 12 * Math.sin(2 * Math.PI * day);

describe('the vote of weeks', () => {
  it('finds growth of weeks that a run of 100 hours does not see', () => {
    const window = windowOf(slowLeak);

    expect(detect(window, { threshold: 0.7 }).state).toBe('steady');
    expect(detect(window, { threshold: 0.7 }, { deepRead: readOf(slowLeak) })).toMatchObject({
      state: 'leaking',
      evidence: { decidedBy: 'weeks' },
    });
  });

  it('sets how long memory lasts where it decides, and never a time that has passed', () => {
    const outlook = outlookOf(slowLeak);
    const end = NOW - HOUR_MS;
    const full = { kind: 'expected', earliest: end, likely: end, latest: NOW + HOUR_MS } as const;
    const evidenceWith = (weeks: typeof outlook) => {
      const verdict = detect(windowOf(slowLeak), { threshold: 0.7 }, { weeks });
      return verdict.state === 'leaking' ? verdict.evidence : undefined;
    };

    expect(outlook.exhaustion.kind).toBe('expected');
    expect(evidenceWith(outlook)?.exhaustion).toEqual(outlook.exhaustion);
    expect(evidenceWith({ ...outlook, exhaustion: full })?.exhaustion).toEqual({
      kind: 'expected',
      earliest: NOW,
      likely: NOW,
      latest: NOW + HOUR_MS,
    });
  });

  it('is the same from the read and from what was made of it', () => {
    const [fromRead, fromOutlook] = [{ deepRead: readOf(slowLeak) }, { weeks: outlookOf(slowLeak) }];

    expect(votesOf(windowOf(slowLeak), fromRead)).toEqual(votesOf(windowOf(slowLeak), fromOutlook));
  });

  it('ends two days after the read', () => {
    const { window, ...outlook } = outlookOf(slowLeak);
    const old = { ...outlook, window: { ...window, end: NOW - 49 * HOUR_MS } };

    expect(votesOf(windowOf(slowLeak), { weeks: old }).map(({ reason }) => reason)).not.toContain('grows_for_weeks');
  });

  it('ends when the host gives its memory back', () => {
    const restarted = windowOf((day) => (day < 41.5 ? slowLeak(day) : 16));

    expect(votesOf(restarted, { weeks: outlookOf(slowLeak) }).map(({ reason }) => reason)).not.toContain(
      'grows_for_weeks',
    );
  });

  it('is against a leak while a host refills to the plateau before its restart', () => {
    const refill: Shape = (day) => (day < 40 ? 60 : 60 - 20 * Math.exp(-(day - 40) / 2));
    const vote = votesOf(windowOf(refill), {}).find(({ evaluator }) => evaluator === 'weeks');

    expect(vote).toMatchObject({ reason: 'refill' });
    expect(vote?.logOdds).toBeLessThan(0);
  });

  it('is for a leak where a quiet host rises steadily, without a deep read', () => {
    const ageing = seriesOf((hour) => 40 + 0.04 * hour, { hours: 80, noise: 0.1 });
    const vote = votesOf(ageing, {}).find(({ evaluator }) => evaluator === 'weeks');

    expect(vote).toMatchObject({ reason: 'steady_rise' });
    expect(vote?.facts['rise']).toBeGreaterThan(2);
  });

  it('is not given on a flat host', () => {
    expect(
      votesOf(
        windowOf(() => 40),
        { deepRead: readOf(() => 40) },
      ).map(({ evaluator }) => evaluator),
    ).toEqual(['statistical']);
  });
});

describe('the vote of a baseline', () => {
  const busyDays: Shape = (day) => 30 + (Math.floor(day) % 10 === 3 ? 12 * (day % 1) ** 2 : 0);
  const refills: Shape = (day) => 60 - 18 * Math.exp(-(day % 14) / 1.2);
  const votes = (shape: Shape, baseline: Baseline) =>
    votesOf(windowOf(shape), { baseline }).filter(({ evaluator }) => evaluator === 'baseline');

  it('is for a leak where growth and level are beyond everything that was seen', () => {
    const leak: Shape = (day) => 30 + Math.max(0, day - 40.5) * 12;

    expect(
      votes(
        leak,
        baselineOf(() => 30),
      ),
    ).toMatchObject([{ reason: 'beyond_normal' }]);
    expect(
      votes(
        leak,
        baselineOf(() => 30),
      )[0]?.logOdds,
    ).toBeGreaterThan(0);
  });

  it('is against one where the host has grown as far before', () => {
    const [vote] = votes((day) => 30 + (day > 41.3 ? (day - 41.3) * 8 : 0), baselineOf(busyDays));

    expect(vote?.reason).toBe('normal_growth');
    expect(vote?.logOdds).toBeLessThan(0);
  });

  it('is against one where it comes back to its plateau after a restart', () => {
    const [vote] = votes((day) => (day < 40 ? 60 : refills(day - 40)), baselineOf(refills));

    expect(vote?.reason).toBe('refill');
    expect(vote?.logOdds).toBeLessThan(-3);
  });

  it('is not given on a host with another limit', () => {
    const bytes = (window: Series, limit: number): Series => ({
      ...window,
      unit: 'By',
      limit,
      values: window.values.map((v) => v * limit),
    });
    const { baseline } = refreshBaseline({
      reads: [
        bytes(
          readOf(() => 30),
          8e9,
        ),
      ],
      previous: null,
    });
    if (baseline === null) throw new Error('nothing was learned');

    expect(
      votesOf(
        bytes(
          windowOf(() => 30),
          16e9,
        ),
        { baseline },
      ).map(({ evaluator }) => evaluator),
    ).toEqual(['statistical']);
  });
});
