/** A metric as CloudWatch knows it: a name, a namespace, and its complete set of dimensions. */
import type { Window } from '../../../core/model/series.ts';
import type { Host } from '../../scenario/fleet.ts';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly unit: string;
  /** Milliseconds between two samples. */
  readonly cadenceMs: number;
  /** When samples exist, oldest window first. */
  readonly published: readonly Window[];
  /** Samples that are published at once, all of the same value. Default 1. */
  readonly samplesAtOnce?: number;
  readonly value: (time: number) => number;
  readonly host: Host;
}
