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
  readonly host: Host;
}
