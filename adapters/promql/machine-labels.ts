/** Which labels of a machine's series are kept: a host has some hundred bytes. Pure. */
import type { Labels } from './answers.ts';
import { isId } from './known-host.ts';

/** Labels kept beside those that are required, and characters of all of them together. */
const MOST_LABELS = 12;
const MOST_CHARACTERS = 360;

/** Labels that nobody would filter machines by. */
const DROPPED = new Set(['__name__', 'state', 'boot_id', 'machine_id', 'system_uuid', 'metrics_path', 'endpoint']);

interface Kept {
  /** Without these consumers could not be found. */
  readonly required: readonly string[];
  /** Of a node of a cluster. */
  readonly nodeName: string | undefined;
  readonly cluster: string;
}

export function machineLabels(labels: Labels, { required, nodeName, cluster }: Kept): Labels {
  const kept: Record<string, string> = {};
  for (const name of required) if (isId(labels[name] ?? '')) kept[name] = labels[name] ?? '';
  if (nodeName !== undefined) {
    kept['k8s.node.name'] = nodeName;
    if (cluster !== '') kept['k8s.cluster.name'] = cluster;
  }
  let room = MOST_CHARACTERS;
  const others = Object.entries(labels).filter(
    ([name, value]) => !DROPPED.has(name) && isId(name) && isId(value) && !(name in kept),
  );
  for (const [name, value] of others.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_LABELS)) {
    room -= name.length + value.length;
    if (room < 0) break;
    kept[name] = value;
  }
  return kept;
}
