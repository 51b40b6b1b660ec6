/** How sure a verdict is that a series grows like a leak, in [0, 1]. */
import type { Gate } from '../model/verdict.ts';
import { marginOf } from './gates.ts';

/** Confidence of a horizon all of whose gates just pass: the default threshold of a policy. */
const AT_THE_LIMIT = 0.7;

/** The tightest gate decides: below the limit for what failed, above it by how comfortably everything passed. */
export function confidenceOf(gates: readonly Gate[]): number {
  const margins = gates.map(marginOf).filter((margin) => margin !== null);
  const tightest = Math.min(...margins, 1);
  if (gates.some(({ passed }) => !passed)) return AT_THE_LIMIT * 0.99 * Math.max(0, 1 + Math.min(0, tightest));
  // Every gate that could not be answered takes a quarter of what the others earned.
  const unanswered = gates.length - margins.length;
  return AT_THE_LIMIT + (1 - AT_THE_LIMIT) * tightest * 0.75 ** unanswered;
}
