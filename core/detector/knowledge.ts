/** What is known of a host beside its curve. All of it is optional: what is not known costs nothing but certainty. */
import type { Baseline } from '../model/baseline.ts';
import type { Deployment } from '../model/deployment.ts';
import type { Reading, Series } from '../model/series.ts';
import type { Evaluator } from '../model/vote.ts';
import type { WeeksOutlook } from '../model/weeks-outlook.ts';
import type { Learned } from './learned.ts';
import type { SiblingCurves } from './siblings.ts';

export interface Knowledge {
  /** What is normal for the host or its group, learned from weeks. */
  readonly baseline?: Baseline;
  /** What the slow evaluator made of the host's last deep read. It counts for two days, and not beside `deepRead`. */
  readonly weeks?: WeeksOutlook;
  /** Hourly minima over 30 to 60 days, which end at the window's end or up to a day before it. */
  readonly deepRead?: Series;
  /** Curves of other hosts that were read for the same window. */
  readonly siblings?: SiblingCurves;
  /** The readings of the host's consumers over the evaluated window, as `attribute` takes them. */
  readonly consumers?: readonly Reading[];
  /** Used swap over the evaluated window: bytes, with the host's memory as the limit where that is known, or the fraction of swap that is used. */
  readonly swap?: Series;
  /** Of the host or its group, in order. */
  readonly deployments?: readonly Deployment[];
  /** What labels of the tenant left of each evaluator's weight, in [0, 1]. Default: 1. */
  readonly weights?: Readonly<Partial<Record<Evaluator, number>>>;
  /** The table of the statistical evaluator. Default: the one that was learned from all series; the bench has others. */
  readonly learned?: Learned;
}
