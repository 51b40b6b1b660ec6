/** When memory would run out if growth went on as judged. It serves severity, never the decision: slow leaks are leaks. */
import type { Exhaustion, Interval } from '../model/verdict.ts';

const HOUR_MS = 3_600_000;

/** What is further away than this is not said: nobody has seen growth go on unchanged for so long. */
const FURTHEST_HOURS = 365 * 24;

/** `level` in percent of capacity, `slope` in percentage points per hour, `now` in epoch milliseconds. */
export function exhaustionOf(level: number, slope: Interval, limitKnown: boolean, now: number): Exhaustion {
  if (!limitKnown) return { kind: 'cannot_say', reason: 'the capacity of the host is not known' };
  if (!(slope.estimate > 0)) return { kind: 'cannot_say', reason: 'the floor does not grow' };
  const after = (rate: number) => Math.max(0, 100 - level) / rate;
  const likely = after(slope.estimate);
  if (likely > FURTHEST_HOURS) return { kind: 'cannot_say', reason: 'more than a year away at the present rate' };
  const at = (hours: number) => Math.round(now + hours * HOUR_MS);
  const latest = slope.low > 0 ? after(slope.low) : Infinity;
  return {
    kind: 'expected',
    earliest: at(after(Math.max(slope.high, slope.estimate))),
    likely: at(likely),
    latest: latest <= FURTHEST_HOURS ? at(latest) : null,
  };
}
