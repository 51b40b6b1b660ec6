/**
 * `node bench/exhaustion.ts --data DIR` measures whether the times of exhaustion come true. For each flagged window whose leak goes
 * on, it takes the floor some hours later as the limit, and counts by which of the three times the floor reached it. It writes
 * bench/results/exhaustion.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clean } from '../core/detector/clean.ts';
import { changePointHoursOf, evaluationOf } from '../core/detector/evaluate.ts';
import { exhaustionOf } from '../core/detector/exhaustion.ts';
import { gridOf } from '../core/detector/floors.ts';
import { type Outlook, outlookOf } from '../core/detector/outlook.ts';
import { lastSegment } from '../core/detector/segment.ts';
import type { Series } from '../core/model/series.ts';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S, isLeak, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { markdownTable, percent } from './markdown.ts';
import { evaluate, learnedFor } from './replay.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/exhaustion.ts --data DIR');
  process.exit(2);
}

/** After 24 h hardly any but the slowest leaks still go on. */
const HOURS_AHEAD = [6, 12, 24];
/** Percent. A floor at the top no longer shows how far it would have grown. */
const PINNED = 97;

/** A forecast in a window with a reported leak, and what became of it. */
interface Forecast {
  readonly half: Half;
  readonly shape: string;
  readonly hours: number;
  /** Whether the interval of growth holds the slope that was injected. */
  readonly holdsSlope: boolean;
  /** Whether the floor reached the level by the earliest, the likely and the latest time. */
  readonly by: readonly [earliest: boolean, likely: boolean, latest: boolean];
  /** All windows of one series count as one. */
  readonly weight: number;
}

const { sets, halfOf } = readCorpus(values.data, ['injected']);
const forecasts = (sets[0]?.series ?? []).filter(({ label }) => label === 'leak').flatMap(forecastsOf);
const halves = ['held back', 'tuning'] as const;
const shapes = [...new Set(forecasts.map(({ shape }) => shape))].sort();
const head = [
  'hours ahead',
  'series',
  'windows',
  'by the earliest (10 %)',
  'by the likely (50 %)',
  'by the latest (90 %)',
];
const report = `# When memory is used up

Written by \`node bench/exhaustion.ts --data DIR\`: do not edit.

Leaks of injected.ndjson.gz (sha256 ${sets[0]?.sha256.slice(0, 12)}) that were reported and went on for some hours more. The floor then stands somewhere: had
the memory ended there, it would have been used up after these hours, and the detector would have given three times for it. How many came
true by each, every series counting as one. Leaks that filled the memory, were restarted or stopped before are not in it, so that
the slower ones are followed for longer. Bounds were fitted on the tuning half.

${markdownTable(
  ['part', ...head],
  halves.flatMap((half) => HOURS_AHEAD.map((hours) => rowOf(half, hours, (one) => one.half === half))),
)}

The interval of growth itself, about 80 % wide, holds the slope of straight leaks (linear) in ${slopeShare()} of the same windows.

By the shape that was injected, all series: for growth that is ever faster the times are too late, whatever name its shape was given.

${markdownTable(
  ['shape', ...head],
  shapes.flatMap((shape) => [6, 24].map((hours) => rowOf(shape, hours, (one) => one.shape === shape))),
)}
`;
writeFileSync(new URL('results/exhaustion.md', import.meta.url), report);
console.log(report);

function forecastsOf(series: BenchSeries): Forecast[] {
  const half = halfOf(series);
  const given = feedable(series, AS_ADAPTERS);
  const at = (now: number) => windowOf(given, now, AS_ADAPTERS.hours);
  const rate = series.rate ?? Number.NaN;
  const reported = windowEnds(series)
    .filter((now) => isLeak(series, now) === true && evaluate(at(now), learnedFor(half)).state === 'leaking')
    .map((now) => ({ now, outlook: outlookAt(at(now), half) }));
  return HOURS_AHEAD.flatMap((hours) => {
    const found = reported.flatMap(({ now, outlook }) => {
      const then = now + hours * HOUR_S;
      if (!goesOn(series, now, then)) return [];
      const { level } = outlookAt(at(then), half);
      if (level > PINNED) return [];
      const { low, high } = outlook.growth;
      return [{ by: cameBy(outlook, level, hours), holdsSlope: low <= rate && rate <= high }];
    });
    return found.map((one) => ({ ...one, half, shape: series.shape, hours, weight: 1 / found.length }));
  });
}

function goesOn(series: BenchSeries, now: number, then: number): boolean {
  if (then > series.v.length * series.step) return false;
  for (let time = now; time <= then; time += HOUR_S) if (isLeak(series, time) !== true) return false;
  return true;
}

/** The outlook from which the detector forecasts the time of exhaustion. */
function outlookAt(window: Series, half: Half): Outlook {
  const samples = clean(window);
  if (samples === undefined) throw new Error(`${window.resource.id} cannot be evaluated`);
  const grid = gridOf(samples, window.window.end);
  const { now } = evaluationOf(grid, lastSegment(grid).start, learnedFor(half).model);
  return outlookOf(now, grid, changePointHoursOf(now), true);
}

/** By which of the three times the floor reached `level`, which took it so many hours. A floor that did not grow came by none. */
function cameBy(outlook: Outlook, level: number, hours: number): Forecast['by'] {
  const room = level - outlook.level;
  const exhaustion = exhaustionOf({ ...outlook, level: 100 - Math.max(0, room) }, true, 0);
  if (room <= 0 || exhaustion.kind === 'cannot_say') return [false, false, false];
  const after = hours * HOUR_S * 1000;
  const { earliest, likely, latest } = exhaustion;
  return [after < earliest, after < likely, after < (latest ?? Infinity)];
}

function rowOf(name: string, hours: number, isIn: (one: Forecast) => boolean): string[] {
  const some = forecasts.filter((one) => isIn(one) && one.hours === hours);
  const shares = [0, 1, 2].map((time) => shareOf(some, ({ by }) => by[time] === true));
  return [name, String(hours), weightOf(some).toFixed(0), String(some.length), ...shares];
}

function slopeShare(): string {
  const straight = forecasts.filter(({ shape, hours }) => shape === 'linear' && hours === HOURS_AHEAD[0]);
  return shareOf(straight, ({ holdsSlope }) => holdsSlope);
}

function shareOf(some: readonly Forecast[], holds: (one: Forecast) => boolean): string {
  return percent(weightOf(some.filter(holds)) / weightOf(some), 0);
}

function weightOf(some: readonly Forecast[]): number {
  return some.reduce((sum, { weight }) => sum + weight, 0);
}
