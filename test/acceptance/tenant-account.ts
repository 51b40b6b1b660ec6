/** A tenant's account in moto: a role to read it by, and three hosts with four days of metrics put with PutMetricData. */
import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clientsOf, createRole, HOME, roleArn, sessionArn, sessionOf } from './moto.ts';

const MINUTE = 60_000;
const PERIOD = 15 * MINUTE;
const DAY = 24 * 60 * MINUTE;

/** 104 h: the 100 h that are evaluated, the delay of ingestion, and one period more. */
const PERIODS = 416;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_DATA_PER_PUT = 1_000;

export const LEAKING = 'i-0leaking';
const STEADY = 'i-0steady';
const UNINSTRUMENTED = 'i-0bare';

/** The right that a tenant grants, and to whom: Plimsoll's function, by the external id that it was given. */
export async function grantReading(account: string, role: string, externalId: string): Promise<string> {
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: sessionArn(HOME, 'InspectAwsRole') },
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  } as const;
  await createRole(account, role, trust, [
    { Effect: 'Allow', Action: ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'] },
  ]);
  return roleArn(account, role);
}

/** Puts the hosts' metrics up to `end`, epoch milliseconds. The account's owner needs no role for that. */
export async function putHosts(account: string, end: number): Promise<void> {
  const { cloudwatch } = clientsOf(await sessionOf(account, 'owner'));
  const times = Array.from({ length: PERIODS }, (_, index) => end - (PERIODS - index) * PERIOD);
  const since = (time: number) => time - (end - PERIODS * PERIOD);
  await put(
    cloudwatch,
    'CWAgent',
    'mem_used_percent',
    LEAKING,
    times,
    (time) => 38 + (since(time) / DAY) * 9 + noise(time),
  );
  await put(cloudwatch, 'CWAgent', 'mem_used_percent', STEADY, times, (time) => 52 + noise(time));
  for (const host of [LEAKING, STEADY, UNINSTRUMENTED]) {
    await put(cloudwatch, 'AWS/EC2', 'CPUUtilization', host, times.slice(-1), () => 7);
  }
}

/** One percent up and down, the same at the same time in every run. */
function noise(time: number): number {
  return Math.sin(time / (7 * MINUTE)) * Math.cos(time / (31 * MINUTE));
}

async function put(
  cloudwatch: CloudWatchClient,
  Namespace: string,
  MetricName: string,
  host: string,
  times: readonly number[],
  valueAt: (time: number) => number,
): Promise<void> {
  const data = times.map(
    (time): MetricDatum => ({
      MetricName,
      // The one dimension that moto lists as AWS does: see moto.ts.
      Dimensions: [{ Name: 'InstanceId', Value: host }],
      Timestamp: new Date(time),
      Value: valueAt(time),
      Unit: 'Percent',
    }),
  );
  for (let start = 0; start < data.length; start += MAX_DATA_PER_PUT) {
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace, MetricData: data.slice(start, start + MAX_DATA_PER_PUT) }),
    );
  }
}
