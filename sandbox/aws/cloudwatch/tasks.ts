/**
 * What CloudWatch knows of the tasks of ECS: the service's utilization that ECS publishes itself, and Container Insights with enhanced
 * observability (docs.aws.amazon.com, Container-Insights-enhanced-observability-metrics-ECS).
 */
import type { Task } from '../../scenario/fleet.ts';
import { isIn, joinedWindows, meanOf } from './containers.ts';
import type { Dimension, Metric } from './metric.ts';

const MINUTE = 60_000;
const MEBIBYTE = 2 ** 20;
const INSIGHTS = 'ECS/ContainerInsights';

export function taskMetrics(tasks: readonly Task[]): Metric[] {
  const services = Map.groupBy(
    tasks.filter(({ service }) => service !== undefined),
    ({ cluster, service }) => JSON.stringify([cluster, service]),
  );
  return [
    ...tasks.filter(isEnhanced).flatMap((task) => setsOf(task).flatMap((own) => insights(own, [task]))),
    ...[...services.values()].flatMap((same) => (same[0] ? serviceMetrics(same[0], same) : [])),
  ];
}

function isEnhanced({ published = 'all' }: Task): boolean {
  return published === 'all';
}

/** A task is published under its service, and under its definition. */
function setsOf({ id, cluster, definition, service }: Task): Dimension[][] {
  const own = [
    { Name: 'TaskId', Value: id },
    { Name: 'ClusterName', Value: cluster },
  ];
  return [
    [...own, { Name: 'TaskDefinitionFamily', Value: definition }],
    ...(service === undefined ? [] : [[...own, { Name: 'ServiceName', Value: service }]]),
  ];
}

function serviceMetrics(first: Task, tasks: readonly Task[]): Metric[] {
  const { cluster, service = '' } = first;
  const own = [
    { Name: 'ClusterName', Value: cluster },
    { Name: 'ServiceName', Value: service },
  ];
  const average = { ...metricOf('MemoryUtilization', own, tasks, percentOf), namespace: 'AWS/ECS', unit: 'Percent' };
  if (!isEnhanced(first)) return [average];
  const desired = { ...metricOf('DesiredTaskCount', own, tasks, (task) => task.desired), unit: 'Count' };
  return [average, desired, ...insights(own, tasks)];
}

function percentOf({ used, reserved }: Task, time: number): number {
  return (100 * used(time)) / reserved;
}

function insights(own: readonly Dimension[], tasks: readonly Task[]): Metric[] {
  const names = new Set(tasks.flatMap(({ containers }) => Object.keys(containers)));
  return [
    { ...metricOf('TaskMemoryUtilization', own, tasks, percentOf), unit: 'Percent' },
    metricOf('MemoryUtilized', own, tasks, ({ used }, time) => used(time) / MEBIBYTE),
    metricOf('MemoryReserved', own, tasks, ({ reserved }) => reserved / MEBIBYTE),
    ...[...names].map((name) =>
      metricOf('ContainerMemoryUtilized', [...own, { Name: 'ContainerName', Value: name }], tasks, (task, time) => {
        return ((task.containers[name] ?? 0) * task.used(time)) / MEBIBYTE;
      }),
    ),
  ];
}

function metricOf(
  name: string,
  dimensions: readonly Dimension[],
  tasks: readonly Task[],
  value: (task: Task, time: number) => number,
): Metric {
  return {
    namespace: INSIGHTS,
    name,
    dimensions,
    unit: 'Megabytes',
    cadenceMs: MINUTE,
    published: joinedWindows(tasks.flatMap(({ reports }) => reports)),
    value: (time) => meanOf(tasks.filter(({ reports }) => isIn(time, reports)).map((task) => value(task, time))),
  };
}
