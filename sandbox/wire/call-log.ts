/** The requests that the sandbox has answered, so that tests and the demo can count what an inspection costs. */

import type { Service } from './answer.ts';
import type { FaultKind } from './faults.ts';

export interface Call {
  readonly service: Service;
  readonly action: string;
  readonly account: string;
  readonly region: string;
  /** The metric's type, where a call names one. */
  readonly metric?: string;
  /** The fault that struck the call. */
  readonly fault?: FaultKind;
  /** HTTP status; absent when nothing was answered. */
  readonly status?: number;
  /** Metrics that were requested and answered: what GetMetricData bills, or series in an answer of Cloud Monitoring. */
  readonly metrics: number;
}

export interface CallLog {
  /** Oldest first. */
  readonly calls: readonly Call[];
  /** Calls of a service, or of one of its actions; failed ones and retries included. */
  count(service: Service, action?: string): number;
  /** Metrics of all calls of GetMetricData. */
  metricsQueried(): number;
  clear(): void;
}

export function createCallLog(): CallLog & { add(call: Call): void } {
  const calls: Call[] = [];
  return {
    calls,
    add: (call) => calls.push(call),
    count: (service, action) =>
      calls.filter((call) => call.service === service && (action === undefined || call.action === action)).length,
    metricsQueried: () => calls.reduce((sum, call) => sum + call.metrics, 0),
    clear: () => calls.splice(0),
  };
}
