/** The requests that bench/api.ts measures. */
import type { FleetRefs } from './api-fleet.ts';

export interface MeasuredRoute {
  readonly name: string;
  /** Below the tenant. */
  readonly path: string;
  /** JSON of a POST. */
  readonly body?: string;
}

const ALL = 'leaking,steady,insufficient_data,not_monitored,unreadable';

/** As the pages of the console request them. */
export function measuredRoutes({ incident, leaking, steady, group, everywhere }: FleetRefs): readonly MeasuredRoute[] {
  return [
    { name: 'overview', path: 'overview' },
    { name: 'hosts that are not steady', path: 'hosts?limit=2000' },
    { name: 'hosts of one region', path: 'hosts?limit=2000&provider=aws&account=111122223333&region=eu-west-1' },
    { name: 'hosts by text', path: `hosts?limit=500&text=${group}` },
    { name: 'all hosts, a page', path: `hosts?limit=2000&verdict=${ALL}` },
    { name: 'steady hosts, a page', path: 'hosts?limit=2000&verdict=steady' },
    { name: 'one host that leaks', path: `hosts/${leaking}` },
    { name: 'one steady host', path: `hosts/${steady}` },
    { name: 'sparklines of 100 hosts', path: 'sparklines', body: JSON.stringify({ refs: everywhere }) },
    { name: 'incidents', path: 'incidents' },
    { name: 'incidents, open and severe', path: 'incidents?status=open&severity=high,critical' },
    { name: 'incidents of a group', path: `incidents?group=${group}` },
    { name: 'one incident', path: `incidents/${incident}` },
    { name: 'its log', path: `incidents/${incident}/events` },
    { name: 'related incidents', path: `incidents/${incident}/related` },
    { name: 'log of all incidents', path: 'events' },
    { name: 'inspections', path: 'runs' },
    { name: 'coverage', path: 'coverage' },
    { name: 'digest of a week', path: 'digest' },
    { name: 'config', path: 'config' },
  ];
}
