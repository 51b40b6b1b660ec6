/** Memory of made jobs: many more shapes than there are programs, for the calibration alone. */
import type { NameSeries } from '../../core/detector/gate-series.ts';
import { gaussian, pickFrom, type Random, randomFrom, within } from '../random.ts';

export interface MadeJob {
  readonly leaks: boolean;
  readonly series: NameSeries;
}

const MIB = 1024 * 1024;
/** A part of a job's memory in MiB, at a second of `seconds`. */
type Part = (second: number) => number;

/** Seeded: the same jobs on every machine, one half of them leaks. */
export function madeJobs(count: number, seed: number): MadeJob[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => madeJob(random, index % 2 === 0));
}

function madeJob(random: Random, leaks: boolean): MadeJob {
  const seconds = Math.round(60 * 2 ** within(random, Math.log2(3.5), 4));
  const base = 2 ** within(random, 2, 7.5);
  const parts: Part[] = [start(random, base), noise(random, base), overlay(random, seconds, base)];
  parts.push(leaks ? leak(random, seconds, base) : settling(random, seconds, base));
  // A leaking program fills its caches too.
  if (leaks && random() < 0.3)
    parts.push(filling(random, within(random, 0.1, 0.4) * seconds, base * within(random, 0.1, 0.5)));
  const times = Array.from({ length: seconds }, (_, second) => second * 1000);
  const values = times.map((_, second) => parts.reduce((sum, part) => sum + part(second), 0) * MIB);
  return { leaks, series: { name: 'job', processes: 1, times, values } };
}

/** What a program loads and compiles before it works. */
function start(random: Random, base: number): Part {
  const settled = within(random, 1, 15);
  return (second) => base * (1 - 0.7 * Math.exp(-second / settled));
}

/** Pages that come and go, and an allocator's that stay for a while. */
function noise(random: Random, base: number): Part {
  const size = base * 2 ** within(random, -12, -6);
  let walk = 0;
  return () => {
    walk = 0.98 * walk + size * 0.2 * gaussian(random);
    return size * Math.abs(gaussian(random)) * 0.3 + walk;
  };
}

function overlay(random: Random, seconds: number, base: number): Part {
  const kind = pickFrom(random, ['none', 'sawtooth', 'sawtooth', 'bursts', 'heap'] as const);
  const size = base * within(random, 0.05, 0.9);
  if (kind === 'none') return () => 0;
  if (kind === 'heap') return filling(random, within(random, 0.05, 0.3) * seconds, size);
  return kind === 'sawtooth' ? sawtooth(random, within(random, 2, seconds / 4), size) : bursts(random, size);
}

/** Collections come when the room is used up, and the room changes a little. */
function sawtooth(random: Random, period: number, size: number): Part {
  let from = -random() * period;
  let length = period;
  return (second) => {
    if (second - from > length) {
      from = second;
      length = period * within(random, 0.7, 1.3);
    }
    return (size * (second - from)) / period;
  };
}

function bursts(random: Random, size: number): Part {
  const each = within(random, 15, 90);
  const offset = random() * each;
  const length = within(random, 2, each / 2);
  return (second) => ((second + offset) % each < length ? size : 0);
}

/** Growth that goes on: even, in lumps, in jumps of a table that doubles, or faster and faster. */
function leak(random: Random, seconds: number, base: number): Part {
  const share = 2 ** within(random, -6, 0);
  const perSecond = Math.max(0.3, base * share) / 60;
  const kind = pickFrom(random, ['even', 'even', 'lumps', 'lumps', 'accelerating', 'pauses'] as const);
  if (kind === 'even') return (second) => perSecond * second;
  if (kind === 'accelerating') return (second) => (perSecond * second * (1 + second / seconds)) / 2;
  if (kind === 'pauses') {
    const each = within(random, 20, seconds / 6);
    return (second) => perSecond * (Math.floor(second / each) * each + Math.min(second % each, each / 2) * 2);
  }
  const each = within(random, 3, seconds / 10);
  return (second) => perSecond * Math.floor(second / each) * each;
}

/** What a healthy program does besides its overlay. */
function settling(random: Random, seconds: number, base: number): Part {
  const size = base * 2 ** within(random, -4, 1.5);
  const kind = pickFrom(random, [
    'none',
    'fill',
    'fill',
    'late',
    'phases',
    'restarts',
    'climb',
    'ageing',
    'ratchet',
    'ratchet',
  ] as const);
  switch (kind) {
    case 'none':
      return () => 0;
    case 'fill':
      return filling(random, within(random, 0.1, 0.65) * seconds, size);
    case 'late':
      return levels(random, seconds, size, 2);
    case 'phases':
      return levels(random, seconds, size, 3 + Math.floor(random() * 5));
    case 'restarts':
      return sawtooth(random, within(random, 20, seconds / 2.2), size);
    case 'climb':
      return sawtooth(random, within(random, seconds / 3, seconds / 1.8), size);
    case 'ratchet':
      return ratchet(random, within(random, 0.2, 0.9) * seconds, size);
    case 'ageing':
      // An allocator's fragments: ever slower.
      return (second) => size * 0.2 * Math.log1p(second / within(random, 19, 21));
  }
}

/** Reaches a bound after some time: at an even pace, or slower and slower as more of it is found. */
function filling(random: Random, seconds: number, size: number): Part {
  if (random() < 0.5) return (second) => size * Math.min(1, second / seconds);
  return (second) => size * (1 - Math.exp((-3 * second) / seconds));
}

/** A heap that a collector enlarges in lumps, less and less often, until it has its bound. */
function ratchet(random: Random, seconds: number, size: number): Part {
  const lumps = Array.from({ length: 2 + Math.floor(random() * 8) }, () => ({
    at: random() ** 1.5 * seconds,
    height: random() * (size / 5),
    takes: within(random, 1, seconds / 8),
  }));
  return (second) =>
    lumps.reduce((sum, { at, height, takes }) => sum + height * Math.min(1, Math.max(0, (second - at) / takes)), 0);
}

/** A batch: one level after another, each reached within seconds. */
function levels(random: Random, seconds: number, size: number, count: number): Part {
  const steps = Array.from({ length: count }, () => ({ at: random() * seconds, level: random() * size }));
  steps.sort((a, b) => a.at - b.at);
  return (second) => steps.findLast(({ at }) => at <= second)?.level ?? 0;
}
