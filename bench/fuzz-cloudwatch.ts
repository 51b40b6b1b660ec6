/**
 * CloudWatch and the Resource Groups Tagging API as they answer in honesty, and a source whose answers are made wrong
 * on their way.
 */
import * as z from 'zod';
import { cloudwatchSource } from '../adapters/cloudwatch/source.ts';
import { MEMORY_UTILIZATION, type Reading } from '../core/model/series.ts';
import { aRetryClock } from '../sandbox/retry-clock.ts';
import { mutatedText } from './fuzz-mutations.ts';
import type { Random } from './random.ts';

const HOUR = 3_600_000;
const END = Date.UTC(2026, 10, 20, 12);
const SPAN = { window: { start: END - 6 * HOUR, end: END }, periodMs: 900_000, statistic: 'average' } as const;

/** Answers that carry mistakes: in most reads there are others that do not, so that a read comes to its later steps. */
const SHARE_MUTATED = 0.2;

const requestSchema = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.instanceof(Uint8Array).transform((bytes) => JSON.parse(new TextDecoder().decode(bytes))),
});
const querySchema = z.object({ MetricDataQueries: z.array(z.object({ Id: z.string() })) });
const listingSchema = z.object({ Namespace: z.string().optional(), MetricName: z.string() });

/** All readings of one read whose answers are mutated, those of the consumers of its first host included. */
export async function readMutatedCloudWatch(random: Random): Promise<Reading[]> {
  const source = cloudwatchSource({
    clock: aRetryClock(),
    account: '111122223333',
    region: 'eu-west-1',
    client: {
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'none' },
      requestHandler: {
        handle: async (request: unknown) => ({ response: respond(requestSchema.parse(request), random) }),
      },
    },
  });
  const meter = { count: () => {} };
  const filters = random() < 0.2 ? [{ include: [{ labels: { stage: '*' } }] }] : [];
  const readings = await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span: SPAN, filters }, meter));
  const first = readings.find((reading) => reading.kind === 'series');
  if (first === undefined || source.consumers === undefined) return readings;
  const consumers = await Array.fromAsync(source.consumers(first.resource, SPAN, meter));
  return [...readings, ...consumers];
}

function respond({ headers, body }: z.output<typeof requestSchema>, random: Random) {
  const honest = answerOf(headers['x-amz-target'] ?? '', body);
  const mistakes = random() < SHARE_MUTATED ? 1 + Math.floor(random() * 3) : 0;
  const text = mistakes === 0 ? JSON.stringify(honest) : mutatedText(honest, mistakes, random);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(text),
  };
}

function answerOf(target: string, body: unknown): object {
  if (target.endsWith('.GetResources')) return TAGS;
  if (target.endsWith('.GetMetricData')) return samplesFor(querySchema.parse(body).MetricDataQueries);
  const { Namespace, MetricName } = listingSchema.parse(body);
  const sets = Namespace === 'AWS/EC2' ? LIVE : (SETS.get(MetricName) ?? []);
  return {
    Metrics: sets.map((named) => ({
      Namespace: Namespace ?? 'CWAgent',
      MetricName,
      Dimensions: Object.entries(named).map(([Name, Value]) => ({ Name, Value })),
    })),
  };
}

const LIVE = ['i-1', 'i-2', 'i-3', 'i-4'].map((InstanceId) => ({ InstanceId }));
const SETS: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> = new Map([
  [
    'mem_used_percent',
    [
      { InstanceId: 'i-1', InstanceType: 'm7g.large' },
      { InstanceId: 'i-2', AutoScalingGroupName: 'web' },
      { InstanceId: 'i-2' },
      { host: 'db-7', stage: 'production' },
      { AutoScalingGroupName: 'web' },
    ],
  ],
  ['node_memory_utilization', [{ InstanceId: 'i-3', NodeName: 'ip-10-0-0-3', ClusterName: 'shop' }]],
  ['procstat_memory_rss', [{ InstanceId: 'i-1', exe: '.*', process_name: 'java' }]],
  ['procstat_lookup_pid_count', [{ InstanceId: 'i-1', exe: '.*' }]],
  ['mem_total', [{ InstanceId: 'i-1' }]],
]);

const TAGS = {
  PaginationToken: '',
  ResourceTagMappingList: ['i-1', 'i-2'].map((id) => ({
    ResourceARN: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`,
    Tags: [
      { Key: 'Name', Value: `web-${id}` },
      { Key: 'stage', Value: 'production' },
    ],
  })),
};

function samplesFor(queries: readonly { readonly Id: string }[]): object {
  const count = (END - SPAN.window.start) / SPAN.periodMs;
  return {
    MetricDataResults: queries.map(({ Id }) => ({
      Id,
      Label: Id,
      StatusCode: 'Complete',
      Timestamps: Array.from({ length: count }, (_, index) => (SPAN.window.start + index * SPAN.periodMs) / 1000),
      Values: Array.from({ length: count }, (_, index) => 40 + index / 4),
    })),
  };
}
