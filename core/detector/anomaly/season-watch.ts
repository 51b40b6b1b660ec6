/**
 * Whether a series still follows its profile: the slope of its values over the profile, by sums that forget (exponentially) what is older than half a
 * cycle. The level follows a series too fast for points alone to show that its curve is missing.
 */
import type { PointState, SeasonWatch } from '../../model/point-state.ts';
import { median } from '../order.ts';
import { alongCycle } from './cycle.ts';
import type { Points } from './reference.ts';
import type { PointSettings } from './settings.ts';

/** A profile is watched if its deviation is so many times that of the points from it. */
const LEAST_STRENGTH = 2;
/** Share of the profile's variance that half a cycle has to hold: at night there is nothing to follow. */
const LEAST_VARIANCE = 0.25;
/** Slope below which the season is broken, 1 where it is followed; less of a series that followed it badly before, by as much. */
const BROKEN_BELOW = 0.3;
/** Deviations of the profile that a value lies beside what was expected at the most, so that a spike does not pass for a missing curve. */
const MOST_AWAY = 2;

/** Null where the profile is too weak to be missed, or was missing in the reference already. */
export function watchOf(
  { times, values }: Points,
  usual: Pick<PointState, 'profile' | 'spread'>,
  settings: PointSettings,
): SeasonWatch | null {
  const { profile, spread } = usual;
  const { cycleMs, fills } = settings;
  // What fills moves in steps: files are copied and deleted.
  if (cycleMs === null || fills || profile.length === 0) return null;
  const mean = profile.reduce((sum, one) => sum + one, 0) / profile.length;
  const variance = profile.reduce((sum, one) => sum + (one - mean) ** 2, 0) / profile.length;
  if (Math.sqrt(variance) < LEAST_STRENGTH * median(Float64Array.from(spread))) return null;
  const anchor = median(values);
  let watch: SeasonWatch = {
    anchor,
    enough: LEAST_VARIANCE * variance,
    least: 0,
    profile: 0,
    value: 0,
    squares: variance,
    products: variance,
  };
  let worst = 1;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0;
    watch = watched(watch, alongCycle(profile, cycleMs, time), values[i] ?? 0, settings);
    if (hasEnough(watch) && time >= (times[0] ?? 0) + cycleMs) worst = Math.min(worst, slopeOf(watch));
  }
  const least = Math.min(BROKEN_BELOW, worst - BROKEN_BELOW);
  return worst < BROKEN_BELOW ? null : { ...watch, least };
}

/** After one more value. O(1). */
export function watched(
  watch: SeasonWatch,
  profile: number,
  value: number,
  { cycleMs, periodMs }: PointSettings,
): SeasonWatch {
  const rate = Math.min(1, (2 * periodMs) / (cycleMs ?? periodMs));
  const own = value - watch.anchor;
  return {
    ...watch,
    profile: watch.profile + rate * (profile - watch.profile),
    value: watch.value + rate * (own - watch.value),
    squares: watch.squares + rate * (profile * profile - watch.squares),
    products: watch.products + rate * (profile * own - watch.products),
  };
}

/** A value as far from what was expected as it counts. */
export function counted({ enough }: SeasonWatch, value: number, expected: number): number {
  const most = MOST_AWAY * Math.sqrt(enough / LEAST_VARIANCE);
  return Math.min(expected + most, Math.max(expected - most, value));
}

/** After an anomaly of another kind, which shows nothing of the curve: as if it had been followed at this level. */
export function trusted(watch: SeasonWatch, level: number): SeasonWatch {
  const { squares, profile, anchor } = watch;
  const value = profile + level - anchor;
  return { ...watch, value, products: squares - profile * profile + profile * value };
}

/** Whether values have nothing to do with the profile. Far below 0 it is the step of a level that is in the sums. */
export function isBroken(watch: SeasonWatch): boolean {
  if (!hasEnough(watch)) return false;
  const slope = slopeOf(watch);
  return slope < watch.least && slope > -BROKEN_BELOW;
}

function hasEnough({ squares, profile, enough }: SeasonWatch): boolean {
  return squares - profile * profile >= enough;
}

function slopeOf({ squares, profile, products, value }: SeasonWatch): number {
  return (products - profile * value) / (squares - profile * profile);
}
