/** From the dimensions of ECS to tasks, and to services where no task is published, or where a service has one task at a time. Pure. */
import * as z from 'zod';
import type { Json } from '../../../core/model/json.ts';
import type { Resource, Scope } from '../../../core/model/series.ts';
import { type Dimensions, dimensionValue, type Host } from '../hosts.ts';
import { AGGREGATE } from './kubernetes.ts';
import { CLUSTER, DEFINITION, SERVICE, SERVICE_MEMORY, TASK, TASK_MEMORY } from './metrics.ts';

export interface EcsService {
  readonly cluster: string;
  readonly service: string;
}

interface ListedTask {
  readonly cluster: string;
  readonly task: string;
  readonly service: string | undefined;
  readonly definition: string | undefined;
  readonly dimensions: Dimensions;
}

/** How many tasks a service should have: its cluster, its name, and the smallest number of the last hour. */
export const desiredEntrySchema = z.tuple([z.string(), z.string(), z.number()]).readonly();

export type DesiredEntry = z.output<typeof desiredEntrySchema> & Json;

/**
 * - A service of one task is one host, whose tasks follow each other, as a Deployment of one pod is.
 * - The tasks of a larger service are hosts, and so are tasks without a service.
 * - A service whose tasks are not published is a host: what is read of it is the average of its tasks.
 *
 * @param desired Of services of which several tasks are listed: a task that was replaced is listed for three hours more.
 */
export function tasksOf(
  sets: readonly Dimensions[],
  services: readonly Dimensions[],
  desired: readonly DesiredEntry[],
  scope: Scope,
): Host[] {
  const tasks = listedTasks(sets);
  const wanted = new Map(desired.map(([cluster, service, count]) => [keyOf({ cluster, service }), count]));
  const known = new Set<string>();
  const ofTasks = [...Map.groupBy(tasks, ownerOf)].flatMap(([owner, members]) => {
    known.add(owner);
    const [first] = members;
    if (first?.service === undefined) return members.map((task) => taskHost(task, scope));
    const service = { cluster: first.cluster, service: first.service };
    const isSingle = members.length === 1 || (wanted.get(owner) ?? members.length) <= 1;
    return isSingle ? [singleTask(service, first.definition, scope)] : members.map((task) => taskHost(task, scope));
  });
  const averages = listedServices(services).filter((service) => !known.has(keyOf(service)));
  return [...ofTasks, ...averages.map((service) => serviceAverage(service, scope))];
}

/** Services of which several tasks reported within three hours: as many tasks, or one that was replaced. */
export function ambiguousServices(sets: readonly Dimensions[]): EcsService[] {
  const ofServices = listedTasks(sets).flatMap(({ cluster, service }) =>
    service === undefined ? [] : { cluster, service },
  );
  return [...Map.groupBy(ofServices, keyOf).values()].flatMap(([first, ...others]) =>
    first !== undefined && others.length > 0 ? [first] : [],
  );
}

export function serviceSet({ cluster, service }: EcsService): Dimensions {
  return [
    { Name: SERVICE, Value: service },
    { Name: CLUSTER, Value: cluster },
  ];
}

function keyOf({ cluster, service }: EcsService): string {
  return JSON.stringify([cluster, service]);
}

/** The key of a task's service; of a task without one that of its definition. */
function ownerOf({ cluster, service, definition = '' }: ListedTask): string {
  return service === undefined ? JSON.stringify([cluster, null, definition]) : keyOf({ cluster, service });
}

/** Each task once, with its service and its definition: they are published under two sets. */
function listedTasks(sets: readonly Dimensions[]): ListedTask[] {
  const tasks = new Map<string, ListedTask>();
  for (const dimensions of sets) {
    const value = (name: string) => dimensionValue(dimensions, name);
    const [cluster, task, service, definition] = [value(CLUSTER), value(TASK), value(SERVICE), value(DEFINITION)];
    if (cluster === undefined || task === undefined || (service ?? definition) === undefined) continue;
    const key = JSON.stringify([cluster, task]);
    const known = tasks.get(key);
    // Its definition's set describes a task as well as its service's; the latter is taken where there is one.
    const isBetter = known === undefined || (known.service === undefined && service !== undefined);
    tasks.set(key, {
      cluster,
      task,
      service: service ?? known?.service,
      definition: definition ?? known?.definition,
      dimensions: isBetter ? dimensions : known.dimensions,
    });
  }
  return [...tasks.values()];
}

function listedServices(sets: readonly Dimensions[]): EcsService[] {
  const services = sets.flatMap((dimensions) => {
    const [cluster, service] = [dimensionValue(dimensions, CLUSTER), dimensionValue(dimensions, SERVICE)];
    return cluster === undefined || service === undefined ? [] : { cluster, service };
  });
  return [...new Map(services.map((service) => [keyOf(service), service])).values()];
}

/** Characters of a task's id in its name: enough to recognize it in the console. */
const SHOWN_OF_ID = 8;

function taskHost({ cluster, task, service, definition, dimensions }: ListedTask, scope: Scope): Host {
  const owner = service ?? definition ?? '';
  const resource: Resource = {
    ...scope,
    kind: 'task',
    id: `${cluster}/${owner}/${task}`,
    name: `${owner}/${task.slice(0, SHOWN_OF_ID)}`,
    group: `${cluster}/${owner}`,
    labels: labelsOf({ cluster, service, definition, task }),
  };
  return { id: resource.id, best: { metric: TASK_MEMORY, dimensions, resource }, others: [] };
}

/** The metric of the service over all of its tasks is that of the one that it has. */
function singleTask(service: EcsService, definition: string | undefined, scope: Scope): Host {
  const resource = serviceResource(service, labelsOf({ ...service, definition }), scope);
  return { id: resource.id, best: { metric: TASK_MEMORY, dimensions: serviceSet(service), resource }, others: [] };
}

function serviceAverage(service: EcsService, scope: Scope): Host {
  const labels = { ...labelsOf(service), [AGGREGATE]: 'average of its tasks' };
  const resource = serviceResource(service, labels, scope);
  return { id: resource.id, best: { metric: SERVICE_MEMORY, dimensions: serviceSet(service), resource }, others: [] };
}

function serviceResource({ cluster, service }: EcsService, labels: Resource['labels'], scope: Scope): Resource {
  const id = `${cluster}/${service}`;
  return { ...scope, kind: 'task', id, name: service, group: id, ...(labels && { labels }) };
}

interface TaskNames {
  readonly cluster: string;
  readonly service?: string | undefined;
  readonly definition?: string | undefined;
  readonly task?: string | undefined;
}

/** OpenTelemetry's names for ECS, and `aws.ecs.service.name`, for which it has none. */
function labelsOf({ cluster, service, definition, task }: TaskNames): Readonly<Record<string, string>> {
  return {
    'aws.ecs.cluster.name': cluster,
    ...(service !== undefined && { 'aws.ecs.service.name': service }),
    ...(definition !== undefined && { 'aws.ecs.task.family': definition }),
    ...(task !== undefined && { 'aws.ecs.task.id': task }),
  };
}
