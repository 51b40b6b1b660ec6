/**
 * When memory is exhausted if the leak goes on. It decides the severity, never the verdict: slow leaks are leaks.
 *
 * A straight line from the highest peak to the limit gives a first time. How far the truth lies from it depends on how growth bends,
 * on noise and on how far ahead it is: three quantile regressions (Koenker and Bassett, 1978) on the logarithm of their ratio correct it.
 */
import type { Exhaustion } from '../model/verdict.ts';
import { stepsUntil } from './curve.ts';
import { COEFFICIENTS, type Coefficients } from './exhaustion-table.ts';
import type { Outlook } from './outlook.ts';
import { type ForecastHours, hoursAtPace, STEADY_PACE } from './steady-growth.ts';

const HOUR_MS = 3_600_000;

/** No time further ahead than this is given: growth does not go on unchanged for so long. */
const FURTHEST_HOURS = 365 * 24;

/** Added to hours before their ratio is taken: whether a quarter of an hour is left or half of one is all the same. */
export const LEAST_HOURS = 1;

export interface Forecasting {
  /** False for bytes without a limit. */
  readonly limitKnown: boolean;
  readonly isLeaking: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function exhaustionOf(outlook: Outlook, { limitKnown, isLeaking, now }: Forecasting): Exhaustion {
  if (!limitKnown) return { kind: 'cannot_say', reason: 'capacity_unknown' };
  if (!(outlook.growth.estimate > 0)) return { kind: 'cannot_say', reason: 'no_growth' };
  const { earliest, likely, latest } = isLeaking ? hoursUntilFull(outlook) : steadyHours(outlook);
  if (!(likely <= FURTHEST_HOURS)) return { kind: 'cannot_say', reason: 'too_far' };
  const at = (hours: number) => Math.round(now + hours * HOUR_MS);
  return {
    kind: 'expected',
    earliest: at(earliest),
    likely: at(likely),
    latest: latest <= FURTHEST_HOURS ? at(latest) : null,
  };
}

function steadyHours({ level, growth, deviation }: Outlook): ForecastHours {
  return hoursAtPace(Math.max(0, 100 - level), growth.estimate, deviation, STEADY_PACE);
}

/** Hours until the peaks of a leak reach the limit: ordered, never below 0. Growth must be above 0. */
export function hoursUntilFull(outlook: Outlook): ForecastHours {
  const straight = straightHours(outlook);
  const features = exhaustionFeatures(outlook);
  const hours = (of: Coefficients) =>
    Math.max(0, (straight + LEAST_HOURS) * Math.exp(correction(features, of)) - LEAST_HOURS);
  const likely = hours(COEFFICIENTS.likely);
  return {
    earliest: Math.min(likely, hours(COEFFICIENTS.earliest)),
    likely,
    latest: Math.max(likely, hours(COEFFICIENTS.latest)),
  };
}

/** Hours in which a straight line takes the highest peak to the limit. */
export function straightHours({ peak, growth }: Outlook): number {
  return Math.max(0, 100 - peak) / growth.estimate;
}

/** Without a unit. Only the first two depend on the level: the three times are sooner the higher it is, see the test. */
export type ExhaustionFeatures = Readonly<Record<keyof Omit<Coefficients, 'constant'>, number>>;

/** What the correction is computed from. Growth must be above 0. */
export function exhaustionFeatures(outlook: Outlook): ExhaustionFeatures {
  const { growth, hours, curve, deviation, jump, lateGrowth } = outlook;
  const straight = straightHours(outlook) + LEAST_HOURS;
  const curved = stepsUntil(Math.max(0, 100 - outlook.peak), curve) + LEAST_HOURS;
  const rise = growth.estimate * hours;
  return {
    // How far ahead it is, measured in the hours that growth was observed for.
    ahead: limited(Math.log(straight / hours), 3),
    // How much later the parabola reaches the limit than the line, as far as it fits better.
    curved: curve.explained * limited(Math.log(curved / straight), 1.5),
    observed: Math.log(hours),
    late: limited(Math.log(Math.max(0.1, lateGrowth / growth.estimate)), 1.5),
    noise: Math.log1p(deviation / rise),
    jumps: Math.log1p(jump / rise),
    unsure: Math.min(2, Math.log((growth.high - growth.low) / growth.estimate + 0.02)),
  };
}

function limited(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

/** The logarithm of what the straight time is multiplied by. */
function correction(features: ExhaustionFeatures, of: Coefficients): number {
  const { ahead, curved, observed, late, noise, jumps, unsure } = features;
  return (
    of.constant +
    of.ahead * ahead +
    of.curved * curved +
    of.observed * observed +
    of.late * late +
    of.noise * noise +
    of.jumps * jumps +
    of.unsure * unsure
  );
}
