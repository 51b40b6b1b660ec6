import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet, aHost, FOREVER, hosts, lastHours, memoryQuery, REGION } from '../small-fleets.ts';

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function clientOver(...fleet: readonly Host[]): Promise<CloudWatchClient> {
  sandbox = await startSandbox({ fleet: aFleet(...fleet) });
  return new CloudWatchClient(sandbox.clientConfig(REGION));
}

/** The pages of a request, each as results by id. */
async function pagesOf(client: CloudWatchClient, input: GetMetricDataCommandInput): Promise<MetricDataResult[][]> {
  const pages: MetricDataResult[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetMetricDataCommand({ ...input, NextToken }));
    pages.push(page.MetricDataResults ?? []);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pages;
}

async function onePage(client: CloudWatchClient, input: GetMetricDataCommandInput): Promise<MetricDataResult[]> {
  const pages = await pagesOf(client, input);
  expect(pages).toHaveLength(1);
  return pages.flat();
}

/** Percent that encode the minute: 0.00 at noon's hour, 0.59 one minute before it. */
const minuteOfHour = (time: number) => ((time / MINUTE) % 60) / 10_000;

describe('GetMetricData', () => {
  it('folds the samples of each minute into periods', async () => {
    const client = await clientOver(aHost({ used: minuteOfHour }));
    const statistics = ['Minimum', 'Maximum', 'Average', 'Sum', 'SampleCount'];

    const results = await onePage(
      client,
      lastHours(
        1,
        statistics.map((Stat, index) => memoryQuery('i-1', { Id: `q${index}`, Period: 900, Stat })),
      ),
    );

    const newest = results.map(({ Values }) => Number(Values?.[0]?.toFixed(6)));
    expect(newest).toEqual([0.45, 0.59, 0.52, 7.8, 15]);
    expect(results.map(({ StatusCode }) => StatusCode)).toEqual(Array(5).fill('Complete'));
  });

  it('gives the newest period first, and the oldest first on request', async () => {
    const client = await clientOver(aHost());

    const [descending] = await onePage(client, lastHours(1, [memoryQuery('i-1')]));
    const [ascending] = await onePage(client, { ...lastHours(1, [memoryQuery('i-1')]), ScanBy: 'TimestampAscending' });

    const starts = [60, 45, 30, 15].map((minutes) => new Date(NOON - minutes * MINUTE));
    expect(ascending?.Timestamps).toEqual(starts);
    expect(descending?.Timestamps).toEqual(starts.toReversed());
  });

  it('leaves periods without a sample out', async () => {
    const reports = [
      { start: NOON - 60 * MINUTE, end: NOON - 45 * MINUTE },
      { start: NOON - 20 * MINUTE, end: FOREVER },
    ];
    const client = await clientOver(aHost({ reports }));

    const [counts] = await onePage(client, lastHours(2, [memoryQuery('i-1', { Stat: 'SampleCount' })]));

    expect(counts?.Values).toEqual([15, 5, 15]);
    expect(counts?.Timestamps?.map((time) => (NOON - time.getTime()) / MINUTE)).toEqual([15, 30, 60]);
  });

  it('has no samples of the future', async () => {
    const client = await clientOver(aHost());
    const input = { ...lastHours(1, [memoryQuery('i-1')]), EndTime: new Date(NOON + HOUR) };

    const [now] = await onePage(client, input);
    sandbox.now = NOON + 30 * MINUTE;
    const [later] = await onePage(client, input);

    expect([now?.Values?.length, later?.Values?.length]).toEqual([4, 6]);
  });

  it('answers an unknown metric, or fewer dimensions of a known one, with nothing', async () => {
    const client = await clientOver(aHost());
    const { MetricStat } = memoryQuery('i-1');
    const fewer = { ...MetricStat?.Metric, Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }] };

    const results = await onePage(
      client,
      lastHours(1, [memoryQuery('i-9'), { Id: 'fewer', MetricStat: { Metric: fewer, Period: 900, Stat: 'Minimum' } }]),
    );

    expect(results).toEqual([
      { Id: 'i9', Label: 'mem_used_percent', Timestamps: [], Values: [], StatusCode: 'Complete' },
      { Id: 'fewer', Label: 'mem_used_percent', Timestamps: [], Values: [], StatusCode: 'Complete' },
    ]);
  });

  it('keeps minutes for 15 days and five minutes for 63', async () => {
    const month = { start: NOON - 80 * 24 * HOUR, end: FOREVER };
    const client = await clientOver(aHost({ reports: [month] }));
    const oldest = async (Period: number) => {
      const [result] = await onePage(client, lastHours(80 * 24, [memoryQuery('i-1', { Period })]));
      return (NOON - (result?.Timestamps?.at(-1)?.getTime() ?? 0)) / (24 * HOUR);
    };

    expect([await oldest(60), await oldest(900), await oldest(3600)]).toEqual([15, 63, 80]);
  });

  it('rounds a start that is not on the minute down', async () => {
    const client = await clientOver(aHost());

    const [result] = await onePage(client, {
      ...lastHours(1, [memoryQuery('i-1', { Period: 60, Stat: 'SampleCount' })]),
      StartTime: new Date(NOON - 2 * MINUTE + 34_567),
    });

    expect(result?.Timestamps?.at(-1)).toEqual(new Date(NOON - 2 * MINUTE));
  });

  it('fills pages of 100,800 points and goes on within a metric', async () => {
    const client = await clientOver(...hosts(253));
    const queries = hosts(253).map(({ resource }) => memoryQuery(resource.id));

    const pages = await pagesOf(client, lastHours(100, queries));

    const sizes = pages.map((page) => page.reduce((points, { Values }) => points + (Values?.length ?? 0), 0));
    expect(sizes).toEqual([100_800, 400]);
    expect(pages[0]?.at(-1)).toMatchObject({ Id: 'i251', StatusCode: 'Complete' });
    expect(pages[1]).toMatchObject([{ Id: 'i252', StatusCode: 'Complete' }]);
  });

  it('calls a metric partial whose points continue on the next page', async () => {
    const client = await clientOver(...hosts(2));

    const pages = await pagesOf(client, {
      ...lastHours(2, [memoryQuery('i-0'), memoryQuery('i-1')]),
      MaxDatapoints: 12,
    });

    expect(pages.map((page) => page.map(({ Id, StatusCode, Values }) => [Id, StatusCode, Values?.length]))).toEqual([
      [
        ['i0', 'Complete', 8],
        ['i1', 'PartialData', 4],
      ],
      [['i1', 'Complete', 4]],
    ]);
    const times = pages.flat().flatMap(({ Id, Timestamps = [] }) => (Id === 'i1' ? Timestamps.map(Number) : []));
    expect(new Set(times).size).toBe(8);
  });

  it('marks a metric that fails alone by its status', async () => {
    const client = await clientOver(
      aHost(),
      aHost({ id: 'i-2', failsWith: 'internal_error' }),
      aHost({ id: 'i-3', failsWith: 'forbidden' }),
    );

    const results = await onePage(
      client,
      lastHours(
        1,
        ['i-1', 'i-2', 'i-3'].map((id) => memoryQuery(id)),
      ),
    );

    expect(results.map(({ StatusCode, Values }) => [StatusCode, Values?.length])).toEqual([
      ['Complete', 4],
      ['InternalError', 0],
      ['Forbidden', 0],
    ]);
  });

  it('counts the metrics that were requested', async () => {
    const client = await clientOver(...hosts(3));

    await onePage(
      client,
      lastHours(
        1,
        hosts(3).map(({ resource }) => memoryQuery(resource.id)),
      ),
    );

    expect(sandbox.calls.metricsQueried()).toBe(3);
  });

  it.each<[string, Partial<GetMetricDataCommandInput>, string]>([
    [
      'more than 500 queries',
      { MetricDataQueries: hosts(501).map(({ resource }) => memoryQuery(resource.id)) },
      'size greater than 500',
    ],
    ['a window without length', { StartTime: new Date(NOON) }, 'StartTime must not equal parameter EndTime'],
    ['a window that ends before it begins', { StartTime: new Date(NOON + HOUR) }, 'StartTime must be less than'],
    ['an id twice', { MetricDataQueries: [memoryQuery('i-1'), memoryQuery('i-1')] }, 'not unique'],
    [
      'an id in capitals',
      { MetricDataQueries: [memoryQuery('i-1', { Id: 'Q1' })] },
      'not matching the expected pattern',
    ],
    ['an unknown statistic', { MetricDataQueries: [memoryQuery('i-1', { Stat: 'Min' })] }, 'not a valid statistic'],
    [
      'a period that is no multiple of a minute',
      { MetricDataQueries: [memoryQuery('i-1', { Period: 90 })] },
      'multiple of 60',
    ],
  ])('refuses %s', async (_, input, message) => {
    const client = await clientOver(aHost());

    const refused = client.send(new GetMetricDataCommand({ ...lastHours(1, [memoryQuery('i-1')]), ...input }));

    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});
