/** Where a feed of Google Cloud is read: by region, or in full in each region of its account, each time at the full price. */
import type { Feed } from './anomaly-job.ts';

/** What stands for the region of the inspection in the filter of a feed. */
export const FEED_REGION = '{region}';

/** Labels that state where a resource is. */
const LOCATIONS = ['resource.labels.zone', 'resource.labels.location', 'resource.labels.region'];
const MACHINE = ['instance_id', 'resource.labels.instance_id'];

/** Whether each region reads its own series: machines, hosts that are named by their location, and those that the filter restricts. */
export function isReadByRegion({ query, entity }: Pick<Feed, 'query' | 'entity'>): boolean {
  const isOfMachines = entity.length === 1 && MACHINE.some((label) => entity[0] === label);
  return isOfMachines || entity.some((label) => LOCATIONS.includes(label)) || (query ?? '').includes(FEED_REGION);
}
