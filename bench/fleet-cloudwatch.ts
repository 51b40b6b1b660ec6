/**
 * CloudWatch with any number of hosts for bench/fleet.ts. It answers from texts that are prepared once, so that what is measured is the
 * function and not the server. The first part of the path is how many hosts the account has.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

/** Metrics on a page of ListMetrics: the service's limit. */
export const LISTED_AT_ONCE = 500;

/** Groups that the hosts of an account belong to, in turn: those of one group do not follow each other in the listing. */
const GROUPS = 100;

/** Different curves: flat, with a day's rhythm and noise. */
const CURVES = 32;

const dimensionsSchema = z.array(z.object({ Name: z.string(), Value: z.string().optional() }));

const listSchema = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string(),
  NextToken: z.string().optional(),
});

const dataSchema = z.object({
  StartTime: z.number(),
  EndTime: z.number(),
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      MetricStat: z.object({ Period: z.number(), Metric: z.object({ Dimensions: dimensionsSchema }) }),
    }),
  ),
});

export function createFleetServer(): Server {
  return createServer((request, response) => {
    answerTo(request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(body),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
}

async function answerTo(request: IncomingMessage): Promise<string> {
  const body: unknown = JSON.parse(await text(request));
  const hosts = Number((request.url ?? '').split('/')[1]);
  const action = String(request.headers['x-amz-target']).split('.')[1];
  switch (action) {
    case 'ListMetrics':
      return listing(listSchema.parse(body), hosts);
    case 'GetMetricData':
      return samples(dataSchema.parse(body));
    // Of the tagging service: nobody has tags.
    case 'GetResources':
      return '{"ResourceTagMappingList":[],"PaginationToken":""}';
    default:
      throw new Error(`this server does not know ${action}`);
  }
}

function listing({ Namespace, MetricName, NextToken = '0' }: z.output<typeof listSchema>, hosts: number): string {
  const dimensionsOf = DIMENSIONS[MetricName];
  if (dimensionsOf === undefined) return '{"Metrics":[]}';
  const from = Number(NextToken);
  const to = Math.min(hosts, from + LISTED_AT_ONCE);
  const Metrics = Array.from({ length: to - from }, (_, index) => ({
    Namespace: Namespace ?? 'CWAgent',
    MetricName,
    Dimensions: dimensionsOf(from + index),
  }));
  return JSON.stringify({ Metrics, ...(to < hosts && { NextToken: String(to) }) });
}

const instance = (index: number) => ({
  Name: 'InstanceId',
  Value: `i-${index.toString(16).padStart(17, '0')}`,
});

/** Of the metrics that the hosts have. */
const DIMENSIONS: Readonly<Record<string, (index: number) => object[]>> = {
  CPUUtilization: (index) => [instance(index)],
  mem_used_percent: (index) => [instance(index), { Name: 'AutoScalingGroupName', Value: `group-${index % GROUPS}` }],
};

/** What answers hold of each curve, by the requested times. */
const prepared = new Map<string, readonly string[]>();

function samples({ StartTime, EndTime, MetricDataQueries }: z.output<typeof dataSchema>): string {
  const results = MetricDataQueries.map(({ Id, MetricStat: { Period, Metric } }) => {
    const id = Metric.Dimensions.find(({ Name }) => Name === 'InstanceId')?.Value ?? '0';
    const curves = curvesOf(StartTime, EndTime, Period);
    return `{"Id":"${Id}","Label":"${Id}",${curves[Number.parseInt(id.slice(-4), 16) % CURVES]}}`;
  });
  return `{"MetricDataResults":[${results.join(',')}]}`;
}

function curvesOf(start: number, end: number, period: number): readonly string[] {
  const key = `${start} ${end} ${period}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const times = Array.from({ length: Math.round((end - start) / period) }, (_, index) => start + index * period);
  const curves = Array.from({ length: CURVES }, (_, curve) => {
    const values = times.map((time) => valueAt(time, curve).toFixed(4));
    return `"StatusCode":"Complete","Timestamps":[${times.join(',')}],"Values":[${values.join(',')}]`;
  });
  prepared.set(key, curves);
  return curves;
}

/** Percent: a level of its own, two points of the day, and noise that is the same each time. */
function valueAt(time: number, curve: number): number {
  const noise = Math.sin((time / 900) * 12.9898 + curve * 78.233) * 43_758.5453;
  return 30 + curve + 2 * Math.sin((time / 86_400) * 2 * Math.PI + curve) + (noise - Math.floor(noise));
}
