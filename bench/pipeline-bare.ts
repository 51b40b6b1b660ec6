/**
 * What bench/pipeline.ts compares with: the calls that reading a fleet takes, made with nothing but each cloud's SDK, as many
 * at a time as the adapters make, and their answers parsed into one array of numbers for each host.
 */
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { MetricsClient } from '@azure/monitor-query';
import { federatedCredentials } from '../adapters/azure/credentials.ts';
import { loopbackHttpClient } from '../adapters/azure/loopback.ts';
import { loopbackClient } from '../adapters/gcp/loopback.ts';
import { chunksOf, inFlight } from '../adapters/reading/in-flight.ts';
import type { CloudProvider } from '../core/model/series.ts';
import type { Account } from '../core/model/tenant.ts';
import { inspectAwsVariables, inspectAzureVariables, inspectGcpVariables } from '../functions/environment.ts';
import { EXTERNAL_ID, NOON } from './pipeline-clouds.ts';

interface AccountRegion {
  readonly account: Account;
  readonly region: string;
}

/** How often each call was made. */
export type Calls = Readonly<Record<string, number>>;

/** The evaluated span: 400 periods of 15 minutes, which end when their samples have arrived. */
const PERIOD_S = 900;
const SAMPLES = 400;
const END = Math.floor((NOON - 5 * 60_000) / (PERIOD_S * 1_000)) * PERIOD_S * 1_000;
const START = END - SAMPLES * PERIOD_S * 1_000;
const IN_FLIGHT = 4;

async function bareAws({ account, region }: AccountRegion, hosts: number): Promise<Calls> {
  if (account.provider !== 'aws') throw new Error('not an account of AWS');
  const { AWS_REGION } = inspectAwsVariables();
  const params = { RoleArn: account.role, ExternalId: EXTERNAL_ID, RoleSessionName: 'bench' };
  const credentials = fromTemporaryCredentials({ params, clientConfig: { region: AWS_REGION } });
  const client = new CloudWatchClient({ region, credentials });
  const calls = { ListMetrics: 0, GetMetricData: 0 };
  async function list(what: object) {
    const listed = [];
    for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
      const page = await client.send(new ListMetricsCommand({ ...what, NextToken }));
      calls.ListMetrics++;
      listed.push(...(page.Metrics ?? []));
      NextToken = page.NextToken;
    }
    return listed;
  }
  const instances = [{ Name: 'InstanceId' }];
  const listings = [
    { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: instances, RecentlyActive: 'PT3H' },
    { Namespace: 'CWAgent', MetricName: 'mem_used_percent' },
    { Namespace: 'CWAgent', MetricName: 'Memory % Committed Bytes In Use' },
    { Namespace: 'ContainerInsights', MetricName: 'node_memory_utilization', Dimensions: instances },
  ];
  const [, published = []] = await Promise.all(listings.map(list));
  const batches = chunksOf(published, Math.floor(100_800 / SAMPLES));
  let read = 0;
  const samples = inFlight(batches, IN_FLIGHT, async (batch) => {
    const MetricDataQueries = batch.map((Metric, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: PERIOD_S, Stat: 'Minimum' },
    }));
    const range = { StartTime: new Date(START), EndTime: new Date(END), ScanBy: 'TimestampAscending' } as const;
    calls.GetMetricData++;
    return client.send(new GetMetricDataCommand({ MetricDataQueries, ...range }));
  });
  for await (const { MetricDataResults = [] } of samples)
    for (const { Timestamps = [], Values = [] } of MetricDataResults) read += keep(Timestamps, Values);
  return finish(read, hosts, calls);
}

