/** Hand-made fleets and queries for the tests of the sandbox. */
import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { OWN_ACCOUNT } from '../../sandbox/aws/accounts.ts';
import type { Fleet, Host } from '../../sandbox/scenario/fleet.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';

export const REGION = 'eu-west-1';
export const FOREVER = Number.POSITIVE_INFINITY;

/** A host of the sandbox's own account, so that no role has to be assumed, with half of its memory in use for 30 days. */
export function aHost(overrides: Partial<Host> & { id?: string } = {}): Host {
  const { id = 'i-1', ...rest } = overrides;
  const runs = { start: NOON - 720 * HOUR, end: FOREVER };
  return {
    tenant: 'test',
    resource: { provider: 'aws', account: OWN_ACCOUNT, region: REGION, id },
    story: 'half of its memory is in use',
    runs,
    reports: [runs],
    used: () => 0.5,
    expected: { state: 'steady' },
    collects: 'nothing',
    ...rest,
  };
}

export function aFleet(...hosts: readonly Host[]): Fleet {
  return { asOf: NOON, tenants: [], hosts, refusing: [] };
}

/** As many hosts, `i-0` and so on. */
export function hosts(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => aHost({ id: `i-${index}` }));
}

/** Queries the memory of a host, by its complete set of dimensions. */
export function memoryQuery(
  id: string,
  overrides: { Id?: string; Period?: number; Stat?: string } = {},
): MetricDataQuery {
  const { Id = id.replace('-', ''), Period = 900, Stat = 'Minimum' } = overrides;
  const Dimensions = [
    { Name: 'InstanceId', Value: id },
    { Name: 'ImageId', Value: 'ami-0a1b2c3d4e5f67890' },
    { Name: 'InstanceType', Value: 'm7g.large' },
  ];
  return {
    Id,
    MetricStat: { Metric: { Namespace: 'CWAgent', MetricName: 'mem_used_percent', Dimensions }, Period, Stat },
  };
}

/** The hours before the fleet's time. */
export function lastHours(hours: number, queries: MetricDataQuery[]): GetMetricDataCommandInput {
  return { StartTime: new Date(NOON - hours * HOUR), EndTime: new Date(NOON), MetricDataQueries: queries };
}
