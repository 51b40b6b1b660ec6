/** When memory is exhausted at a pace within fixed bounds: of a steady host, whose growth no leak explains. */

/** Hours from now on. */
export interface ForecastHours {
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number;
}

/** Future growth over past growth. 0 < slow <= likely <= fast. */
export interface Pace {
  readonly slow: number;
  readonly likely: number;
  readonly fast: number;
}

/** Growth that is not a leak may as well go on a little slower or faster; what leaks do is learned, see `exhaustion.ts`. */
export const STEADY_PACE: Pace = { slow: 0.6, likely: 1, fast: 1.5 };
/** Beside the line the floor wanders by so many standard deviations of its residuals, in any time. */
const WANDERS = 2;
/** It wanders by no more than this share of the free memory: else a noisy host would always be full at once. */
const MOST_WANDER = 0.5;

/** Hours in which a floor that grows by `growth` an hour and wanders by `deviation` grows by `room`. */
export function hoursAtPace(room: number, growth: number, deviation: number, pace: Pace): ForecastHours {
  if (room === 0) return { earliest: 0, likely: 0, latest: 0 };
  const { slow, likely, fast } = pace;
  const rate = likely * growth;
  const wander = Math.min(WANDERS * deviation, MOST_WANDER * room);
  // x = rate x time. Growth is bounded by x + hypot(more x, wander) and x - hypot(less x, wander), because pace and wandering are
  // independent; each bound reaches `room` at a root of (1 - share^2) x^2 - 2 room x + room^2 - wander^2.
  const [more, less] = [fast / likely - 1, 1 - slow / likely];
  const rootTerm = (share: number) => Math.sqrt(room ** 2 - (1 - share ** 2) * (room ** 2 - wander ** 2));
  const soonest = (room ** 2 - wander ** 2) / (room + rootTerm(more));
  const last = (room + rootTerm(less)) / (1 - less ** 2);
  return { earliest: soonest / rate, likely: room / rate, latest: last / rate };
}
