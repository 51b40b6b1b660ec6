/** Where memory is given back at once, in hourly floors: restarts, redeployments, kills. */

/** A restart gives back at least so many percentage points, so that an idle host's noise is no restart … */
const RELEASED_POINTS = 3;
/** … and at least this share of what was held. Refills on recorded servers begin 15 to 20 % below the plateau. */
const RELEASED_SHARE = 0.08;
/** It falls below everything of the day before, by so many points: nights and collections fall to where they fell before. */
const BEFORE_HOURS = 24;
const BELOW_BEFORE = 2;
/** No samples for this long: what came back may be another machine under the old name. */
export const GAP_HOURS = 12;

/** Indices of the first hours after a restart, oldest first. `floors` are hourly, NaN in gaps. */
export function giveBacksOf(floors: Float64Array): number[] {
  const found: number[] = [];
  let held = Number.NaN;
  for (let hour = 0; hour < floors.length; hour++) {
    const floor = floors[hour] ?? Number.NaN;
    if (Number.isNaN(floor)) continue;
    const released = held - Math.max(floor, known(floors, hour + 1, floor));
    const isGreat = released >= RELEASED_POINTS && released >= RELEASED_SHARE * held;
    if (isGreat && hour - (found.at(-1) ?? -Infinity) > 2 && floor < lowestBefore(floors, hour) - BELOW_BEFORE) {
      found.push(hour);
    }
    held = floor;
  }
  return found;
}

function known(floors: Float64Array, hour: number, otherwise: number): number {
  const floor = floors[hour] ?? Number.NaN;
  return Number.isNaN(floor) ? otherwise : floor;
}

function lowestBefore(floors: Float64Array, hour: number): number {
  let least = Infinity;
  for (let i = Math.max(0, hour - BEFORE_HOURS); i < hour; i++) {
    const floor = floors[i] ?? Number.NaN;
    if (floor < least) least = floor;
  }
  return least;
}
