/** What an hour of use costs: requests of somebody on call, by what each was measured to take, at list prices. */
import type { Counts } from './counting-proxy.ts';
import { figure, markdownTable } from './markdown.ts';

/** US dollars in us-east-1, looked up in 2026-11. Free volumes are not deducted. */
const PRICES = {
  /** aws.amazon.com/api-gateway/pricing: HTTP API, a request of up to 512 KB. */
  request: 1.0 / 1e6,
  /** aws.amazon.com/lambda/pricing: arm64. */
  invocation: 0.2 / 1e6,
  gibSecond: 0.0000133334,
  /** aws.amazon.com/dynamodb/pricing/on-demand. */
  readUnit: 0.125 / 1e6,
  /** aws.amazon.com/s3/pricing: GET. */
  get: 0.0004 / 1000,
  /** aws.amazon.com/ec2/pricing/on-demand: data transfer out. */
  gibOut: 0.09,
  /** aws.amazon.com/cloudwatch/pricing: metrics that GetMetricData reads. */
  metric: 0.01 / 1000,
} as const;

/** GiB of the function of the API, and of the one that reads a host. */
const API_GIB = 1;
const READER_GIB = 0.5;

/** Metrics of a read of a host in AWS: its own, finer ones, its capacity, those of twelve siblings, and of a hundred processes. */
const METRICS_OF_READ = 114;
/** Seconds that a read of a host takes both functions: the API waits for the other one. */
const READ_SECONDS = 3;
const READ_BYTES = 40 * 1024;

/** Files of the page: a first load, and a chunk for each page. */
const FILES = { requests: 12, bytes: 90 * 1024 };
const FILE_SECONDS = 0.005;

/** Requests of an hour, by route of the bench. */
const HOUR: readonly (readonly [what: string, times: number, route: string])[] = [
  ['overview, read every minute', 60, 'overview'],
  ['incidents, and read again', 10, 'incidents'],
  ['five incidents', 5, 'one incident'],
  ['their logs', 5, 'its log'],
  ['hosts that are not steady', 2, 'hosts that are not steady'],
  ['lines of 500 of them', 5, 'sparklines of 100 hosts'],
  ['all hosts, five pages', 5, 'all hosts, a page'],
  ['inspections', 2, 'inspections'],
  ['coverage', 1, 'coverage'],
];

/** Reads of hosts: of each incident once. */
const HOST_READS = 5;

export interface RouteCost {
  readonly name: string;
  readonly milliseconds: number;
  readonly sentBytes: number;
  readonly reads: Counts;
}

interface Cost {
  readonly gateway: number;
  readonly lambda: number;
  readonly stores: number;
  readonly out: number;
  readonly cloud: number;
}

function costOf({ milliseconds, sentBytes, reads }: RouteCost, times: number): Cost {
  return {
    gateway: times * PRICES.request * Math.max(1, Math.ceil(sentBytes / (512 * 1024))),
    lambda: times * (PRICES.invocation + (milliseconds / 1000) * API_GIB * PRICES.gibSecond),
    stores: times * (reads.readUnits * PRICES.readUnit + reads.s3 * PRICES.get),
    out: (times * sentBytes * PRICES.gibOut) / 2 ** 30,
    cloud: 0,
  };
}

function readsOfHosts(): Cost {
  const seconds = READ_SECONDS * (API_GIB + READER_GIB);
  return {
    gateway: HOST_READS * PRICES.request,
    lambda: HOST_READS * (2 * PRICES.invocation + seconds * PRICES.gibSecond),
    stores: HOST_READS * 4 * PRICES.readUnit,
    out: (HOST_READS * READ_BYTES * PRICES.gibOut) / 2 ** 30,
    cloud: HOST_READS * METRICS_OF_READ * PRICES.metric,
  };
}

const NO_READS: Counts = { dynamodb: 0, readUnits: 0, s3: 0, s3Bytes: 0, sts: 0 };

function filesOfPage(): Cost {
  const { requests, bytes } = FILES;
  const file = { name: '', milliseconds: FILE_SECONDS * 1000, sentBytes: bytes / requests, reads: NO_READS };
  return costOf(file, requests);
}

function totalOf({ gateway, lambda, stores, out, cloud }: Cost): number {
  return gateway + lambda + stores + out + cloud;
}

/** @param routes As they were measured. Throws where one of the hour's was not. */
export function hourTable(routes: readonly RouteCost[]): string {
  const rows = HOUR.map(([what, times, route]) => {
    const of = routes.find(({ name }) => name === route);
    if (of === undefined) throw new Error(`The route ${route} was not measured`);
    return { what, times, cost: costOf(of, times) };
  });
  rows.push({ what: 'the page itself', times: FILES.requests, cost: filesOfPage() });
  rows.push({ what: 'memory of five hosts', times: HOST_READS, cost: readsOfHosts() });
  const total = rows.reduce((sum, { cost }) => sum + totalOf(cost), 0);
  const usd = (value: number) => figure(value, 5);
  const table = markdownTable(
    ['an hour of one person on call', 'requests', 'gateway', 'Lambda', 'stores', 'transfer', 'metrics', 'USD'],
    [
      ...rows.map(({ what, times, cost: { gateway, lambda, stores, out, cloud }, cost }) => {
        return [what, String(times), ...[gateway, lambda, stores, out, cloud, totalOf(cost)].map(usd)];
      }),
      ['all', String(rows.reduce((sum, { times }) => sum + times, 0)), '', '', '', '', '', usd(total)],
    ],
  );
  return `## An hour of use

List prices of us-east-1 of 2026-11 (bench/api-hour.ts names each); requests, bytes, read units and gets as measured, Lambda by the
wall time here, where emulators answer more slowly than AWS does. A read of a host is computed: ${METRICS_OF_READ} metrics and ${READ_SECONDS} seconds of both functions.

${table}`;
}
