import { describe, expect, it } from 'vitest';
import { pastKnowledge } from '../../../core/backtest/past-knowledge.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import { aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;
const MIDNIGHT = NOON - 12 * HOUR;

function aPast(days: number, levelOf: (time: number) => number): Series {
  const hours = days * 24;
  const times = Float64Array.from({ length: hours }, (_, hour) => MIDNIGHT - (hours - hour) * HOUR);
  return { ...aSeries([0]), times, values: times.map(levelOf), periodMs: HOUR };
}

const wave = (time: number) => 0.4 + 0.05 * Math.sin((2 * Math.PI * (time % DAY)) / DAY);

describe('what a replayed inspection knows of weeks', () => {
  it('is nothing before ten days, nor where the policy reads none', () => {
    const past = aPast(9, wave);

    expect(pastKnowledge(past, DEFAULT_POLICY).at(MIDNIGHT)).toEqual({});
    expect(pastKnowledge(aPast(40, wave), { ...DEFAULT_POLICY, deepReadDays: 0 }).at(MIDNIGHT)).toEqual({});
  });

  it('is learned once a day, from what lies before that day', () => {
    const later = aPast(40, (time) => (time < MIDNIGHT - 5 * DAY ? wave(time) : 0.9));
    const seen = pastKnowledge(later, DEFAULT_POLICY).at(MIDNIGHT - 5 * DAY + 3 * HOUR);
    const until = { ...later, times: later.times.subarray(0, 35 * 24), values: later.values.subarray(0, 35 * 24) };

    expect(seen).toEqual(pastKnowledge(until, DEFAULT_POLICY).at(MIDNIGHT - 5 * DAY + 3 * HOUR));
    expect(seen.weeks?.window.end).toBe(MIDNIGHT - 5 * DAY);
    expect(seen.baseline?.highest).toBeLessThan(50);
  });

  it('is the same all day', () => {
    const past = pastKnowledge(aPast(40, wave), DEFAULT_POLICY);

    expect(past.at(MIDNIGHT + HOUR).baseline).toBe(past.at(MIDNIGHT + 20 * HOUR).baseline);
  });
});
