/** The conditions under which growth over one horizon is called a leak, as data: limits beside their reasons, margins beside values. */
import type { Gate } from '../model/verdict.ts';
import { type Horizon, LEAST_RISE } from './horizon.ts';

/** The least (or, for the jump, the greatest) figures that a horizon may show. */
interface Limits {
  readonly hours: number;
  readonly rise: number;
  readonly tau: number;
  readonly signalToNoise: number;
  readonly lateShare: number;
  readonly jumpShare: number;
  readonly timesPastRise: number;
  readonly aboveHighs: number;
}

/**
 * Found on real hosts with injected leaks. Short horizons ask for more: within six hours a morning ramp looks like a leak,
 * so the line must be steep against its noise and still rising, in territory where the host has not been before.
 */
const LIMITS: readonly Limits[] = [
  {
    hours: 6,
    rise: 1.5,
    tau: 0.8,
    signalToNoise: 18,
    lateShare: 0.17,
    jumpShare: 0.37,
    timesPastRise: 0.22,
    aboveHighs: 0.3,
  },
  {
    hours: 12,
    rise: 1.5,
    tau: 0.8,
    signalToNoise: 14,
    lateShare: 0.25,
    jumpShare: 0.9,
    timesPastRise: 2.1,
    aboveHighs: -2,
  },
  {
    hours: 24,
    rise: 1,
    tau: 0.75,
    signalToNoise: 16,
    lateShare: 0.15,
    jumpShare: 1,
    timesPastRise: 0.35,
    aboveHighs: -2,
  },
  {
    hours: 48,
    rise: 1,
    tau: 0.8,
    signalToNoise: 8.5,
    lateShare: 0.3,
    jumpShare: 0.6,
    timesPastRise: 0.25,
    aboveHighs: -0.5,
  },
  {
    hours: 72,
    rise: 1.5,
    tau: 0.72,
    signalToNoise: 10.5,
    lateShare: 0.3,
    jumpShare: 1,
    timesPastRise: 0.25,
    aboveHighs: -1,
  },
  {
    hours: 168,
    rise: 2,
    tau: 0.75,
    signalToNoise: 10.5,
    lateShare: 0.25,
    jumpShare: 0.8,
    timesPastRise: 0.25,
    aboveHighs: -1,
  },
  {
    hours: 336,
    rise: 2,
    tau: 0.75,
    signalToNoise: 10.5,
    lateShare: 0.25,
    jumpShare: 0.8,
    timesPastRise: 0.25,
    aboveHighs: -1,
  },
  {
    hours: 720,
    rise: 2,
    tau: 0.75,
    signalToNoise: 10.5,
    lateShare: 0.25,
    jumpShare: 0.8,
    timesPastRise: 0.25,
    aboveHighs: -1,
  },
];

/** A long horizon counts only while the last twelve hours still grow at this share of its rate: it halves false alarms. */
const STILL_GROWING = 0.3;
const RECENT_HOURS = 12;

/** The gates of one horizon. `recent` is the twelve-hour horizon, which a longer one has to agree with. */
export function gatesOf(horizon: Horizon, recent: Horizon | undefined): Gate[] {
  const limits = LIMITS.find(({ hours }) => hours === horizon.hours);
  if (limits === undefined) throw new RangeError(`no limits for a horizon of ${horizon.hours} h`);
  const { hours } = horizon;
  const gates = [
    atLeast('rise', horizon.rise, limits.rise, '%', `the floor rose by this much of the capacity within ${hours} h`),
    atLeast('trend', horizon.tau, limits.tau, '1', "Kendall's tau of the floors: 1 when each is above all before"),
    atLeast(
      'signal_to_noise',
      horizon.signalToNoise,
      limits.signalToNoise,
      '1',
      'the rise over the spread about its line',
    ),
    atLeast(
      'still_growing_late',
      horizon.lateShare,
      limits.lateShare,
      '1',
      'share of the growth that fell into the last third; a plateau has little',
    ),
    atMost(
      'single_step',
      horizon.jumpShare,
      limits.jumpShare,
      '1',
      'share of the rise that came at once; a step is no leak',
    ),
    atLeast(
      'times_past_rise',
      horizon.timesPastRise,
      limits.timesPastRise,
      '1',
      'the rise over the greatest one of the same length before it: season and habit',
    ),
    atLeast(
      'above_earlier_highs',
      horizon.aboveHighs,
      limits.aboveHighs,
      '1',
      'how far the level stands above the highs before, in rises',
    ),
  ];
  if (recent !== undefined && hours > RECENT_HOURS) gates.push(stillGrowing(horizon, recent));
  return gates;
}

function stillGrowing(horizon: Horizon, recent: Horizon): Gate {
  const rate = Math.max(horizon.rise, LEAST_RISE) / horizon.hours;
  const share = recent.rise / RECENT_HOURS / rate;
  return atLeast(
    'still_growing',
    share,
    STILL_GROWING,
    '1',
    `growth of the last ${RECENT_HOURS} h over that of the whole ${horizon.hours} h`,
  );
}

/** A gate that has nothing to compare with passes: missing history is no evidence against growth, and costs confidence instead. */
export function atLeast(name: string, value: number | null, limit: number, unit: string, says: string): Gate {
  return { name, value, comparison: 'at_least', limit, unit, passed: value === null || value >= limit, says };
}

function atMost(name: string, value: number | null, limit: number, unit: string, says: string): Gate {
  return { name, value, comparison: 'at_most', limit, unit, passed: value === null || value <= limit, says };
}

/** How far a gate's value is on the passing side, in limits, within [-1, 1]; null when there is no value. */
export function marginOf({ value, limit, comparison }: Gate): number | null {
  if (value === null) return null;
  const margin = (value - limit) / Math.max(Math.abs(limit), 0.1);
  return Math.max(-1, Math.min(1, comparison === 'at_least' ? margin : -margin));
}
