/** What one inspection of one account and region saw, what it cost, and what it missed. Its size does not grow with the fleet. */
import type { Scope, UnreadableReason, Window } from './series.ts';

/** An estimate in US dollars from a provider's list price, which is stated with its date. */
export interface Cost {
  readonly perRun: number;
  readonly perMonth: number;
  readonly currency: 'USD';
  /** The date on which the list price was looked up, and what it says. */
  readonly price: string;
}

export interface RunSummary {
  /** Tenant, scope and scheduled time: a repeated run overwrites itself. */
  readonly id: string;
  readonly tenant: string;
  readonly scope: Scope;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
  readonly window: Window;
  /** `partial`: something that should have been read was not. Uncovered hosts never make a run partial. */
  readonly outcome: 'complete' | 'partial';
  readonly hosts: {
    readonly known: number;
    readonly inspected: number;
    readonly uncovered: number;
    readonly unreadable: number;
  };
  readonly verdicts: {
    readonly confirmed: number;
    readonly suspected: number;
    readonly steady: number;
    readonly insufficientData: number;
  };
  readonly unreadable: Readonly<Partial<Record<UnreadableReason, number>>>;
  /** The first few failures in words, for a person. */
  readonly failures: readonly string[];
  /** Provider calls by name, for example `GetMetricData`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly metricsBilled: number;
  readonly cost: Cost;
}
