import {
  CloudWatchClient,
  type DimensionFilter,
  ListMetricsCommand,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet, aHost, FOREVER, hosts, REGION } from '../small-fleets.ts';

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function clientOver(...fleet: readonly Host[]): Promise<CloudWatchClient> {
  sandbox = await startSandbox({ fleet: aFleet(...fleet) });
  return new CloudWatchClient(sandbox.clientConfig(REGION));
}

/** The dimension names of each listed memory metric. */
async function memoryDimensions(client: CloudWatchClient, Dimensions?: DimensionFilter[]): Promise<string[]> {
  const { Metrics = [] } = await client.send(
    new ListMetricsCommand({ Namespace: 'CWAgent', MetricName: 'mem_used_percent', Dimensions }),
  );
  return Metrics.map((metric) => (metric.Dimensions ?? []).map(({ Name }) => Name).join(' '));
}

async function countListed(client: CloudWatchClient, Namespace: string, RecentlyActive?: 'PT3H'): Promise<number> {
  const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace, RecentlyActive }));
  return Metrics.length;
}

describe('ListMetrics', () => {
  it('gives 500 metrics a page and refuses the token of another request', async () => {
    const client = await clientOver(...hosts(620));

    const pages: number[] = [];
    for await (const page of paginateListMetrics({ client }, { Namespace: 'CWAgent' }))
      pages.push(page.Metrics?.length ?? 0);
    const { NextToken } = await client.send(new ListMetricsCommand({ Namespace: 'CWAgent' }));
    const misused = client.send(new ListMetricsCommand({ Namespace: 'AWS/EC2', NextToken }));

    expect(pages).toEqual([500, 120]);
    await expect(misused).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it('lists an aggregated host under each of its sets of dimensions', async () => {
    const host = aHost({ naming: 'aggregated' });
    const client = await clientOver({ ...host, resource: { ...host.resource, group: 'web' } });

    expect(await memoryDimensions(client)).toEqual([
      'InstanceId ImageId InstanceType AutoScalingGroupName',
      'InstanceId',
    ]);
  });

  it('lists machines that are known by a host name, and aggregates of groups, without instance ids', async () => {
    const group = aHost({ id: 'web', naming: 'group_only' });
    const client = await clientOver(aHost({ id: 'box.example.net', naming: 'host_name' }), {
      ...group,
      resource: { ...group.resource, group: 'web' },
    });

    expect(await memoryDimensions(client)).toEqual(['host', 'AutoScalingGroupName']);
    expect(await countListed(client, 'AWS/EC2')).toBe(0);
  });

  it('filters by a dimension’s name, or its name and value', async () => {
    const client = await clientOver(
      aHost({ id: 'i-1' }),
      aHost({ id: 'i-2' }),
      aHost({ id: 'box', naming: 'host_name' }),
    );

    expect(await memoryDimensions(client, [{ Name: 'InstanceId' }])).toHaveLength(2);
    expect(await memoryDimensions(client, [{ Name: 'InstanceId', Value: 'i-2' }])).toHaveLength(1);
    expect(await memoryDimensions(client, [{ Name: 'InstanceId', Value: 'i-3' }])).toHaveLength(0);
  });

  it('lists a metric for two weeks after its last sample, and as recently active for three hours', async () => {
    const reports = [{ start: NOON - 720 * HOUR, end: NOON - 2 * HOUR }];
    const client = await clientOver(aHost({ reports }));

    const counts: number[][] = [];
    for (const hours of [0, 2, 13 * 24, 15 * 24]) {
      sandbox.now = NOON + hours * HOUR;
      counts.push([await countListed(client, 'CWAgent', 'PT3H'), await countListed(client, 'CWAgent')]);
    }

    expect(counts).toEqual([
      [1, 1],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('lists a new metric a quarter of an hour late, and nothing of a host that has no agent', async () => {
    const client = await clientOver(
      aHost({ reports: [{ start: NOON - 10 * MINUTE, end: FOREVER }] }),
      aHost({ id: 'i-2', reports: [] }),
    );

    const before = await countListed(client, 'CWAgent');
    sandbox.now = NOON + 5 * MINUTE;
    const after = await countListed(client, 'CWAgent');

    expect([before, after]).toEqual([0, 1]);
    expect(await countListed(client, 'AWS/EC2')).toBe(2);
  });
});
