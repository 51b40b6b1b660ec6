/** What is known of a host beside its curve. All of it is optional: what is not known costs nothing but certainty. */
import type { Reading, Series } from '../model/series.ts';
import type { Evaluator } from '../model/vote.ts';
import type { Learned } from './learned.ts';

export interface Knowledge {
  /** The readings of the host's consumers over the evaluated window, as `attribute` takes them. */
  readonly consumers?: readonly Reading[];
  /** Used swap in bytes, over the evaluated window. */
  readonly swap?: Series;
  /** Of the host or its group, in order. */
  readonly deployments?: readonly Deployment[];
  /** What labels of the tenant left of each evaluator's weight, in [0, 1]. Default: 1. */
  readonly weights?: Readonly<Partial<Record<Evaluator, number>>>;
  /** The table of the statistical evaluator. Default: the one that was learned from all series; the bench has others. */
  readonly learned?: Learned;
}

export interface Deployment {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly version: string;
}