async function bareAzure({ account, region }: AccountRegion, hosts: number): Promise<Calls> {
  if (account.provider !== 'azure') throw new Error('not an account of Azure');
  const { AWS_REGION, PLIMSOLL_TEST_AZURE_ENDPOINT: endpoint = '' } = inspectAzureVariables();
  const httpClient = loopbackHttpClient(endpoint);
  const { directory, client, account: subscription } = account;
  const grant = { directory, client, externalId: EXTERNAL_ID, tenant: 'bench' };
  const credential = federatedCredentials({ sts: { region: AWS_REGION }, httpClient })(grant);
  const metrics = new MetricsClient(`https://${region}.metrics.monitor.azure.com`, credential, { httpClient });
  const calls = { 'metrics:getBatch': 0 };
  // The listing is left out: Resource Graph has no client among ours, and its ten pages are nothing beside the samples.
  const folder = `/subscriptions/${subscription}/resourcegroups/fleet/providers/microsoft.compute/virtualmachines`;
  const ids = Array.from({ length: hosts }, (_, index) => `${folder}/uniform-${index}`);
  let read = 0;
  const samples = inFlight(chunksOf(ids, 50), IN_FLIGHT, (batch) => {
    calls['metrics:getBatch']++;
    const range = { startTime: new Date(START), endTime: new Date(END), interval: 'PT15M', aggregation: 'maximum' };
    const kind = 'Microsoft.Compute/virtualMachines';
    return metrics.queryResources([...batch], ['Available Memory Percentage'], kind, range);
  });
  for await (const results of samples) {
    for (const {
      metrics: [metric],
    } of results) {
      const data = metric?.timeseries[0]?.data ?? [];
      read += keep(
        data.map(({ timeStamp }) => timeStamp),
        data.map(({ maximum = Number.NaN }) => maximum),
      );
    }
  }
  return finish(read, hosts, calls);
}

async function bareGcp({ account, region }: AccountRegion, hosts: number): Promise<Calls> {
  const { PLIMSOLL_TEST_GCP_ENDPOINT: endpoint = '' } = inspectGcpVariables();
  const client = loopbackClient(endpoint);
  const calls = { ListTimeSeries: 0 };
  const of = (metric: string, more: string) =>
    `metric.type = "${metric}" AND resource.type = "gce_instance" AND project = "${account.account}" AND resource.labels.zone = starts_with("${region}-")${more}`;
  async function* list(filter: string, start: number, periodS: number, perSeriesAligner: 'ALIGN_MIN' | 'ALIGN_MEAN') {
    for (let pageToken = '', first = true; first || pageToken !== ''; first = false) {
      const interval = { startTime: { seconds: start / 1_000 }, endTime: { seconds: END / 1_000 } };
      const aggregation = { alignmentPeriod: { seconds: periodS }, perSeriesAligner };
      const request = {
        name: `projects/${account.account}`,
        filter,
        interval,
        aggregation,
        pageSize: 100_000,
        pageToken,
      };
      const [, , page] = await client.listTimeSeries({ ...request, view: 'FULL' }, { autoPaginate: false });
      calls.ListTimeSeries++;
      yield page.timeSeries ?? [];
      pageToken = page.nextPageToken ?? '';
    }
  }
  for await (const _ of list(
    of('compute.googleapis.com/instance/cpu/utilization', ''),
    END - 1_800_000,
    1_800,
    'ALIGN_MEAN',
  ));
  const parts = new Map<string, number>();
  const used = of('agent.googleapis.com/memory/percent_used', ' AND metric.labels.state = "used"');
  for await (const page of list(used, START, PERIOD_S, 'ALIGN_MIN')) {
    for (const { resource, points } of page) {
      const id = resource?.labels?.['instance_id'] ?? '';
      const times = points?.map(({ interval }) => new Date(Number(interval?.endTime?.seconds) * 1_000)) ?? [];
      keep(times, points?.map(({ value }) => value?.doubleValue ?? Number.NaN) ?? []);
      parts.set(id, (parts.get(id) ?? 0) + 1);
    }
  }
  return finish(parts.size, hosts, calls);
}

/** One host's samples as two arrays of numbers: the least that anybody would want of them. Returns 1 where there are some. */
function keep(times: readonly Date[], values: readonly number[]): number {
  const kept = { times: Float64Array.from(times, (time) => time.getTime()), values: Float64Array.from(values) };
  return Math.min(1, kept.times.length, kept.values.length);
}

function finish(read: number, hosts: number, calls: Calls): Calls {
  if (read !== hosts) throw new Error(`${read} of ${hosts} hosts were read`);
  return calls;
}

export const BARE: Readonly<Record<CloudProvider, (location: AccountRegion, hosts: number) => Promise<Calls>>> = {
  aws: bareAws,
  gcp: bareGcp,
  azure: bareAzure,
};
