/** The containers of the fleet that its tenants have inspected, as hosts: what should be found of each. */
import type { Fleet, PodContainer } from '../../sandbox/scenario/fleet.ts';
import type { Expected } from './comparison.ts';

/** One pod of a workload is the workload, whatever it was replaced by before; of several each is a host. See docs/containers.md. */
export function expectedContainers({ pods = [], tenants, asOf }: Fleet): Expected[] {
  const inspected = new Set(
    tenants.flatMap(({ accounts }) =>
      accounts.filter((one) => one.provider !== 'otlp' && one.containers).map(({ account }) => account),
    ),
  );
  const running = pods.filter(({ account, runs }) => inspected.has(account) && runs.start <= asOf && runs.end > asOf);
  const workloads = Map.groupBy(running, ({ cluster, namespace, controller, container }) =>
    [cluster, namespace, controller.name, container].join('/'),
  );
  return [...workloads].flatMap(([id, members]) =>
    members.map((pod) => expectedOf(pod, members.length === 1 ? id : podId(pod))),
  );
}

function podId({ cluster, namespace, pod, container }: PodContainer): string {
  return [cluster, namespace, pod, container].join('/');
}

/** Nobody collects the processes in it. */
function expectedOf({ provider, account, region, expected }: PodContainer, id: string): Expected {
  return { resource: { provider, account, region, id, kind: 'container' }, expected, collects: 'nothing' };
}
