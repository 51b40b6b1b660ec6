/** Why Log Analytics has no consumers of a host, and how to have them collected: words only. */
import type { Resource } from '../../core/model/series.ts';

/**
 * AKS tags the scale sets of its node pools with names that begin so, and their instances inherit the tags. Anybody may tag
 * a machine so: the tag decides what to request first, and the records decide what the host is.
 */
const AKS_TAG = 'aks-managed-';

/** A counter that the workspace has of a host: its object, `_Total` or `*` for single ones, and its name. */
export type CounterRow = readonly [object: string, instance: string, counter: string];

export function isNode({ labels = {} }: Resource): boolean {
  return Object.keys(labels).some((tag) => tag.toLowerCase().startsWith(AKS_TAG));
}

export const NO_WORKSPACE =
  'Azure keeps what processes and pods use in Log Analytics, and the config of this subscription names no workspace: add it.';

/** @param counters What the workspace has of the host instead. */
export function missingConsumersHint(host: Resource, counters: readonly CounterRow[]): string {
  if (counters.length === 0) return `${nothingIn(host)} ${turnOn(host)}`;
  const [what, consumer, change] = isNode(host)
    ? ['node', 'pod or process', 'it collects Perf (with memoryWorkingSetBytes of K8SContainer) and KubePodInventory']
    : ['machine', 'process', `its performance counters hold ${PROCESS_COUNTERS}`];
  return (
    `The agent reports counters of this ${what}, and no memory by ${consumer} is among those that the workspace has in the window: ` +
    `${listed(counters)}. Change the data collection rule so that ${change}.`
  );
}

/** As a rule's JSON writes them. */
const PROCESS_COUNTERS = '"\\\\Process(*)\\\\Working Set" (Windows) or "Process(*)\\\\Used Memory kBytes" (Linux)';

/** Counters that a hint names. */
const COUNTERS_LISTED = 6;

function listed(counters: readonly CounterRow[]): string {
  const names = counters.map(([object, instance, counter]) =>
    object === 'Process' ? `\\Process(${instance})\\${counter}` : `${object} ${counter}`,
  );
  const more = names.length - COUNTERS_LISTED;
  return `${names.slice(0, COUNTERS_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function nothingIn(host: Resource): string {
  return isNode(host)
    ? 'The workspace has no Container insights records of this node in the window, and no "Process" counters of it.'
    : 'The workspace has no "Process" counters of this machine in the window.';
}

export function turnOn(host: Resource): string {
  if (isNode(host)) {
    return (
      'Turn on Container insights, with Perf and KubePodInventory collected: ' +
      'az aks enable-addons --addons monitoring --name CLUSTER --resource-group GROUP --workspace-resource-id WORKSPACE'
    );
  }
  return (
    'Install the Azure Monitor agent and associate a data collection rule whose performance counters hold ' +
    `${PROCESS_COUNTERS}, sent to Microsoft-Perf every 60 s: ` +
    'az monitor data-collection rule create --name plimsoll-processes --resource-group GROUP --location REGION --rule-file RULE.json'
  );
}
