import { describe, expect, it } from 'vitest';
import { JUDGED, SHOWN, spanEndingBefore } from '../../inspection/window.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';

describe('spanEndingBefore', () => {
  it('ends at the scheduled time less the ingestion delay, floored to the period', () => {
    const { window } = spanEndingBefore(NOON, 5 * MINUTE, 100, JUDGED);

    expect(window).toEqual({ start: NOON - 15 * MINUTE - 100 * HOUR, end: NOON - 15 * MINUTE });
  });

  it('is the same for every moment of one period, so that a late run judges the same samples', () => {
    const onTime = spanEndingBefore(NOON + 6 * MINUTE, 5 * MINUTE, 6, SHOWN);
    const late = spanEndingBefore(NOON + 9 * MINUTE, 5 * MINUTE, 6, SHOWN);

    expect(late).toEqual(onTime);
  });
});
