import { describe, expect, it } from 'vitest';
import { EVALUATED, inspectionSpans, spanEndingBefore, truncatedTo } from '../../../core/inspection/window.ts';
import { aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

describe('spanEndingBefore', () => {
  it('ends at the scheduled time less the ingestion delay, floored to the period', () => {
    const { window } = spanEndingBefore(NOON, 5 * MINUTE, 100, EVALUATED);

    expect(window).toEqual({ start: NOON - 15 * MINUTE - 100 * HOUR, end: NOON - 15 * MINUTE });
  });

  it('is the same for every moment of one period, so that a late run evaluates the same samples', () => {
    const onTime = spanEndingBefore(NOON + 6 * MINUTE, 5 * MINUTE, 6, EVALUATED);
    const late = spanEndingBefore(NOON + 19 * MINUTE, 5 * MINUTE, 6, EVALUATED);

    expect(late).toEqual(onTime);
  });
});

describe('inspectionSpans', () => {
  it('are the lookback window in minima of 15 minutes, and the last hours in means of 5 minutes', () => {
    const spans = inspectionSpans(NOON, { ingestionDelayMs: 5 * MINUTE }, { lookBackHours: 100, shownHours: 6 });

    expect(spans).toEqual({
      evaluated: {
        window: { start: NOON - 15 * MINUTE - 100 * HOUR, end: NOON - 15 * MINUTE },
        periodMs: 15 * MINUTE,
        statistic: 'minimum',
      },
      shown: {
        window: { start: NOON - 5 * MINUTE - 6 * HOUR, end: NOON - 5 * MINUTE },
        periodMs: 5 * MINUTE,
        statistic: 'average',
      },
    });
  });
});

describe('truncatedTo', () => {
  const series = aSeries([0.1, 0.2, 0.3, null, 0.5, 0.6]);
  const start = NOON - 90 * MINUTE;

  it('keeps the samples from the start of the window up to its end, which is not part of it', () => {
    const window = { start: start + 15 * MINUTE, end: start + 60 * MINUTE };

    const truncated = truncatedTo(series, window);

    expect([...truncated.values]).toEqual([0.2, 0.3]);
    expect([...truncated.times]).toEqual([start + 15 * MINUTE, start + 30 * MINUTE]);
    expect(truncated).toMatchObject({ window, resource: series.resource, periodMs: series.periodMs });
  });

  it('keeps all samples of a window that covers the series, and none of one beside it', () => {
    expect(truncatedTo(series, { start: 0, end: NOON }).values).toEqual(series.values);
    expect(truncatedTo(series, { start: 0, end: start }).values).toHaveLength(0);
    expect(truncatedTo(series, { start: NOON, end: NOON + HOUR }).times).toHaveLength(0);
  });
});
