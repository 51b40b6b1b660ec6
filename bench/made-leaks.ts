/**
 * Leaks with a known truth, made on quiet recorded hosts, for what the labelled files lack: leaks of weeks, hosts that are killed and
 * fill again, and leaks of days that level off or are cured by a restart. The same seed makes the same series.
 */
import { type BenchSeries, HOUR_S } from './data.ts';
import { pickFrom, type Random, randomFrom, within } from './random.ts';
import { type Base, recorded, STEP_S } from './train/bases.ts';

const PER_HOUR = HOUR_S / STEP_S;
const PER_DAY = 24 * PER_HOUR;

export interface MadeLeaks {
  readonly weeks: readonly BenchSeries[];
  readonly kills: readonly BenchSeries[];
  readonly stops: readonly BenchSeries[];
}

/**
 * @param long Hosts of 40 days.
 * @param short Hosts of twelve days.
 */
export function madeLeaks(long: readonly BenchSeries[], short: readonly BenchSeries[], seed: number): MadeLeaks {
  const weeksOn = quietest(long.map(recorded), LONG_HOSTS);
  const daysOn = quietest(short.map(recorded), SHORT_HOSTS);
  return {
    weeks: leaksOfWeeks(weeksOn, randomFrom(seed * 3)),
    kills: killedHosts(daysOn, randomFrom(seed * 3 + 1)),
    stops: leaksThatStop(daysOn, randomFrom(seed * 3 + 2)),
  };
}

const LONG_HOSTS = 13;
const SHORT_HOSTS = 60;

/** The hosts whose hourly minima range least. */
function quietest(bases: readonly Base[], count: number): Base[] {
  return bases
    .map((base) => ({ base, range: rangeOf(base) }))
    .sort((a, b) => a.range - b.range)
    .slice(0, count)
    .map(({ base }) => base);
}

function rangeOf({ values }: Base): number {
  const minima = Array.from({ length: Math.floor(values.length / PER_HOUR) }, (_, hour) =>
    Math.min(...values.subarray(hour * PER_HOUR, (hour + 1) * PER_HOUR)),
  ).filter(Number.isFinite);
  const sorted = minima.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.9)] ?? Infinity) - (sorted[Math.floor(sorted.length * 0.1)] ?? 0);
}

/** Percentage points a day. */
const WEEKS_RATES = [0.7, 1.4, 2.8];
const WEEKS_ONSET_DAYS = 8;
const WEEKS_STOP_DAYS = 33;
/** History before the first inspection: as much as the adapters read. */
const WEEKS_HISTORY_DAYS = 100 / 24;

/** Each host at each rate, once levelling off and once restarted at the end. */
function leaksOfWeeks(bases: readonly Base[], random: Random): BenchSeries[] {
  return bases.flatMap((base) =>
    WEEKS_RATES.flatMap((usual) =>
      (['level', 'restart'] as const).map((end) => {
        const perDay = usual * within(random, 0.85, 1.15);
        const onset = Math.round((WEEKS_ONSET_DAYS + within(random, -0.5, 0.5)) * PER_DAY);
        const stop = Math.round((WEEKS_STOP_DAYS + within(random, -0.5, 0.5)) * PER_DAY);
        const shifted = turned(base, random, within(random, 0, 15));
        const about = { id: `weeks/${hostOf(base)}/${usual}/${end}`, base, evalFromDays: WEEKS_HISTORY_DAYS };
        return grown(shifted, { ...about, onset, stop, perHour: perDay / 24, end });
      }),
    ),
  );
}

const STOPS_ONSET_DAYS = 4;
const DAYS_HISTORY = 2;

/** Leaks of one to three days, which then hold what they have, or are restarted and grow no more. */
function leaksThatStop(bases: readonly Base[], random: Random): BenchSeries[] {
  return bases.flatMap((base) =>
    (['level', 'restart'] as const).map((end) => {
      const hours = within(random, 24, 72);
      const onset = Math.round((STOPS_ONSET_DAYS + within(random, 0, 1)) * PER_DAY);
      const rise = within(random, 12, 50);
      const about = { id: `stops/${hostOf(base)}/${end}`, base, evalFromDays: DAYS_HISTORY };
      const stop = onset + Math.round(hours * PER_HOUR);
      return grown(turned(base, random, within(random, 5, 25)), {
        ...about,
        onset,
        stop,
        perHour: rise / hours,
        end,
      });
    }),
  );
}

