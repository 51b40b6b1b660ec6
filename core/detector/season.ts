/** The daily season, removed before anything is evaluated: a morning ramp that comes every morning is no growth. */
import { type Hinge, hingeOf, moments } from './change-point.ts';
import { rangeOf, select } from './order.ts';
import { greatestFall } from './rise-features.ts';

const DAY = 24;
const HALF_DAY = 12;
/** Two days and a half: with less, a ramp that happened once cannot be distinguished from a daily one. */
const LEAST_HOURS = 60;
/** The change point and the season hide each other; the second round sees each without the other. A third changed nothing. */
const ROUNDS = 2;
/** Differences above this, in percentage points, count as this much: one outage must not look like a season. */
const LARGEST_DIFFERENCE = 20;
/** Differences below this, in percentage points, are the collector's resolution. */
const RESOLUTION = 0.02;

/**
 * The daily profile in percentage points, with mean zero, indexed by hours before the end of the series modulo 24; null where
 * there is no season or too little history. `floors` are hourly and without gaps.
 */
export function seasonOf(floors: Float64Array): Float64Array | null {
  if (floors.length < LEAST_HOURS) return null;
  let profile: Float64Array | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const residuals = withoutHinge(floors, hingeOf(withoutSeason(floors, profile)));
    const weight = strength(residuals);
    if (weight === 0) return null;
    profile = centred(smoothed(clockMedians(residuals))).map((value) => value * weight);
  }
  return profile !== null && wasThereBefore(floors, profile) && fallsAsWell(floors, profile) ? profile : null;
}

/**
 * Whether removing the season also reduces the variance before the growth began. Two deployments a day apart, or a leak that a
 * nightly job adds to, have residuals about the line that look like a season; a real season was there before.
 */
function wasThereBefore(floors: Float64Array, profile: Float64Array): boolean {
  const residuals = withoutSeason(floors, profile);
  const changePoint = hingeOf(residuals, true)?.changePoint ?? 0;
  if (changePoint < DAY) return true;
  const before = (some: Float64Array) => moments(some.subarray(0, changePoint + 1)).total;
  return before(residuals) < before(floors);
}

/** A falling day falls by at least this share of the profile's range. */
const FALL_SHARE = 0.5;
/** Share of days that must fall so: growth may hide the falls of the others. */
const FALLING_DAYS = 0.25;

/**
 * Whether floors also fall within a day, as a season does. Daily deployments leave steps a day apart, which about a rising line
 * look like a season too, but never release memory. A day is examined with the half day before it, so that no fall is split
 * between two days.
 */
function fallsAsWell(floors: Float64Array, profile: Float64Array): boolean {
  const days = Math.floor(floors.length / DAY);
  const falls = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    const end = floors.length - day * DAY;
    falls[day] = greatestFall(floors.subarray(Math.max(0, end - DAY - HALF_DAY), end));
  }
  return select(falls, Math.floor((1 - FALLING_DAYS) * (days - 1))) >= FALL_SHARE * rangeOf(profile);
}

/** The hourly floors less their season. */
export function withoutSeason(floors: Float64Array, profile: Float64Array | null): Float64Array {
  if (profile === null) return floors;
  const residuals = new Float64Array(floors.length);
  for (let i = floors.length - 1, hour = 0; i >= 0; i--, hour = (hour + 1) % DAY) {
    residuals[i] = (floors[i] ?? 0) - (profile[hour] ?? 0);
  }
  return residuals;
}

function withoutHinge(floors: Float64Array, hinge: Hinge | null): Float64Array {
  if (hinge === null) return floors;
  const residuals = floors.slice();
  for (let i = hinge.changePoint + 1; i < residuals.length; i++)
    residuals[i] = (residuals[i] ?? 0) - hinge.slope * (i - hinge.changePoint);
  return residuals;
}

/**
 * The strength of the season: 0 for none, 1 for a clear one. With a season, floors a day apart are more alike than floors six
 * and twelve hours apart; noise makes all three differ by the same.
 */
function strength(floors: Float64Array): number {
  let dayApart = 0;
  let hoursApart = 0;
  for (let i = DAY; i < floors.length; i++) {
    dayApart += Math.min(LARGEST_DIFFERENCE, difference(floors, i, DAY));
    hoursApart += Math.min(LARGEST_DIFFERENCE, Math.max(difference(floors, i, 12), difference(floors, i, 6)));
  }
  const slack = RESOLUTION * floors.length;
  const alike = 1 - (dayApart + slack) / (hoursApart + slack);
  return Math.min(1, Math.max(0, 2.5 * alike - 0.5));
}

function difference(floors: Float64Array, index: number, lag: number): number {
  return Math.abs((floors[index] ?? 0) - (floors[index - lag] ?? 0));
}

/** The median level of each hour of the day, counted back from the end. */
function clockMedians(floors: Float64Array): Float64Array {
  const medians = new Float64Array(DAY);
  const levels = new Float64Array(Math.ceil(floors.length / DAY));
  for (let clock = 0; clock < DAY; clock++) {
    let days = 0;
    for (let i = floors.length - 1 - clock; i >= 0; i -= DAY) levels[days++] = floors[i] ?? 0;
    medians[clock] = select(levels.subarray(0, days), (days - 1) >> 1);
  }
  return medians;
}

/** Half of each hour and a quarter of its neighbours, around the clock. */
function smoothed(profile: Float64Array): Float64Array {
  const at = (clock: number) => profile[(clock + DAY) % DAY] ?? 0;
  return profile.map((value, clock) => value / 2 + (at(clock - 1) + at(clock + 1)) / 4);
}

function centred(profile: Float64Array): Float64Array {
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length;
  return profile.map((value) => value - mean);
}
