/** How the load of siblings moves: recorded movements, a part of them in common. */
import { type Random, within } from '../random.ts';
import { type Base, drawBase } from '../train/bases.ts';

/** Movements around 0 with a deviation of 1, and what they were recorded as. */
export interface Movement {
  readonly hosts: readonly string[];
  readonly values: Float64Array;
  /** Whether no sample was recorded at an index; what stands there is the one before. */
  readonly isMissing: (index: number) => boolean;
  /** Points. */
  readonly deviation: number;
}

/** A movement of exactly `length` samples: shorter recordings begin again. */
export function drawMovement(pool: readonly Base[], length: number, name: string, random: Random): Movement {
  const { hosts, values } = drawBase(pool, length / SAMPLES_A_DAY, name, random);
  const repeated = repeatedTo(values, length, random);
  const filled = filledIn(repeated);
  const mean = filled.reduce((sum, value) => sum + value, 0) / length;
  const deviation = Math.sqrt(filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  return {
    hosts,
    values: filled.map((value) => (deviation < LEAST_DEVIATION ? 0 : (value - mean) / deviation)),
    isMissing: (index) => Number.isNaN(repeated[index] ?? Number.NaN),
    deviation,
  };
}

const SAMPLES_A_DAY = 288;
/** Points. What moves less is constant. */
const LEAST_DEVIATION = 1e-6;

/** Repeated by complete days, so that the time of day stays. */
function repeatedTo(values: Float64Array, length: number, random: Random): Float64Array {
  if (values.length >= length) return values.slice(0, length);
  const days = Math.max(1, Math.floor(values.length / SAMPLES_A_DAY));
  const shift = Math.floor(within(random, 0, days)) * SAMPLES_A_DAY;
  return Float64Array.from({ length }, (_, index) => {
    return values[(index + shift) % Math.min(values.length, days * SAMPLES_A_DAY)] ?? Number.NaN;
  });
}

function filledIn(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}

/** The load of one sibling in points: `rho` of its variance is that of `common`. */
export function loadOf(common: Movement, own: Movement, rho: number, deviation: number): Float64Array {
  const [together, alone] = [Math.sqrt(rho), Math.sqrt(1 - rho)];
  return common.values.map((value, index) => deviation * (together * value + alone * (own.values[index] ?? 0)));
}
