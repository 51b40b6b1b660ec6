/** The sandbox's Cloud Monitoring over the real client: its limits, its filters, and how it folds. */

import type { protos } from '@google-cloud/monitoring';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loopbackClient } from '../../../adapters/gcp/loopback.ts';
import { parseFilter } from '../../../sandbox/gcp/filter.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import { anInstance, CPU, instances, MEMORY, PROJECT } from '../../adapters/gcp-monitoring/worlds.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet } from '../small-fleets.ts';

type Request = protos.google.monitoring.v3.IListTimeSeriesRequest;

const USED = `metric.type = "${MEMORY}" AND metric.labels.state = "used"`;

/** An hour by quarters, as the adapter would ask. */
function aRequest(overrides: Partial<Request> = {}): Request {
  return {
    name: `projects/${PROJECT}`,
    filter: USED,
    interval: { startTime: { seconds: (NOON - HOUR) / 1000 }, endTime: { seconds: NOON / 1000 } },
    aggregation: { alignmentPeriod: { seconds: 900 }, perSeriesAligner: 'ALIGN_MIN' },
    view: 'FULL',
    pageSize: 100_000,
    ...overrides,
  };
}

async function startWith(hosts = instances(3)) {
  const sandbox = await startSandbox({ fleet: aFleet(...hosts) });
  const client = loopbackClient(sandbox.gcpEndpoint ?? '');
  onTestFinished(async () => {
    await client.close();
    await sandbox.close();
  });
  return async (overrides?: Partial<Request>) => {
    const [, , response] = await client.listTimeSeries(aRequest(overrides), { autoPaginate: false, timeout: 5_000 });
    return { series: response.timeSeries ?? [], nextPageToken: response.nextPageToken ?? '' };
  };
}

describe('the sandbox’s Cloud Monitoring', () => {
  it('answers with the newest point first, at the ends of periods', async () => {
    const list = await startWith();

    const { series } = await list();

    const ends = series[0]?.points?.map(({ interval }) => Number(interval?.endTime?.seconds) * 1000);
    expect(ends).toEqual([0, 15, 30, 45].map((minutes) => NOON - minutes * MINUTE));
  });

  it('counts a sample at the end of a period to that period, and one at its start to the one before', async () => {
    const at = NOON - 30 * MINUTE;
    const list = await startWith([anInstance({ used: (time) => (time === at ? 0.9 : 0.4) })]);

    const { series } = await list({
      aggregation: { alignmentPeriod: { seconds: 900 }, perSeriesAligner: 'ALIGN_MAX' },
    });

    expect(series[0]?.points?.map(({ value }) => value?.doubleValue)).toEqual([40, 40, 90, 40]);
  });

  it('divides pages by points, and goes on inside a series', async () => {
    const list = await startWith();

    const first = await list({ pageSize: 6 });
    const second = await list({ pageSize: 6, pageToken: first.nextPageToken });

    const counts = [first, second].map(({ series }) => series.map(({ points }) => points?.length));
    expect(counts).toEqual([
      [4, 2],
      [2, 4],
    ]);
    expect(second.nextPageToken).toBe('');
    expect(first.series[1]?.resource).toEqual(second.series[0]?.resource);
  });

  it('adds up what a reduction does not keep apart, and shows metadata of what it names alone', async () => {
    const list = await startWith();

    const { series } = await list({
      filter: `metric.type = "${CPU}"`,
      aggregation: {
        alignmentPeriod: { seconds: 3600 },
        perSeriesAligner: 'ALIGN_MEAN',
        crossSeriesReducer: 'REDUCE_SUM',
        groupByFields: ['metadata.system_labels.machine_type'],
      },
    });

    expect(series).toHaveLength(1);
    expect(series[0]?.points?.[0]?.value?.doubleValue).toBeCloseTo(0.6, 9);
    expect(series[0]?.metadata?.systemLabels?.fields).toMatchObject({ machine_type: { stringValue: 'e2-standard-2' } });
    expect(series[0]?.resource?.labels).toEqual({});
  });

  it('folds what the first aggregation gives a second time, where it is asked to', async () => {
    const list = await startWith();
    const perMinute = {
      alignmentPeriod: { seconds: 60 },
      perSeriesAligner: 'ALIGN_MEAN',
      crossSeriesReducer: 'REDUCE_SUM',
    } as const;
    const folded = async (perSeriesAligner: 'ALIGN_SUM' | 'ALIGN_COUNT') => {
      const secondaryAggregation = { alignmentPeriod: { seconds: 900 }, perSeriesAligner };
      const { series } = await list({ aggregation: perMinute, secondaryAggregation });
      return series.map(({ points = [] }) =>
        points?.map(({ value }) => value?.doubleValue ?? Number(value?.int64Value)),
      );
    };

    // Three hosts at 50 %, for 15 minutes.
    expect(await folded('ALIGN_SUM')).toEqual([[2250, 2250, 2250, 2250]]);
    expect(await folded('ALIGN_COUNT')).toEqual([[15, 15, 15, 15]]);
  });

  it('aligns nothing that is cumulative', async () => {
    const sandbox = await startSandbox({ fleet: aFleet(anInstance()) });
    sandbox.inject({ service: 'gcp', kind: 'not_gauge' });
    const client = loopbackClient(sandbox.gcpEndpoint ?? '');
    onTestFinished(async () => {
      await client.close();
      await sandbox.close();
    });

    const listing = client.listTimeSeries(aRequest(), { autoPaginate: false, timeout: 5_000 });

    await expect(listing).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      message: expect.stringContaining('cannot be applied to metrics with kind CUMULATIVE'),
    });
  });

  it.each<[string, Partial<Request>, status]>([
    ['no metric', { filter: 'resource.type = "gce_instance"' }, status.INVALID_ARGUMENT],
    ['two metrics', { filter: `${USED} AND metric.type = "${CPU}"` }, status.INVALID_ARGUMENT],
    ['a filter that does not parse', { filter: `${USED} AND` }, status.INVALID_ARGUMENT],
    ['an order', { orderBy: 'time' }, status.INVALID_ARGUMENT],
    [
      'periods below a minute',
      { aggregation: { alignmentPeriod: { seconds: 30 }, perSeriesAligner: 'ALIGN_MIN' } },
      status.INVALID_ARGUMENT,
    ],
    [
      'an interval that ends before it starts',
      { interval: { startTime: { seconds: NOON / 1000 }, endTime: { seconds: NOON / 1000 - 60 } } },
      status.INVALID_ARGUMENT,
    ],
    [
      'a page of another request',
      { pageToken: Buffer.from('[0,0,"x"]').toString('base64url') },
      status.INVALID_ARGUMENT,
    ],
    ['a metric that nobody writes', { filter: 'metric.type = "custom.googleapis.com/none"' }, status.NOT_FOUND],
    ['a project that is not there', { name: 'projects/nobody-knows' }, status.PERMISSION_DENIED],
  ])('refuses %s', async (_, overrides, code) => {
    const list = await startWith();

    await expect(list(overrides)).rejects.toMatchObject({ code });
  });
});

