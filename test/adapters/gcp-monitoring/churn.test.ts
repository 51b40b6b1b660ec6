/** Processes that live shorter than a period: what they use at a time counts, and not how many of them there were. */
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { Resource, Series } from '../../../core/model/series.ts';
import type { GcpSeries } from '../../../sandbox/gcp/described.ts';
import { listTimeSeries, parseListRequest } from '../../../sandbox/gcp/list-time-series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { sourceOver } from './scripted-server.ts';
import { aMeter, PROJECT, REGION } from './worlds.ts';

const RSS = 'agent.googleapis.com/processes/rss_usage';
const MB = 2 ** 20;
const HOST: Resource = { provider: 'gcp', account: PROJECT, region: REGION, id: '1', name: 'vm-1' };
const SPAN = {
  window: { start: NOON - 6 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
} as const;

/** A process that runs for some minutes of the window and uses the same memory throughout. */
function process(command: string, pid: number, bytes: number, replayStates: (minute: number) => boolean): GcpSeries {
  return {
    metricType: RSS,
    resourceType: 'gce_instance',
    valueType: 'DOUBLE',
    unit: 'By',
    labels: {
      project: PROJECT,
      'metric.type': RSS,
      'resource.type': 'gce_instance',
      'resource.labels.instance_id': '1',
      'metric.labels.command': command,
      'metric.labels.pid': String(pid),
    },
    written: [{ start: SPAN.window.start, end: NOON + MINUTE }],
    value: (time) => (replayStates((time - SPAN.window.start) / MINUTE) ? bytes : undefined),
  };
}

const always = () => true;

/** The consumers of a host with these processes, through the service's own aggregation. */
async function consumersWith(...processes: readonly GcpSeries[]): Promise<Record<string, Series>> {
  const written = new Map([
    [RSS, processes],
    ['agent.googleapis.com/memory/bytes_used', []],
  ]);
  const listing = ({ request }: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) =>
    reply(
      null,
      listTimeSeries(parseListRequest(request), {
        catalogue: (type) => written.get(type),
        now: NOON,
        fault: undefined,
      }),
    );
  const source = await sourceOver(listing);
  const readings = await Array.fromAsync(source.consumers(HOST, SPAN, aMeter()));
  const series = readings.filter((reading) => reading.kind === 'series');
  return Object.fromEntries(series.map((each) => [each.consumer?.name, each]));
}

/** The different values of a series, in MB. */
function megabytes(series: Series | undefined): number[] {
  return [...new Set([...(series?.values ?? [])].map((value) => Math.round((value / MB) * 1e6) / 1e6))];
}

describe('a process that runs for less than a period', () => {
  it('does not grow when it begins to be forked anew each minute', async () => {
    const half = 3 * 60;
    const old = process('worker', 1, 100 * MB, (minute) => minute <= half);
    const forked = Array.from({ length: 180 }, (_, index) =>
      process('worker', 2 + index, 100 * MB, (minute) => minute === half + 1 + index),
    );

    const { worker } = await consumersWith(old, ...forked, process('app', 999, 500 * MB, always));

    expect(megabytes(worker)).toEqual([100]);
    expect(worker?.times).toHaveLength(24);
  });

  it('counts with all of its like that are there together', async () => {
    const pids = [1, 2, 3].map((pid) => process('worker', pid, 100 * MB, always));

    expect(megabytes((await consumersWith(...pids))['worker'])).toEqual([300]);
  });

  it('counts for one minute of fifteen where it runs for one', async () => {
    const brief = process('cron', 1, 150 * MB, (minute) => minute % 15 === 7);

    const { cron } = await consumersWith(brief, process('app', 2, 500 * MB, always));

    expect(megabytes(cron)).toEqual([10]);
  });

  it('counts as far as the host was looked at, where its agent did not report for a part of a period', async () => {
    const looked = (minute: number) => minute % 15 < 10;

    const { app } = await consumersWith(process('app', 1, 500 * MB, looked));

    expect(megabytes(app)).toEqual([500]);
  });
});
