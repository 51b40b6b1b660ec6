/** The lists that the containers and tasks of an account and region are put together from. */
import type { ListedEntries } from '../../reading/host-list.ts';
import type { ListingRequest } from '../listing.ts';
import type { ListedEntry } from '../lists.ts';
import {
  CONTAINER_OF_LIMIT,
  CONTAINER_OF_NODE,
  CONTROLLER,
  POD,
  PODS_OF_LIMIT,
  PODS_OF_NODE,
  SERVICE,
  SERVICE_MEMORY,
  TASK,
  TASK_MEMORY,
} from './metrics.ts';

/**
 * What reported within the last three hours: a container that is gone for longer is no host, and nobody would know whether it or its
 * collector ended. The names of dimensions leave out roll-ups over clusters and namespaces, which cost pages.
 */
function recent(metric: { readonly Namespace: string; readonly MetricName: string }, Name: string) {
  return { ...metric, Dimensions: [{ Name }], RecentlyActive: 'PT3H' } as const satisfies ListingRequest;
}

export const LISTINGS = {
  containers: recent(CONTAINER_OF_NODE, POD),
  limits: recent(CONTAINER_OF_LIMIT, POD),
  pods: recent(PODS_OF_NODE, CONTROLLER),
  pod_limits: recent(PODS_OF_LIMIT, CONTROLLER),
  tasks: recent(TASK_MEMORY, TASK),
  services: recent(SERVICE_MEMORY, SERVICE),
} as const satisfies Record<string, ListingRequest>;

export type ContainerListName = keyof typeof LISTINGS;

export const CONTAINER_LISTS = [
  'containers',
  'limits',
  'pods',
  'pod_limits',
  'tasks',
  'services',
] as const satisfies readonly ContainerListName[];

export type ContainerLists = Readonly<Record<ContainerListName, ListedEntries<ListedEntry>>>;
