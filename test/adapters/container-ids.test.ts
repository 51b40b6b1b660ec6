/** The same pod in EKS, GKE, AKS and in Prometheus: it is the same host, whoever names its owner, and however. */
import { describe, expect, it } from 'vitest';
import { containerEntries } from '../../adapters/azure-monitor/containers/tables.ts';
import { containersOf } from '../../adapters/cloudwatch/containers/kubernetes.ts';
import { runningEntries } from '../../adapters/gcp-monitoring/containers/entries.ts';
import { ownersIn } from '../../adapters/promql/owners.ts';
import { hostsOfContainers, type Workload } from '../../adapters/reading/workloads.ts';
import { NOON } from '../fixtures/builders.ts';

const WINDOW = { start: NOON - 3_600_000, end: NOON };
const CLUSTER_ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';

interface Owner {
  readonly kind: string;
  readonly name: string;
}

interface Pod {
  readonly pod: string;
  /** As the owner's reference of the pod has it. */
  readonly owner: Owner;
  /** As Google Cloud resolves it. */
  readonly top: Owner;
  /** As the CloudWatch agent calls it. */
  readonly controller: string;
}

function idOf(pod: string, owner: Workload | undefined): string | undefined {
  const [host] = hostsOfContainers([{ namespace: 'web', pod, container: 'app', ...(owner && { owner }) }]);
  return host?.identity.id;
}

function idInGke({ pod, top }: Pod): string | undefined {
  const labels = {
    location: 'l',
    cluster_name: 'c',
    namespace_name: 'web',
    pod_name: pod,
    container_name: 'app',
  };
  const fields = {
    top_level_controller_name: { stringValue: top.name },
    top_level_controller_type: { stringValue: top.kind },
  };
  const point = { interval: { endTime: { seconds: String(NOON / 1_000) } }, value: { doubleValue: 1 } };
  const head = { metric: { labels: {} }, resource: { labels }, metadata: { systemLabels: { fields } } };
  const [entry] = runningEntries({ kind: 'series', head, series: { metricKind: 'GAUGE', points: [point] } }, WINDOW);
  return entry !== undefined && 'pod' in entry ? idOf(pod, entry.owner) : undefined;
}

function idInAks({ pod, owner }: Pod): string | undefined {
  const at = new Date(NOON);
  const [entry] = containerEntries(
    [CLUSTER_ID, 'r', pod, 'web', 'node-1', 'uid/app', owner.kind, owner.name, at, 1],
    WINDOW,
  );
  return idOf(pod, entry?.owner);
}

function idInEks({ pod, controller }: Pod): string | undefined {
  const values = { ClusterName: 'c', Namespace: 'web', FullPodName: pod, ContainerName: 'app', PodName: controller };
  const set = Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const scope = { provider: 'aws', account: '111122223333', region: 'r' } as const;
  const [found] = containersOf([set], [], new Map(), scope);
  return found?.host.id.replace(/^c\//, '');
}

function idInPrometheus({ pod, owner }: Pod): string | undefined {
  const labels = { namespace: 'web', pod, owner_kind: owner.kind, owner_name: owner.name };
  return idOf(pod, ownersIn([{ labels }])('', 'web', pod));
}

const NOBODY = { kind: '', name: '' };

describe('the id of a container', () => {
  it.each<[what: string, id: string, pod: Pod]>([
    [
      'a Deployment',
      'web/api/app',
      {
        pod: 'api-7d9f8c6b5d-x2k9z',
        owner: { kind: 'ReplicaSet', name: 'api-7d9f8c6b5d' },
        top: { kind: 'Deployment', name: 'api' },
        controller: 'api',
      },
    ],
    [
      'a CronJob',
      'web/backup/app',
      {
        pod: 'backup-29123456-x2k9z',
        owner: { kind: 'Job', name: 'backup-29123456' },
        top: { kind: 'CronJob', name: 'backup' },
        controller: 'backup',
      },
    ],
    [
      'a CronJob, by the run’s name',
      'web/backup/app',
      {
        pod: 'backup-29123456-x2k9z',
        owner: { kind: 'Job', name: 'backup-29123456' },
        top: { kind: 'Job', name: 'backup-29123456' },
        controller: 'backup-29123456',
      },
    ],
    [
      'a node',
      'web/etcd-node-1/app',
      {
        pod: 'etcd-node-1',
        owner: { kind: 'Node', name: 'node-1' },
        top: { kind: 'Node', name: 'node-1' },
        controller: 'etcd-node-1',
      },
    ],
    [
      'nobody',
      'web/worker-1/app',
      { pod: 'worker-1', owner: NOBODY, top: { kind: 'Pod', name: 'worker-1' }, controller: 'worker-1' },
    ],
  ])('of a pod that %s owns is the same in EKS, GKE, AKS and Prometheus', (_, id, pod) => {
    expect([idInEks(pod), idInGke(pod), idInAks(pod), idInPrometheus(pod)]).toEqual([id, id, id, id]);
  });
});
