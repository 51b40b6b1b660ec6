/** Who owns a pod, by what Kubernetes names as its controller. Pure, and shared by all sources of containers. */
import { cronJobOf, deploymentOf, type Workload } from './workloads.ts';

const SELF: readonly string[] = ['Node', 'Pod'];

/**
 * Kinds whose own names end with the number of a revision, as a DeploymentConfig of OpenShift calls its ReplicationControllers and
 * OpenKruise its revisions: each rollout would be another workload.
 */
const NUMBERED: readonly string[] = ['ReplicationController', 'CloneSet'];

/**
 * The workload of a pod.
 *
 * - A pod of a node (a static one) or of nobody is its own workload, whatever its name looks like.
 * - A ReplicaSet is called as its Deployment and a hash; one that is not has been made by hand, and is no Deployment.
 * - The runs of a CronJob are one workload, as they are where the provider names the CronJob.
 *
 * @param kind As the owner's reference has it; empty or `<none>` where the pod has no owner.
 */
export function ownerOf(kind: string, name: string, pod: string): Workload {
  if (name === '' || name.startsWith('<') || SELF.includes(kind)) return { kind: 'pod', name: pod };
  switch (kind) {
    case 'ReplicaSet': {
      const deployment = deploymentOf(name);
      return deployment === undefined ? { name } : { kind: 'deployment', name: deployment };
    }
    case 'Deployment':
      return { kind: 'deployment', name };
    case 'StatefulSet':
      return { kind: 'statefulset', name };
    case 'DaemonSet':
      return { kind: 'daemonset', name };
    case 'Job':
      return { kind: 'job', name: cronJobOf(name)?.name ?? name };
    case 'CronJob':
      return { kind: 'job', name };
    default:
      return { name: NUMBERED.includes(kind) ? name.replace(/-\d+$/, '') : name };
  }
}
