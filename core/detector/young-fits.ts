/** What a young host's floors are held against beside the models of `change-point.ts`: a straight line, and a wave of a day. */
import { moments } from './change-point.ts';

/** A straight line by least squares. */
export interface Line {
  /** Per value. */
  readonly slope: number;
  /** Residual sum of squares. */
  readonly rss: number;
  /** Of each residual with the next; 0 where nothing is left over. */
  readonly correlation: number;
}

/** Residuals below this are rounding. */
const NOTHING = 1e-9;

export function lineOf(values: Float64Array): Line {
  const n = values.length;
  const { mean } = moments(values);
  const middle = (n - 1) / 2;
  let [xy, xx] = [0, 0];
  for (let i = 0; i < n; i++) {
    xy += (i - middle) * (values[i] ?? 0);
    xx += (i - middle) ** 2;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  let [rss, neighbours, before] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const residual = (values[i] ?? 0) - mean - slope * (i - middle);
    rss += residual * residual;
    neighbours += residual * before;
    before = residual;
  }
  return { slope, rss, correlation: rss > NOTHING ? neighbours / rss : 0 };
}

const HALF_HOURS_A_DAY = 48;

/**
 * The residual sum of squares of the wave of a day, of any height and phase, that fits half-hourly floors best. Half a day of a daily
 * wave rises as a leak does, but begins and ends more slowly.
 */
export function waveRss(halfHourly: Float64Array): number {
  const turn = (2 * Math.PI) / HALF_HOURS_A_DAY;
  const middle = (halfHourly.length - 1) / 2;
  const centred = (wave: Float64Array) => {
    const { mean } = moments(wave);
    return wave.map((value) => value - mean);
  };
  // About the middle the cosine is symmetric and the sine is not, so that they are orthogonal and each is fitted by itself.
  const symmetric = centred(halfHourly.map((_, index) => Math.cos(turn * (index - middle))));
  const other = halfHourly.map((_, index) => Math.sin(turn * (index - middle)));
  return moments(halfHourly).total - explained(halfHourly, symmetric) - explained(halfHourly, other);
}

/** The sum of squares that a wave with mean zero explains. */
function explained(values: Float64Array, wave: Float64Array): number {
  let [product, square] = [0, 0];
  for (let i = 0; i < wave.length; i++) {
    product += (values[i] ?? 0) * (wave[i] ?? 0);
    square += (wave[i] ?? 0) ** 2;
  }
  return square === 0 ? 0 : (product * product) / square;
}
