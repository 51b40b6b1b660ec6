/** A tenant's account in ministack: the role of infra/onboarding/aws.yml, and three hosts with four days of metrics. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type Clients, clientsOf, HOME, HOST_REGION, rootOf } from './ministack.ts';
import { createStack } from './stack.ts';

const ONBOARDING = join(import.meta.dirname, '../../../infra/onboarding/aws.yml');

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

export interface TrustOptions {
  readonly account: string;
  readonly externalId: string;
  readonly stack?: string;
  readonly role?: string;
}

/** Makes the trust as an account's owner does, and resolves to the ARN of its role. */
export async function onboard({
  account,
  externalId,
  stack = 'plimsoll',
  role = 'plimsoll-reader',
}: TrustOptions): Promise<string> {
  const parameters = { PlimsollAccount: HOME, ExternalId: externalId, RoleName: role };
  await createStack(clientsOf(rootOf(account)), stack, await readFile(ONBOARDING, 'utf8'), parameters);
  return `arn:aws:iam::${account}:role/${role}`;
}

/**
 * Puts the hosts' metrics up to `end`, epoch milliseconds.
 */
export async function putHosts(account: string, end: number, region = HOST_REGION): Promise<void> {
  const { cloudwatch } = clientsOf(rootOf(account), region);
  await putLeak(account, end, LEAKING, region);
  await put(cloudwatch, 'CWAgent', 'mem_used_percent', STEADY, timesUntil(end), (time) => 52 + noise(time));
  for (const host of [STEADY, UNINSTRUMENTED]) await putCpu(cloudwatch, host, end);
}

/** Puts the metrics of one host that leaks. */
export async function putLeak(account: string, end: number, host: string, region = HOST_REGION): Promise<void> {
  const { cloudwatch } = clientsOf(rootOf(account), region);
  const days = (time: number) => (time - (end - PERIODS * PERIOD)) / DAY;
  const level = (time: number) => 38 + days(time) * 9 + noise(time);
  await put(cloudwatch, 'CWAgent', 'mem_used_percent', host, timesUntil(end), level);
  await putCpu(cloudwatch, host, end);
}

function timesUntil(end: number): number[] {
  return Array.from({ length: PERIODS }, (_, index) => end - (PERIODS - index) * PERIOD);
}

/** Every instance has it, whatever runs on it. */
async function putCpu(cloudwatch: Clients['cloudwatch'], host: string, end: number): Promise<void> {
  await put(cloudwatch, 'AWS/EC2', 'CPUUtilization', host, timesUntil(end).slice(-1), () => 7);
}

/** One percent up and down, the same at the same time in every run. */
function noise(time: number): number {
  return Math.sin(time / (7 * MINUTE)) * Math.cos(time / (31 * MINUTE));
}

async function put(
  cloudwatch: Clients['cloudwatch'],
  Namespace: string,
  MetricName: string,
  host: string,
  times: readonly number[],
  valueAt: (time: number) => number,
): Promise<void> {
  const data = times.map(
    (time): MetricDatum => ({
      MetricName,
      Dimensions: [{ Name: 'InstanceId', Value: host }],
      Timestamp: new Date(time),
      Value: valueAt(time),
      Unit: 'Percent',
    }),
  );
  for (let start = 0; start < data.length; start += MAX_DATA_PER_PUT) {
    const MetricData = data.slice(start, start + MAX_DATA_PER_PUT);
    await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}
