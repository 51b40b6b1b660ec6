/** When memory would run out if the leak went on. It serves severity, never the decision: slow leaks are leaks. */
import type { Exhaustion, PatternName } from '../model/verdict.ts';
import type { Outlook } from './outlook.ts';

const HOUR_MS = 3_600_000;

/** What is further away than this is not said: nobody has seen growth go on unchanged for so long. */
const FURTHEST_HOURS = 365 * 24;

/** What the growth that comes is of the growth that was: in one case of ten no more than `slow`, in five, and in nine. 0 < slow <= likely <= fast. */
interface Pace {
  readonly slow: number;
  readonly likely: number;
  readonly fast: number;
}

/**
 * What a leak grows by in the next hours is less sure than what it grew by: other things on the host move too, and few leaks are
 * straight. Fitted on the leaks of the tuning half that went on for 6 to 24 h; `bench/exhaustion.ts` asks whether others keep to it.
 */
const STRAIGHT: Pace = { slow: 0.6, likely: 1, fast: 1.5 };
const BENT: Readonly<Partial<Record<PatternName, Pace>>> = {
  exponential: { slow: 0.3, likely: 1.25, fast: 3 },
  creep: { slow: 0.3, likely: 1, fast: 2 },
};
/** The floor wanders by so many standard deviations of what the line leaves unexplained, however little time there is … */
const WANDERS = 2;
/** … but not by more than this share of the room that is left: else a noisy host might always be full at once. */
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
  const { slow, likely, fast } = (pattern === null ? undefined : BENT[pattern.name]) ?? STRAIGHT;
  const rate = likely * ahead;
  const wander = Math.min(WANDERS * deviation, MOST_WANDER * room);
  // x = rate x time. Bounds of what comes: x + hypot(more x, wander) and x - hypot(less x, wander), where pace and wandering are apart
  // of one another; each reaches `room` at a root of (1 - share^2) x^2 - 2 room x + room^2 - wander^2.
  const [more, less] = [fast / likely - 1, 1 - slow / likely];
  const rootTerm = (share: number) => Math.sqrt(room ** 2 - (1 - share ** 2) * (room ** 2 - wander ** 2));
  const soonest = (room ** 2 - wander ** 2) / (room + rootTerm(more));
  const last = (room + rootTerm(less)) / (1 - less ** 2);
  return { earliest: soonest / rate, likely: room / rate, latest: last / rate };
}
