import { describe, expect, it } from 'vitest';
import { is, isInRegion, isLocatedIn, isNot, isOneOf, requestFor } from '../../../adapters/gcp-monitoring/requests.ts';
import { SIX_HOURS } from './worlds.ts';

const SCOPE = { provider: 'gcp', account: 'shop-123456', region: 'europe-west1' } as const;

describe('a request to ListTimeSeries', () => {
  it('names one metric of one project, in periods that end with the window', () => {
    const request = requestFor(SCOPE, {
      metricType: 'm',
      resourceType: 'gce_instance',
      unit: '%',
      conditions: [isInRegion(SCOPE.region)],
      span: { ...SIX_HOURS, statistic: 'minimum' },
    });

    expect(request).toEqual({
      name: 'projects/shop-123456',
      filter:
        'metric.type = "m" AND resource.type = "gce_instance" AND project = "shop-123456" AND resource.labels.zone = starts_with("europe-west1-")',
      interval: {
        startTime: { seconds: SIX_HOURS.window.start / 1000 },
        endTime: { seconds: SIX_HOURS.window.end / 1000 },
      },
      aggregation: { alignmentPeriod: { seconds: 300 }, perSeriesAligner: 'ALIGN_MIN' },
      view: 'FULL',
      pageSize: 100_000,
    });
  });
});

describe('a request for series shorter than a period', () => {
  it.each([
    ['summed', 'ALIGN_SUM'],
    ['counted', 'ALIGN_COUNT'],
  ] as const)('reduces minute by minute, and then has the minutes of each period %s', (minutes, perSeriesAligner) => {
    const request = requestFor(SCOPE, {
      metricType: 'm',
      resourceType: 'gce_instance',
      unit: 'By',
      conditions: [],
      span: SIX_HOURS,
      reduction: { reducer: 'REDUCE_SUM', groupBy: ['metric.labels.command'] },
      minutes,
    });

    expect(request).toMatchObject({
      aggregation: {
        alignmentPeriod: { seconds: 60 },
        perSeriesAligner: 'ALIGN_MEAN',
        crossSeriesReducer: 'REDUCE_SUM',
        groupByFields: ['metric.labels.command'],
      },
      secondaryAggregation: { alignmentPeriod: { seconds: 300 }, perSeriesAligner },
    });
  });
});

describe('a condition of a filter', () => {
  it.each([
    [is('a', 'x" OR b = "y'), 'a = "x\\" OR b = \\"y"'],
    [is('a', 'x\\'), 'a = "x\\\\"'],
    [isNot('a', 'x"'), 'NOT a = "x\\""'],
    [isLocatedIn('us-east1'), 'resource.labels.location = monitoring.regex.full_match("us-east1(-.+)?")'],
    [isOneOf('a', ['1', '"']), 'a = one_of("1","\\"")'],
  ])('keeps a text inside its quotes: %s', (condition, expected) => {
    expect(condition).toBe(expected);
  });
});
