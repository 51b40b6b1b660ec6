/** Hosts with the names and tags of their instances, and what it means where these could not be read. */
import type { HostFilter } from '../../core/model/host-filter.ts';
import type { Resource } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import type { Host } from './hosts.ts';
import type { Inventory } from './inventory.ts';
import type { InstanceTags, Tags } from './tags.ts';

const NAME = 'Name';
/** What Auto Scaling writes on the instances of a group. */
const GROUP = 'aws:autoscaling:groupName';

/** OpenTelemetry's name for what the operating system calls the host, where people call it something else. */
const HOST_NAME = 'host.name';

export const ADVICE = '; allow tag:GetResources, as the onboarding template does';

export interface NamedHosts {
  readonly inventory: Inventory;
  /** Why tags that a filter needs are not there. */
  readonly missing: Pick<Failure, 'reason' | 'detail'> | undefined;
}

/** The inventory with names, as far as there are tags. */
export function withNames(inventory: Inventory, tags: InstanceTags, filters: readonly HostFilter[]): NamedHosts {
  const missing = tags.failure && needsTags(filters, inventory) ? withoutTags(tags.failure) : undefined;
  return { inventory: withTags(inventory, tags), missing };
}

function withoutTags({ reason, detail }: Pick<Failure, 'reason' | 'detail'>): NamedHosts['missing'] {
  const advice = reason === 'denied' ? `${ADVICE}, or filter by id or group` : '';
  const what = 'some hosts may be missing, or too many: the host filter names tags, which could not be read';
  return { reason, detail: `${what}: ${detail}${advice}` };
}

/** The inventory with the names, groups and labels that tags give its instances. */
function withTags(inventory: Inventory, { tags }: InstanceTags): Inventory {
  if (tags.size === 0) return inventory;
  const named = <Described extends { readonly resource: Resource }>(described: Described) => ({
    ...described,
    resource: tagged(described.resource, tags.get(described.resource.id)),
  });
  const reporting = inventory.reporting.map(
    (host): Host => ({ ...host, best: named(host.best), others: host.others.map(named) }),
  );
  const notReporting = inventory.notReporting.map((resource) => tagged(resource, tags.get(resource.id)));
  const malformed = inventory.malformed.map(named);
  return { ...inventory, reporting, notReporting, malformed };
}

/** What a dimension states stays: it is what the agent published, and a tag may be anything. */
export function tagged(resource: Resource, tags: Tags | undefined): Resource {
  if (tags === undefined || tags.size === 0) return resource;
  const name = tags.get(NAME) || resource.name;
  const group = resource.group ?? tags.get(GROUP);
  const others = [...tags].filter(([key]) => key !== NAME && key !== GROUP);
  const systemName: [string, string][] =
    resource.name !== undefined && resource.name !== name ? [[HOST_NAME, resource.name]] : [];
  const labels = [...others, ...systemName, ...Object.entries(resource.labels ?? {})];
  return {
    ...resource,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}

/** Whether a filter names what only tags state: the name of an instance without one, or a label that no dimension is. */
export function needsTags(filters: readonly HostFilter[], { reporting, notReporting }: Inventory): boolean {
  const rules = filters.flatMap(({ include = [], exclude = [] }) => [...include, ...exclude]);
  const resources = [...reporting.map(({ best }) => best.resource), ...notReporting];
  const isUnknown = (label: string) => !resources.some(({ labels = {} }) => Object.hasOwn(labels, label));
  return (
    (rules.some(({ name }) => name !== undefined) && resources.some(({ name }) => name === undefined)) ||
    rules.some(({ labels = {} }) => Object.keys(labels).some(isUnknown))
  );
}
