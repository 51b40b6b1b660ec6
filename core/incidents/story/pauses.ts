/** How long a growth has paused: hours without a floor that is higher than all before. */
import type { Floors } from './facts.ts';
import { highest, hourAt, lowest } from './levels.ts';

/** Points by which a floor has to be higher. */
const HIGHER_POINTS = 0.3;

export interface Pauses {
  /** The longest one that growth followed. */
  readonly longest: number;
  /** The one that lasts: its hours with samples. */
  readonly current: number;
  /** How far its floors lie apart, in points: little where the memory is held, and more where something else moves it. */
  readonly range: number;
}

/** Within the lookback window, from the beginning of the growth on. */
export function pausesOf(floors: Floors, since: number): Pauses {
  const { hourly, known } = floors;
  let most = Number.NEGATIVE_INFINITY;
  let grewAt = hourAt(floors, since);
  let longest = 0;
  for (let i = grewAt; i < hourly.length; i++) {
    const floor = hourly[i] ?? 0;
    if (floor <= most + HIGHER_POINTS) continue;
    longest = Math.max(longest, i - grewAt);
    most = floor;
    grewAt = i;
  }
  const [from, to] = [grewAt + 1, hourly.length];
  const range = from >= to ? 0 : highest(hourly, from, to) - lowest(hourly, from, to);
  return { longest, current: known.slice(from).filter(Boolean).length, range };
}
