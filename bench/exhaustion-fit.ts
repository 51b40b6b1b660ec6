/**
 * `node bench/exhaustion-fit.ts --data DIR` fits the three times of exhaustion on made leaks (seeds and hosts that the report does not
 * use) and writes core/detector/exhaustion-table.ts.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type ExhaustionFeatures,
  exhaustionFeatures,
  LEAST_HOURS,
  straightHours,
} from '../core/detector/exhaustion.ts';
import type { Coefficients } from '../core/detector/exhaustion-table.ts';
import { readCorpus } from './corpus.ts';
import { type Forecast, forecastsOf } from './exhaustion-forecasts.ts';
import { fillingLeaks, type Limits } from './exhaustion-leaks.ts';
import { recorded } from './train/bases.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/exhaustion-fit.ts --data DIR');
  process.exit(2);
}

/** Three of four hosts are full at 100 %, the others a little before, as recorded hosts are. */
const SETS: readonly { readonly seed: number; readonly count: number; readonly limits: Limits }[] = [
  { seed: 1, count: 2100, limits: [100, 100] },
  { seed: 2, count: 700, limits: [95, 99.5] },
];

/** Shares of leaks that may be full before the earliest and after the latest time. Some shapes are never full late, others seldom early. */
type Misses = Readonly<Record<string, number>>;
const EARLY: Misses = {
  linear: 0.13,
  exponential: 0.16,
  creep: 0.07,
  staircase: 0.13,
  sawtooth: 0.13,
  load: 0.025,
  bursty: 0.03,
};
const LATE: Misses = {
  linear: 0.12,
  exponential: 0.2,
  creep: 0.06,
  staircase: 0.13,
  sawtooth: 0.11,
  load: 0.005,
  bursty: 0.01,
};

const TIMES = {
  earliest: (shape: string) => EARLY[shape] ?? 0.1,
  likely: () => 0.5,
  latest: (shape: string) => 1 - (LATE[shape] ?? 0.1),
};

const NAMES: readonly (keyof ExhaustionFeatures)[] = [
  'ahead',
  'curved',
  'observed',
  'late',
  'noise',
  'jumps',
  'unsure',
];

interface Row {
  /** A one, then the features in the order of NAMES, standardised. */
  readonly features: Float64Array;
  /** Logarithm of the true hours over the straight ones. */
  readonly ratio: number;
  readonly shape: string;
  readonly weight: number;
}

const ITERATIONS = 1500;
const STEP = 0.05;
/** The corner of the loss is rounded within this distance, so that the gradient is smooth; it shrinks as the fit goes on. */
const ROUNDING = 0.05;

/**
 * Quantile regression (Koenker and Bassett, 1978) by gradient descent (Adam; Kingma and Ba, 2015) from zero: no chance in it. Each shape
 * has a quantile of its own.
 */
function fitted(rows: readonly Row[], quantileOf: (shape: string) => number): Float64Array {
  const size = NAMES.length + 1;
  const [fit, mean, square] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    const left = 1 - iteration / (ITERATIONS + 1);
    const gradient = gradientAt(fit, rows, quantileOf, ROUNDING * Math.max(0.02, left));
    for (let i = 0; i < size; i++) {
      const slope = gradient[i] ?? 0;
      mean[i] = 0.9 * (mean[i] ?? 0) + 0.1 * slope;
      square[i] = 0.99 * (square[i] ?? 0) + 0.01 * slope ** 2;
      const [first, second] = [(mean[i] ?? 0) / (1 - 0.9 ** iteration), (square[i] ?? 0) / (1 - 0.99 ** iteration)];
      fit[i] = (fit[i] ?? 0) - (STEP * Math.min(1, 4 * left) * first) / (Math.sqrt(second) + 1e-9);
    }
  }
  return fit;
}