describe('a filter of Cloud Monitoring', () => {
  const series = { 'metric.type': 'm', 'resource.labels.zone': 'europe-west1-b', 'metadata.user_labels.a"b': 'x\\y' };

  it.each([
    ['metric.type = "m" AND resource.labels.zone = starts_with("europe-west1-")', true],
    ['metric.type = "m" AND resource.labels.zone = starts_with("europe-west10-")', false],
    ['metric.type = "m" AND resource.labels.zone = one_of("a","europe-west1-b")', true],
    ['metric.type = "m" AND resource.labels.zone = one_of("a","b")', false],
    ['metric.type="m" AND resource.labels.project = "none"', false],
    ['metric.type="m" AND NOT resource.labels.zone = "a" AND NOT resource.labels.zone = "b"', true],
    ['metric.type="m" AND NOT resource.labels.zone = "a" AND NOT resource.labels.zone = "europe-west1-b"', false],
    ['metric.type="m" AND resource.labels.zone = monitoring.regex.full_match("europe-west1(-.+)?")', true],
    ['metric.type="m" AND resource.labels.zone = monitoring.regex.full_match("europe-west")', false],
  ])('%s is %s', (text, expected) => {
    expect(parseFilter(text).matches(series)).toBe(expected);
  });

  it('takes a hundred alternatives and no more', () => {
    const alternatives = (count: number) =>
      `metric.type = "m" AND x = one_of(${Array.from({ length: count }, (_, index) => `"${index}"`).join(',')})`;

    expect(parseFilter(alternatives(100)).matches({ 'metric.type': 'm', x: '99' })).toBe(true);
    expect(() => parseFilter(alternatives(101))).toThrow(/1 to 100 strings, not 101/);
  });
});

describe('a counter in the sandbox’s Cloud Monitoring', () => {
  const activity = activityAt('1', NOON, 'errors');
  const aligned = (perSeriesAligner: 'ALIGN_DELTA' | 'ALIGN_MEAN') => ({
    filter:
      'metric.type = "agent.googleapis.com/interface/errors" AND (metric.labels.device = "ens4" AND metric.labels.direction = "rx")',
    aggregation: { alignmentPeriod: { seconds: 1800 }, perSeriesAligner },
  });

  it('gives what was added in each period', async () => {
    const list = await startWith([anInstance({ activity })]);

    const { series } = await list(aligned('ALIGN_DELTA'));

    const minutes = Array.from({ length: 30 }, (_, index) => NOON - index * MINUTE);
    const added = minutes.reduce((sum, time) => sum + activity.errors.received(time), 0);
    expect(series.map(({ metricKind }) => metricKind)).toEqual(['DELTA']);
    expect(Number(series[0]?.points?.[0]?.value?.int64Value)).toBe(added);
  });

  it('refuses a mean', async () => {
    const list = await startWith([anInstance({ activity })]);

    await expect(list(aligned('ALIGN_MEAN'))).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