interface GrowthPlan {
  readonly id: string;
  readonly base: Base;
  readonly evalFromDays: number;
  /** Indices of samples. */
  readonly onset: number;
  readonly stop: number;
  readonly perHour: number;
  readonly end: 'level' | 'restart';
}

function grown(values: Float64Array, { id, base, evalFromDays, onset, stop, perHour, end }: GrowthPlan): BenchSeries {
  const v = Array.from(values, (value, index) => {
    const held = index >= stop && end === 'restart' ? 0 : Math.max(0, Math.min(index, stop) - onset);
    return reading(value + (held / PER_HOUR) * perHour);
  });
  const [from, to] = [onset * STEP_S, stop * STEP_S];
  return {
    ...leak(id, base, perHour, evalFromDays),
    onset: from,
    stop: to,
    active: [[from, to]],
    resets: end === 'restart' ? [to] : [],
    v,
  };
}

const KILLED_ABOVE = 97;
const KILLS_ONSET_DAYS = 2;
/** From the launch to the kill. */
const CYCLE_HOURS = { least: 12, greatest: 144 } as const;
/** Growth of a cycle as a power of its share of time: below 1 ever slower, above 1 ever faster. */
const CYCLE_POWERS = [0.8, 1, 1, 1, 1.3];

/** Hosts whose memory fills, are killed, begin where they began and fill again: eight to ten days of cycles. */
function killedHosts(bases: readonly Base[], random: Random): BenchSeries[] {
  return bases.map((base) => {
    const level = within(random, 5, 25);
    const values = turned(base, random, level);
    const usual = Math.exp(within(random, Math.log(CYCLE_HOURS.least), Math.log(CYCLE_HOURS.greatest)));
    const power = pickFrom(random, CYCLE_POWERS);
    const days = KILLS_ONSET_DAYS + within(random, 8, 10);
    const onset = Math.round(KILLS_ONSET_DAYS * PER_DAY);
    const end = Math.min(values.length, Math.round(days * PER_DAY));
    const cycles = filledAgain(values.subarray(0, end), { onset, usual, power, random });
    const times = { onset: onset * STEP_S, stop: end * STEP_S };
    const rate = (KILLED_ABOVE - level) / usual;
    return { ...leak(`kills/${hostOf(base)}`, base, rate, 1), ...times, ...cycles };
  });
}

interface CyclePlan {
  readonly onset: number;
  /** Hours of a cycle on a typical host. */
  readonly usual: number;
  readonly power: number;
  readonly random: Random;
}

function filledAgain(values: Float64Array, { onset, usual, power, random }: CyclePlan) {
  const active: [number, number][] = [];
  const resets: number[] = [];
  const v: (number | null)[] = [];
  let from = onset;
  let hours = usual;
  const middle = medianOf(values);
  for (let index = 0; index < values.length; index++) {
    const age = Math.max(0, index - from) / PER_HOUR;
    const value = (values[index] ?? Number.NaN) + (KILLED_ABOVE - middle) * (age / hours) ** power;
    if (value < KILLED_ABOVE || index <= from) {
      v.push(reading(value));
      continue;
    }
    // The sample of the restart itself is missing: nothing reports while the host starts.
    v.push(null);
    active.push([from * STEP_S, index * STEP_S]);
    resets.push(index * STEP_S);
    from = index;
    hours = usual * within(random, 0.85, 1.15);
  }
  active.push([from * STEP_S, values.length * STEP_S]);
  return { active, resets, v };
}

function leak(id: string, base: Base, rate: number, evalFromDays: number) {
  const about = { id: `made/${id}`, base: base.hosts.join('+'), baseKind: base.kind, overlays: [] };
  const truth = { label: 'leak', shape: 'linear', tier: rate < 0.4 ? 'slow' : 'medium', rate, sat: [] } as const;
  return { ...about, ...truth, step: STEP_S, evalFrom: Math.ceil(evalFromDays * 24) * HOUR_S };
}

/** The host's movements begun on another of its days, at another level. */
function turned({ values }: Base, random: Random, level: number): Float64Array {
  const days = Math.floor(values.length / PER_DAY);
  const shift = Math.floor(random() * days) * PER_DAY;
  return Float64Array.from({ length: days * PER_DAY }, (_, index) => {
    return level + (values[(index + shift) % (days * PER_DAY)] ?? Number.NaN);
  });
}

function medianOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known[known.length >> 1] ?? 0;
}

function reading(value: number): number | null {
  return Number.isNaN(value) ? null : Math.round(Math.min(99.5, Math.max(0, value)) * 100) / 100;
}

function hostOf({ hosts }: Base): string {
  return hosts.join('+');
}