function gradientAt(
  fit: Float64Array,
  rows: readonly Row[],
  quantileOf: (shape: string) => number,
  rounding: number,
): Float64Array {
  const gradient = new Float64Array(fit.length);
  for (const { features, ratio, shape, weight } of rows) {
    let forecast = 0;
    for (let i = 0; i < fit.length; i++) forecast += (fit[i] ?? 0) * (features[i] ?? 0);
    const side = Math.max(-1, Math.min(1, (ratio - forecast) / rounding));
    const slope = -weight * (quantileOf(shape) - 0.5 + side / 2);
    for (let i = 0; i < fit.length; i++) gradient[i] = (gradient[i] ?? 0) + slope * (features[i] ?? 0);
  }
  return gradient;
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function rowsOf(forecasts: readonly Forecast[]): { rows: Row[]; scales: Scale[] } {
  const total = forecasts.reduce((sum, { weight }) => sum + weight, 0);
  const given = forecasts.map(({ outlook }) => exhaustionFeatures(outlook));
  const weighted = (of: (features: ExhaustionFeatures) => number) =>
    given.reduce((sum, features, index) => sum + of(features) * (forecasts[index]?.weight ?? 0), 0) / total;
  const scales = NAMES.map((name) => {
    const mean = weighted((features) => features[name]);
    return { mean, deviation: Math.sqrt(weighted((features) => (features[name] - mean) ** 2)) };
  });
  const rows = forecasts.map(({ outlook, hours, shape, weight }, index) => ({
    features: Float64Array.from([
      1,
      ...NAMES.map((name, at) => {
        const { mean, deviation } = scales[at] ?? { mean: 0, deviation: 1 };
        return ((given[index]?.[name] ?? 0) - mean) / deviation;
      }),
    ]),
    ratio: Math.log((hours + LEAST_HOURS) / (straightHours(outlook) + LEAST_HOURS)),
    shape,
    weight: weight / total,
  }));
  return { rows, scales };
}

/** The coefficients of features that are not standardised. */
function coefficientsOf(fit: Float64Array, scales: readonly Scale[]): Coefficients {
  const coefficients = {
    constant: fit[0] ?? 0,
    ahead: 0,
    curved: 0,
    observed: 0,
    late: 0,
    noise: 0,
    jumps: 0,
    unsure: 0,
  };
  for (const [index, name] of NAMES.entries()) {
    const { mean, deviation } = scales[index] ?? { mean: 0, deviation: 1 };
    coefficients[name] = (fit[index + 1] ?? 0) / deviation;
    coefficients.constant -= coefficients[name] * mean;
  }
  return coefficients;
}

const { sets, halfOf } = readCorpus(values.data, ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba']);
const pool = sets
  .slice(1)
  .flatMap(({ series }) => series)
  .filter((one) => halfOf(one) === 'tuning')
  .map(recorded);
const forecasts = SETS.flatMap(({ seed, count, limits }) => fillingLeaks(pool, count, seed, limits))
  .flatMap((leak) => forecastsOf(leak, 'tuning'))
  .filter(({ outlook }) => outlook.growth.estimate > 0);
const { rows, scales } = rowsOf(forecasts);

const lines = Object.entries(TIMES).map(([time, quantileOf]) => {
  const coefficients = Object.entries(coefficientsOf(fitted(rows, quantileOf), scales));
  const fields = coefficients.map(([name, value]) => `    ${name}: ${Number(value.toFixed(3))},\n`);
  return `  ${time}: {\n${fields.join('')}  },\n`;
});
const fields = ['constant', ...NAMES].map((name) => `  readonly ${name}: number;\n`);
writeFileSync(
  new URL('../core/detector/exhaustion-table.ts', import.meta.url),
  `/** The coefficients of the three times of exhaustion. Written by \`node bench/exhaustion-fit.ts --data DIR\`: do not edit. */

export interface Coefficients {
${fields.join('')}}

export const COEFFICIENTS: Readonly<Record<${Object.keys(TIMES)
    .map((time) => `'${time}'`)
    .join(' | ')}, Coefficients>> = {
${lines.join('')}};
`,
);
console.log(`fitted on ${forecasts.length} windows`);
