/** When memory is exhausted if the leak goes on. It decides the severity, never the verdict: slow leaks are leaks. */
import type { Exhaustion, PatternName } from '../model/verdict.ts';
import type { Outlook } from './outlook.ts';

const HOUR_MS = 3_600_000;

/** No time further ahead than this is given: growth does not go on unchanged for so long. */
const FURTHEST_HOURS = 365 * 24;

/** Future growth over past growth: its 10, 50 and 90 % quantiles. 0 < slow <= likely <= fast. */
interface Pace {
  readonly slow: number;
  readonly likely: number;
  readonly fast: number;
}

/**
 * Future growth is less certain than past growth: other consumers move too, and few leaks are straight. Fitted on the leaks of the
 * tuning half that went on for 6 to 24 h; `bench/exhaustion.ts` measures whether other leaks keep to it.
 */
const STRAIGHT: Pace = { slow: 0.6, likely: 1, fast: 1.5 };
const CURVED: Readonly<Partial<Record<PatternName, Pace>>> = {
  exponential: { slow: 0.3, likely: 1.25, fast: 3 },
  creep: { slow: 0.3, likely: 1, fast: 2 },
};
/** Beside the line the floor wanders by so many standard deviations of its residuals, in any time. */
const WANDERS = 2;
/** It wanders by no more than this share of the free memory: else a noisy host would always be full at once. */
const MOST_WANDER = 0.5;

/** `now` in epoch milliseconds. */
export function exhaustionOf(outlook: Outlook, limitKnown: boolean, now: number): Exhaustion {
  if (!limitKnown) return { kind: 'cannot_say', reason: 'capacity_unknown' };
  if (!(outlook.ahead > 0)) return { kind: 'cannot_say', reason: 'no_growth' };
  const { earliest, likely, latest } = hoursUntil(Math.max(0, 100 - outlook.level), outlook);
  if (!(likely <= FURTHEST_HOURS)) return { kind: 'cannot_say', reason: 'too_far' };
  const at = (hours: number) => Math.round(now + hours * HOUR_MS);
  return {
    kind: 'expected',
    earliest: at(earliest),
    likely: at(likely),
    latest: latest <= FURTHEST_HOURS ? at(latest) : null,
  };
}

interface Hours {
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number;
}

/** Hours in which the floor grows by `room`. */
function hoursUntil(room: number, { ahead, deviation, pattern }: Outlook): Hours {
  if (room === 0) return { earliest: 0, likely: 0, latest: 0 };
  const { slow, likely, fast } = (pattern === null ? undefined : CURVED[pattern.name]) ?? STRAIGHT;
  const rate = likely * ahead;
  const wander = Math.min(WANDERS * deviation, MOST_WANDER * room);
  // x = rate x time. Growth is bounded by x + hypot(more x, wander) and x - hypot(less x, wander), because pace and wandering are
  // independent; each bound reaches `room` at a root of (1 - share^2) x^2 - 2 room x + room^2 - wander^2.
  const [more, less] = [fast / likely - 1, 1 - slow / likely];
  const rootTerm = (share: number) => Math.sqrt(room ** 2 - (1 - share ** 2) * (room ** 2 - wander ** 2));
  const soonest = (room ** 2 - wander ** 2) / (room + rootTerm(more));
  const last = (room + rootTerm(less)) / (1 - less ** 2);
  return { earliest: soonest / rate, likely: room / rate, latest: last / rate };
}
