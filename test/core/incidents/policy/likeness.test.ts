import { describe, expect, it } from 'vitest';
import { isAlike, likenessOf } from '../../../../core/incidents/policy/likeness.ts';
import { NOON } from '../../../fixtures/builders.ts';
import { aChange } from './changes.ts';

const LABELLED = aChange({}, { pattern: 'sawtooth', growth: 0.4, level: 70, since: 11 });

describe('the likeness of a change', () => {
  it('is in percent, and in hours of the day at which its growth began', () => {
    expect(likenessOf(LABELLED)).toEqual({ pattern: 'sawtooth', growthPerHour: 0.4, hour: 1, level: 70 });
  });

  it('is unknown where it states no leak, or bytes of a capacity that is not known', () => {
    const { leak } = LABELLED;
    const inBytes = { ...LABELLED, ...(leak && { leak: { ...leak, unit: 'By' as const } }) };

    expect(likenessOf(aChange({ kind: 'recovered', at: NOON }))).toBeUndefined();
    expect(likenessOf(inBytes)).toBeUndefined();
  });

  it.each([
    ['itself', { growth: 0.4, level: 70, since: 11 }, true],
    ['what is a little faster an hour later', { growth: 0.5, level: 74, since: 10 }, true],
    ['what begins on the other side of midnight', { growth: 0.4, level: 70, since: 13 }, true],
    ['what is twice as fast and the same in all else', { growth: 0.8, level: 70, since: 11 }, false],
    ['what is half as fast and the same in all else', { growth: 0.2, level: 70, since: 11 }, false],
    ['what begins half a day later', { growth: 0.4, level: 70, since: 23 }, false],
  ])('is or is not like %s', (_, figures, alike) => {
    const likeness = likenessOf(LABELLED);
    if (likeness === undefined) throw new Error('the labelled change has no likeness');

    expect(isAlike(likeness, aChange({}, { pattern: 'sawtooth', ...figures })).alike).toBe(alike);
  });
});
