import { describe, expect, it } from 'vitest';
import { EVALUATED, SHOWN, spanEndingBefore, truncatedTo } from '../../../core/inspection/window.ts';
import { aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

describe('spanEndingBefore', () => {
  it('ends at the scheduled time less the ingestion delay, floored to the period', () => {
    const { window } = spanEndingBefore(NOON, 5 * MINUTE, 100, EVALUATED);

    expect(window).toEqual({ start: NOON - 15 * MINUTE - 100 * HOUR, end: NOON - 15 * MINUTE });
  });

  it('is the same for every moment of one period, so that a late run judges the same samples', () => {
    const onTime = spanEndingBefore(NOON + 6 * MINUTE, 5 * MINUTE, 6, SHOWN);
    const late = spanEndingBefore(NOON + 9 * MINUTE, 5 * MINUTE, 6, SHOWN);

    expect(late).toEqual(onTime);
  });
});

describe('cutTo', () => {
  const series = aSeries([0.1, 0.2, 0.3, null, 0.5, 0.6]);
  const start = NOON - 90 * MINUTE;

  it('keeps the samples from the start of the window up to its end, which is not part of it', () => {
    const window = { start: start + 15 * MINUTE, end: start + 60 * MINUTE };

    const truncated = truncatedTo(series, window);

    expect([...truncated.values]).toEqual([0.2, 0.3]);
    expect([...truncated.times]).toEqual([start + 15 * MINUTE, start + 30 * MINUTE]);
    expect(truncated).toMatchObject({ window, resource: series.resource, periodMs: series.periodMs });
  });

  it('keeps all or nothing where the window says so', () => {
    expect(truncatedTo(series, { start: 0, end: NOON }).values).toEqual(series.values);
    expect(truncatedTo(series, { start: 0, end: start }).values).toHaveLength(0);
    expect(truncatedTo(series, { start: NOON, end: NOON + HOUR }).times).toHaveLength(0);
  });
});
