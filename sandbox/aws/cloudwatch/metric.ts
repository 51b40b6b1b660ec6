/** A metric as CloudWatch knows it: a name, a namespace, and its complete set of dimensions. */
import type { Host } from '../../scenario/fleet.ts';
import type { Sampled } from '../../statistics.ts';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface Metric extends Sampled {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly unit: string;
  /** Absent where it is of no machine. */
  readonly host?: Host;
}

/** Where the host's agent publishes: in the agent's own namespace unless its configuration names another. */
export function agentNamespace({ namespace = 'CWAgent' }: Host): string {
  return namespace;
}
