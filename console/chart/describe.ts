/** The chart in words: for screen readers, for the line below the curve, and as a table. */
import { formatDuration } from '../../core/messages/times.ts';
import { formatGrowthInterval, formatLevel } from '../../core/messages/units.ts';
import { localMinute } from '../components/time.tsx';
import type { ChartModel, Range, Samples } from './model.ts';

const S = 1000;

/** What the curve shows, in a few sentences. */
export function describeChart(model: ChartModel): string {
  const { samples, unit, fit, limit, forecast, restartBy } = model;
  const known = knownOf(samples);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return 'No sample is known.';
  const values = known.map(({ value }) => value);
  const level = (value: number) => formatLevel(value, unit);
  return [
    `Memory from ${level(first.value)} on ${localMinute(first.at * S)} to ${level(last.value)} on ${localMinute(last.at * S)}, between ${level(Math.min(...values))} and ${level(Math.max(...values))}.`,
    fit && `Growth ${formatGrowthInterval(fit, unit)} until ${localMinute(fit.end * S)}.`,
    limit === null ? 'The limit is not known.' : `The limit is ${level(limit)}.`,
    forecast && `Full ${forecastText(forecast)}.`,
    restartBy && `Restart by ${localMinute(restartBy.at * S)}.`,
  ]
    .filter((sentence) => sentence)
    .join(' ');
}

function forecastText({ earliest, likely, latest }: NonNullable<ChartModel['forecast']>): string {
  const at = (time: number | null) => (time === null ? 'more than a year away' : localMinute(time * S));
  return `at the earliest ${at(earliest)}, likely ${at(likely)}, at the latest ${at(latest)}`;
}

export interface Known {
  readonly at: number;
  readonly value: number;
}

export function knownOf({ times, values }: Samples): Known[] {
  return values.flatMap((value, index) => (value === null ? [] : [{ at: times[index] ?? 0, value }]));
}

/** Rows of the table that stands for the curve: evenly over the range, the last included. */
export function tableRows(model: ChartModel, { from, to }: Range, most: number): Known[] {
  const within = knownOf(model.samples).filter(({ at }) => at >= from && at <= to);
  if (within.length <= most) return within;
  const step = (within.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => within[Math.round(row * step)]).filter((row) => row !== undefined);
}

/** `6 h`, `4 d 4 h` of a range. */
export function rangeText({ from, to }: Range): string {
  return formatDuration((to - from) * S);
}
