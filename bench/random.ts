/** Seeded random numbers for fuzzing and made-up series: the same seed gives the same numbers on every machine. */

/** Uniform in [0, 1). */
export type Random = () => number;

/** Mulberry32: uniform in [0, 1), with a state of 32 bits. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Uniform in [low, high). */
export function within(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

/** Normal with mean 0 and deviation 1 (Box and Muller, 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One of a list that is not empty. */
export function pickFrom<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new RangeError('there is nothing to pick from');
  return one;
}
