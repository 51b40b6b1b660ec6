/** Why Log Analytics has no containers, and how to have them collected: words only. */

const TURN_ON =
  'Turn on Container insights, with Perf, KubePodInventory and KubeNodeInventory collected: ' +
  'az aks enable-addons --addons monitoring --name CLUSTER --resource-group GROUP --workspace-resource-id WORKSPACE';

const PROMETHEUS =
  'A cluster that sends its metrics to an Azure Monitor workspace instead is read as a Prometheus server: add it as an account of provider prometheus.';

const WHY: Readonly<Record<'workspace' | 'tables', string>> = {
  workspace:
    'Azure keeps the memory of containers in Log Analytics, and the config of this subscription names no workspace: add it.',
  tables: 'Nothing has ever written the tables of Container insights to the workspace.',
};

export function noContainersHint(missing: 'workspace' | 'tables'): string {
  return `${WHY[missing]} ${TURN_ON}. ${PROMETHEUS}`;
}

/** A cluster's region is a label of its nodes. */
export function unknownRegionHint(cluster: string): string {
  return (
    `The workspace has no nodes of the cluster ${cluster}, from which its region would be known: its containers are not read. ` +
    'Collect KubeNodeInventory too (all tables but those of logs: the preset "Standard" with "Workloads, Deployments, and HPAs").'
  );
}

/** Of a container that is listed and has no counters. */
export const NO_COUNTERS =
  'Collect Perf, which Container insights leaves out where its preset for a cluster with Prometheus is chosen. ' +
  PROMETHEUS;
