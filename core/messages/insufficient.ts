/** Why a series gave no verdict, as a clause with its numbers: what there is, and what it would take. */
import type { Series } from '../model/series.ts';
import type { Check, Cleaned, InsufficientData } from '../model/verdict.ts';
import { formatDuration, formatTime, formatWindow } from './times.ts';
import { counted } from './units.ts';

const HOUR = 3_600_000;

/** To follow `web-1 has no verdict: `. */
export function insufficientText({ reason, checks, cleaned }: InsufficientData, series: Series): string {
  const { times, window } = series;
  const newest = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  switch (reason) {
    case 'no_samples':
      return droppedText(cleaned) ?? `there is no sample in ${formatWindow(window)}`;
    case 'too_short':
      return tooShortText(checks, series);
    case 'stale':
      if (!Number.isFinite(newest)) return 'its newest sample is too old';
      return `its newest sample is of ${formatTime(newest)}, ${formatDuration(window.end - newest)} before the window’s end: it is too old to describe the present`;
    case 'too_many_gaps':
      return sparseText(series);
    case 'malformed':
      return 'its samples, or its limit, make no sense';
  }
}

/** What was dropped where nothing was left. */
function droppedText(cleaned: Cleaned): string | undefined {
  const text = cleanedText(cleaned);
  return text === '' ? undefined : `none of its samples can be used: ${text}`;
}

/** `2 not finite, 1 duplicate`; empty where nothing was dropped. */
export function cleanedText({ notFinite, outOfRange, outsideWindow, duplicate }: Cleaned): string {
  return [
    notFinite > 0 && `${notFinite} not finite`,
    outOfRange > 0 && `${outOfRange} out of range`,
    outsideWindow > 0 && `${outsideWindow} outside the window`,
    duplicate > 0 && `${duplicate} duplicate`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

/** The check that failed has the hours since the last restart or gap. Where every sample stands alone, that gap is the sampling's own. */
function tooShortText(checks: readonly Check[], series: Series): string {
  const length = checks.find(({ unit, passed }) => unit === 'h' && !passed);
  if (length?.value === undefined || length.value === null)
    return 'its history since the last restart or gap is too short';
  const had = length.value * HOUR;
  const spacing = spacingOf(series);
  if (spacing === undefined || spacing > had) return sparseText(series);
  return (
    `only ${formatDuration(had)} since the last restart or gap; at least ${formatDuration(length.limit * HOUR)} are needed ` +
    'to distinguish a leak from a warm-up'
  );
}

function sparseText(series: Series): string {
  const { times, periodMs } = series;
  const spacing = spacingOf(series);
  if (spacing === undefined) return `there is only one sample in ${formatWindow(series.window)}`;
  return (
    `its samples are too sparse: ${counted(times.length, 'sample')}, one every ${formatDuration(spacing)} on average; ` +
    `one every ${formatDuration(periodMs)} is enough`
  );
}

/** Milliseconds between two samples, on average; undefined where there are no two. */
function spacingOf({ times }: Series): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined || times.length < 2
    ? undefined
    : (last - first) / (times.length - 1);
}
