/** How severe anomalies are: by what kind they are, whether they go on, and when what fills is full. */
import { ANOMALY_TYPES, type AnomalyType } from './anomaly.ts';
import { compareSeverity, type Severity, severityOf } from './finding.ts';
import type { Exhaustion } from './verdict.ts';

/**
 * By type, while it goes on and when it is over. That a limit is crossed needs no comparison with the past to be wrong. A level that shifted
 * stays until somebody acts, or it is found to be the new normal. The others are unusual and may be harmless: what they do to a service
 * shows elsewhere. What is over wakes nobody.
 */
const BY_TYPE: Readonly<Record<AnomalyType, { readonly goesOn: Severity; readonly over: Severity }>> = {
  limit_crossed: { goesOn: 'high', over: 'medium' },
  shift_up: { goesOn: 'medium', over: 'low' },
  shift_down: { goesOn: 'medium', over: 'low' },
  spike: { goesOn: 'low', over: 'low' },
  dip: { goesOn: 'low', over: 'low' },
  season_broken: { goesOn: 'low', over: 'low' },
  flat_line: { goesOn: 'low', over: 'low' },
  // Where it is not known when it is full.
  fills: { goesOn: 'low', over: 'low' },
};

interface Ranked {
  readonly type: AnomalyType;
  readonly goesOn: boolean;
  readonly exhaustion?: Exhaustion | undefined;
}

/**
 * A disk that fills is as urgent as memory that does: by the time that is left.
 *
 * @param asOf Epoch milliseconds: the end of the inspected points.
 */
export function anomalySeverity({ type, goesOn, exhaustion }: Ranked, asOf: number): Severity {
  const own = BY_TYPE[type][goesOn ? 'goesOn' : 'over'];
  if (!goesOn || exhaustion === undefined) return own;
  const byTime = severityOf(exhaustion, asOf);
  return compareSeverity(byTime, own) > 0 ? byTime : own;
}

/** What an anomaly that was found before counts as once it is over. Of a type of another version it stays what it was. */
export function severityWhenOver(type: string, before: Severity): Severity {
  const known = ANOMALY_TYPES.find((one) => one === type);
  return known === undefined ? before : BY_TYPE[known].over;
}
