/** Series that no honest source sends: every kind of bad number, time and window, drawn from a seed. */
import type { Series } from '../core/model/series.ts';

const BAD_NUMBERS = [
  Number.NaN,
  Infinity,
  -Infinity,
  -1,
  0,
  -0,
  5e-324,
  1e-300,
  1e-9,
  1.04,
  2,
  1e9,
  1e300,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
];
const STEPS_MS = [1e-6, 1, 1000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000, 1e12, 1e300];
const BASE_TIMES = [0, 1_772_323_200_000, -1e15, 8.64e15, 1e-3];

/** One hostile series; `random` gives numbers in [0, 1). */
export function hostileSeries(random: () => number): Series {
  const length = pick([0, 1, 2, 3, 24, 30, 97, 400, 400, 800], random);
  const step = pick(STEPS_MS, random);
  const base = pick(BASE_TIMES, random);
  const badShare = pick([0, 0, 0.01, 0.3, 1], random);
  const bad = (good: number) => (random() < badShare ? pick(BAD_NUMBERS, random) : good);
  const shape = pick([flat, ramp, walk, saw], random)(random);
  const unit = pick(['1', 'By'] as const, random);
  const scale = unit === '1' ? 1 : pick([1, 2 ** 34, 1e300, 5e-324], random);
  const times = Float64Array.from({ length }, (_, index) => bad(base + index * step));
  const values = Float64Array.from({ length: random() < 0.02 ? length + 1 : length }, (_, i) => bad(shape(i) * scale));
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'fuzz', region: 'fuzz', id: 'fuzz' },
    metric: 'system.memory.utilization',
    unit,
    ...(unit === 'By' && random() < 0.7 ? { limit: bad(scale) } : {}),
    statistic: pick(['average', 'minimum', 'maximum'] as const, random),
    window: { start: bad(base), end: bad(base + length * step) },
    periodMs: bad(step),
    times: random() < 0.2 ? times.toReversed() : times,
    values,
  };
}

function pick<T>(choices: readonly T[], random: () => number): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new RangeError('random() must be in [0, 1)');
  return choice;
}

function flat(random: () => number): (index: number) => number {
  const level = random();
  return () => level;
}

function ramp(random: () => number): (index: number) => number {
  const [level, slope] = [random(), (random() - 0.3) / 400];
  return (index) => level + slope * index;
}

function walk(random: () => number): (index: number) => number {
  let level = random();
  return () => (level += (random() - 0.5) / 50);
}

function saw(random: () => number): (index: number) => number {
  const [level, period, slope] = [random() / 2, 1 + random() * 50, random() / 800];
  return (index) => level + slope * index + (0.4 * (index % period)) / period;
}
