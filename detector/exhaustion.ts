/** When memory would run out if growth went on as judged. It serves severity, never the decision: slow leaks are leaks. */
import type { Exhaustion, Interval, Pattern, PatternName } from '../model/verdict.ts';
import type { Measured } from './judge.ts';

const HOUR_MS = 3_600_000;

/** What is further away than this is not said: nobody has seen growth go on unchanged for so long. */
const FURTHEST_HOURS = 365 * 24;

/** How much of the growth may come less, or more, between one time in ten and nine. */
interface Spread {
  readonly slower: number;
  readonly faster: number;
}

/**
 * What a leak grows by in the next hours is less sure than what it grew by: other things on the host move too, and few leaks are
 * straight. Measured on leaks that went on for 6 to 48 h (`bench/exhaustion.ts`): the interval of the slope alone held what came in
 * one case of five, these bounds do in four of five.
 */
const STRAIGHT: Spread = { slower: 0.4, faster: 0.3 };
const BENT: Readonly<Partial<Record<PatternName, Spread>>> = {
  exponential: { slower: 0.6, faster: 2.5 },
  creep: { slower: 0.8, faster: 0.1 },
};
/** The floor wanders by so many standard deviations of what the line leaves unexplained, however little time there is. */
const WANDERS = 3;

/** What a judgement says of the floor, in percent of capacity and hours. */
export interface Outlook {
  readonly level: number;
  readonly growth: Interval;
  /** Standard deviation of the hourly floors about the line. */
  readonly deviation: number;
  readonly pattern: PatternName | null;
}

export function outlookOf({ hourly, hinge }: Measured, growth: Interval, pattern: Pattern | null): Outlook {
  return {
    // The level of the day's mean hour: at another the season would say how far away exhaustion is.
    level: hourly.at(-1) ?? 0,
    growth,
    deviation: hinge === null ? 0 : Math.sqrt(Math.max(0, hinge.rest) / hourly.length),
    pattern: pattern?.name ?? null,
  };
}

/** `now` in epoch milliseconds. */
export function exhaustionOf(outlook: Outlook, limitKnown: boolean, now: number): Exhaustion {
  const { level, growth } = outlook;
  if (!limitKnown) return { kind: 'cannot_say', reason: 'the capacity of the host is not known' };
  if (!(growth.estimate > 0)) return { kind: 'cannot_say', reason: 'the floor does not grow' };
  const hours = hoursUntil(Math.max(0, 100 - level), outlook);
  if (hours.likely > FURTHEST_HOURS) return { kind: 'cannot_say', reason: 'more than a year away at the present rate' };
  const at = (after: number) => Math.round(now + after * HOUR_MS);
  // Growth that may as well be none may as well end.
  const hasLatest = growth.low > 0 && hours.latest <= FURTHEST_HOURS;
  return {
    kind: 'expected',
    earliest: at(hours.earliest),
    likely: at(hours.likely),
    latest: hasLatest ? at(hours.latest) : null,
  };
}

interface Hours {
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number;
}

/** Hours in which the floor grows by `room`. */
function hoursUntil(room: number, { growth: { estimate }, deviation, pattern }: Outlook): Hours {
  const { slower, faster } = (pattern === null ? undefined : BENT[pattern]) ?? STRAIGHT;
  if (room === 0) return { earliest: 0, likely: 0, latest: 0 };
  const wander = WANDERS * deviation;
  // x = growth x time. Bounds of what comes: x + hypot(faster x, wander) and x - hypot(slower x, wander); each reaches `room` at a root of
  // (1 - share^2) x^2 - 2 room x + room^2 - wander^2.
  const rootTerm = (share: number) => Math.sqrt(room ** 2 - (1 - share ** 2) * (room ** 2 - wander ** 2));
  const soonest = wander < room ? (room ** 2 - wander ** 2) / (room + rootTerm(faster)) : 0;
  const last = (room + rootTerm(slower)) / (1 - slower ** 2);
  return { earliest: soonest / estimate, likely: room / estimate, latest: last / estimate };
}
