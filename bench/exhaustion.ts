/**
 * `node bench/exhaustion.ts --data DIR` measures whether the times of exhaustion come true, on leaks that reach their limit: made ones, on
 * hosts and with seeds that nothing was fitted on, and the injected ones of the data. It writes bench/results/exhaustion.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hoursUntilFull } from '../core/detector/exhaustion.ts';
import type { ForecastHours } from '../core/detector/steady-growth.ts';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S } from './data.ts';
import { type Forecast, forecastsOf } from './exhaustion-forecasts.ts';
import { type FillingLeak, fillingLeaks } from './exhaustion-leaks.ts';
import { plainHours } from './exhaustion-plain.ts';
import { figure, markdownTable, percent } from './markdown.ts';
import { recorded } from './train/bases.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/exhaustion.ts --data DIR');
  process.exit(2);
}

/** Seeds that the fit does not use. */
const SEEDS = { full: 31, before: 32 };
const LEAKS = { full: 2100, before: 1050 };
/** Hours before the limit is reached. */
const DISTANCES = [0, 2, 6, 12, 24, 72, Infinity];
/** Percent. An injected leak that was restarted below this level did not reach its limit. */
const REACHED = 93;

interface Scored extends Forecast {
  readonly forecast: ForecastHours;
}

const { sets, halfOf } = readCorpus(values.data, ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba']);
const pool = sets
  .slice(1)
  .flatMap(({ series }) => series)
  .filter((one) => halfOf(one) === 'held back')
  .map(recorded);
const made = (limits: readonly [number, number], count: number, seed: number) =>
  known(fillingLeaks(pool, count, seed, limits).flatMap((leak) => forecastsOf(leak, 'held back')));
const full = made([100, 100], LEAKS.full, SEEDS.full);
const before = made([95, 99.5], LEAKS.before, SEEDS.before);
const injected = known(
  (sets[0]?.series ?? []).flatMap((series) => filled(series).flatMap((leak) => forecastsOf(leak, halfOf(series)))),
);
const shapes = [...new Set(full.map(({ shape }) => shape))];

const HEAD = ['leaks', 'found', 'before 10 %', 'within', 'after 90 %', 'by 50 %', 'width (h)', 'forecast over truth'];
const report = `# When memory is used up

Written by \`node bench/exhaustion.ts --data DIR\`: do not edit.

Leaks that reach their limit, at the windows in which they were flagged. For each, the detector gave the times by which the limit is
reached with a probability of 10, 50 and 90 %. The tables count how many were full before the first, between the first and the last, after
the last, and by the middle one; every leak counts as one, however many windows it has. The width is the median from the first time to the
last, the final column the median of the middle time over the true one.

${LEAKS.full} made leaks with their limit at 100 %, in seven shapes, on recorded hosts that were held back and on invented ones, with collections, batches,
spikes and days beside the leak. *Before* is the rule that divided the room above the floor by past growth. A host may be full, or be killed,
before 100 %: ${LEAKS.before} more have their limit at 95 to 99.5 %, and so have most of the leaks of injected.ndjson.gz
(sha256 ${sets[0]?.sha256.slice(0, 12)}).

${markdownTable(HEAD, [
  rowOf('limit at 100 %: before', full, plainHours),
  rowOf('limit at 100 %', full),
  rowOf('limit at 95 to 99.5 %: before', before, plainHours),
  rowOf('limit at 95 to 99.5 %', before),
  rowOf('injected: before', injected, plainHours),
  rowOf('injected', injected),
])}

By shape, the limit at 100 %.

${markdownTable(
  HEAD,
  shapes.flatMap((shape) => {
    const some = full.filter((one) => one.shape === shape);
    return [rowOf(`${shape}: before`, some, plainHours), rowOf(shape, some)];
  }),
)}

By shape, the limit at 95 to 99.5 %.

${markdownTable(
  HEAD,
  shapes.map((shape) =>
    rowOf(
      shape,
      before.filter((one) => one.shape === shape),
    ),
  ),
)}

By the hours that were left, the limit at 100 %. Nobody knows them beforehand: a row of the last hours holds the leaks that were full sooner
than was likely, a row of many hours those that took longer.

${markdownTable(
  HEAD,
  DISTANCES.slice(1).map((to, index) => {
    const from = DISTANCES[index] ?? 0;
    const name = Number.isFinite(to) ? `${from} to ${to} h` : `${from} h and more`;
    return rowOf(
      name,
      full.filter(({ hours }) => hours >= from && hours < to),
    );
  }),
)}

The interval of growth itself, about 80 % wide, holds the slope of straight leaks (linear) in ${slopeShare()} of the same windows.
`;
writeFileSync(new URL('results/exhaustion.md', import.meta.url), report);
console.log(report);

/** Forecasts that could be made. */
function known(forecasts: readonly Forecast[]): Forecast[] {
  return forecasts.filter(({ outlook }) => outlook.growth.estimate > 0);
}

/** A leak of the data that was full or restarted at the top. */
function filled(series: BenchSeries): FillingLeak[] {
  if (series.label !== 'leak') return [];
  const tops = series.resets.filter((reset) => highest(series, reset - HOUR_S / 2, reset) >= REACHED);
  const [fullAt] = [...series.sat.map(([from = 0]) => from), ...tops].sort((a, b) => a - b);
  return fullAt === undefined ? [] : [{ series, fullAt }];
}

function highest({ v, step }: BenchSeries, from: number, to: number): number {
  const known = v
    .slice(Math.max(0, Math.floor(from / step)), Math.ceil(to / step) + 1)
    .filter((value) => value !== null);
  return Math.max(0, ...known);
}

function rowOf(name: string, forecasts: readonly Forecast[], hoursOf = hoursUntilFull): string[] {
  const scored = forecasts.map((one): Scored => ({ ...one, forecast: hoursOf(one.outlook) }));
  const share = (holds: (one: Scored) => boolean) => percent(weightOf(scored.filter(holds)) / weightOf(scored), 1);
  return [
    name,
    weightOf(scored).toFixed(0),
    share(({ hours, forecast }) => hours < forecast.earliest),
    share(({ hours, forecast }) => hours >= forecast.earliest && hours <= forecast.latest),
    share(({ hours, forecast }) => hours > forecast.latest),
    share(({ hours, forecast }) => hours < forecast.likely),
    figure(
      middleOf(scored, ({ forecast }) => forecast.latest - forecast.earliest),
      1,
    ),
    figure(
      middleOf(scored, ({ hours, forecast }) => forecast.likely / hours),
      2,
    ),
  ];
}

/** The weighted median. */
function middleOf(scored: readonly Scored[], of: (one: Scored) => number): number {
  const ordered = scored.map((one) => ({ value: of(one), weight: one.weight })).sort((a, b) => a.value - b.value);
  let left = weightOf(ordered) / 2;
  for (const { value, weight } of ordered) {
    left -= weight;
    if (left <= 0) return value;
  }
  return Number.NaN;
}

function slopeShare(): string {
  const straight = full.filter(({ shape }) => shape === 'linear');
  const held = straight.filter(({ rate, outlook: { growth } }) => growth.low <= rate && rate <= growth.high);
  return percent(weightOf(held) / weightOf(straight), 0);
}

function weightOf(some: readonly { readonly weight: number }[]): number {
  return some.reduce((sum, { weight }) => sum + weight, 0);
}
