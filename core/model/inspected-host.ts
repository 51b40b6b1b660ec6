/** What one inspection made of a host: a verdict, or why there is none. */
import type { Attribution } from './attribution.ts';
import { type FullHost, isFullFinding } from './full-host.ts';
import { isResource, type NotMonitored, type Reading, type Resource, type Series, type Unreadable } from './series.ts';
import type { Counterfactual, Leaking, Verdict } from './verdict.ts';

/** A host with its verdict. */
export interface Evaluated {
  readonly kind: 'evaluated';
  readonly series: Series;
  readonly verdict: Verdict;
  /** Where its memory is full, or fills again and again: whatever its verdict. */
  readonly full?: FullHost;
  /** The finer second read, made for leaking hosts only; it may have failed. */
  readonly recent?: Reading;
  /** Who grew, where that was asked. */
  readonly attribution?: Attribution;
  /** Consumers or swap that should have been read and were not. */
  readonly unread?: Unreadable;
  /**
   * Whether its own curve leaks, as it did at the last inspection, which reported nothing: its consumers spoke against it, and have not been
   * read again. The verdict is what was reported then, with the evidence of the curve.
   */
  readonly isWithheld?: true;
  /** What would have turned its verdict, where that was asked; null where nothing would, or where it cannot be known. */
  readonly counterfactual?: Counterfactual | null;
}

export type LeakingHost = Evaluated & { readonly verdict: Leaking };
export type ExhaustedHost = Evaluated & { readonly full: FullHost };
export type Inspected = Evaluated | Unreadable | NotMonitored;

export function isLeaking(inspected: Inspected): inspected is LeakingHost {
  return inspected.kind === 'evaluated' && inspected.verdict.state === 'leaking';
}

/** Whether a host is full, or fills again and again, and that is a finding of its own: of a leak it is a part. */
export function isExhausted(inspected: Inspected): inspected is ExhaustedHost {
  if (inspected.kind !== 'evaluated' || isLeaking(inspected)) return false;
  return inspected.full !== undefined && isFullFinding(inspected.full);
}

/** The host that it is about; undefined of a scope that could not be read. */
export function resourceOf(inspected: Inspected): Resource | undefined {
  switch (inspected.kind) {
    case 'evaluated':
      return inspected.series.resource;
    case 'not_monitored':
      return inspected.resource;
    case 'unreadable':
      return isResource(inspected.scope) ? inspected.scope : undefined;
  }
}
