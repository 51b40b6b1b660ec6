/** What the chart of a recorded process shows, as numbers: seconds since the epoch, bytes. Nothing here draws. */
import type { ProcessSamplesView } from '../../api/contract/recordings.ts';
import { formatLevel } from '../../core/messages/units.ts';
import { FIGURE_NAMES, type Figure } from '../recording-view.ts';
import type { Range, Samples } from './model.ts';

/** Archived hours: a band between the least and the greatest of each. */
export interface Band {
  readonly times: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface RecordedModel {
  readonly figure: Figure;
  readonly live: Samples;
  readonly band: Band;
}

const HOUR_S = 3600;
/** So many usual distances without a sample are a gap: the line does not join what nobody saw. */
const GAP = 4;

export function recordedModel({ live, archived }: ProcessSamplesView, figure: Figure): RecordedModel {
  const times = live.times.map((time) => Date.parse(time) / 1000);
  return { figure, live: withGaps({ times, values: live[figure] }), band: bandOf(archived, figure) };
}

/** With a null where the distance is several times the usual one. */
function withGaps({ times, values }: Samples): Samples {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
  const at: number[] = [];
  const levels: (number | null)[] = [];
  times.forEach((time, index) => {
    const before = times[index - 1];
    if (before !== undefined && time - before > GAP * usual) {
      at.push(before + usual);
      levels.push(null);
    }
    at.push(time);
    levels.push(values[index] ?? null);
  });
  return { times: at, values: levels };
}

/** Each hour from its first second to its last, so that one alone is seen; a null where the next hour is missing. */
function bandOf(archived: ProcessSamplesView['archived'], figure: Figure): Band {
  const [times, low, high]: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  const push = (at: number, band: { readonly min: number; readonly max: number } | null) => {
    times.push(at);
    low.push(band?.min ?? null);
    high.push(band?.max ?? null);
  };
  const hours = archived.map((entry) => ({ at: Date.parse(entry.hour) / 1000, band: entry[figure] }));
  hours.forEach(({ at, band }, index) => {
    push(at, band);
    push(at + HOUR_S - 2, band);
    const next = hours[index + 1];
    if (next !== undefined && next.at > at + HOUR_S) push(at + HOUR_S - 1, null);
  });
  return { times, low, high };
}

/** Whether anything of the figure is there. */
export function hasFigure({ live, band }: RecordedModel): boolean {
  return live.values.some((value) => value !== null) || band.high.some((value) => value !== null);
}

/** What all processes of a host span, so that their times compare. */
export function timeRange(processes: readonly ProcessSamplesView[]): Range | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { live, archived } of processes) {
    for (const text of [live.times[0], archived[0]?.hour]) if (text !== undefined) from = Math.min(from, seconds(text));
    const end = live.times.at(-1);
    if (end !== undefined) to = Math.max(to, seconds(end));
    const hour = archived.at(-1)?.hour;
    if (hour !== undefined) to = Math.max(to, seconds(hour) + HOUR_S);
  }
  if (from > to) return undefined;
  // A single sample has a width as well.
  return { from, to: Math.max(to, from + 60) };
}

function seconds(text: string): number {
  return Date.parse(text) / 1000;
}

/** Bytes that the vertical axis spans. */
export function recordedLevels({ live, band }: RecordedModel): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of [live.values, band.low, band.high]) {
    for (const value of values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  const room = Math.max(high - low, high * 0.02, 1) * 0.1;
  return [Math.max(0, low - room), high + room];
}

/** A row of the table that stands for the chart. */
export interface RecordedRow {
  /** Seconds. */
  readonly at: number;
  readonly text: string;
}

/** Archived hours, then live samples, evenly, the last included. @param most Rows of each. */
export function recordedRows({ live, band }: RecordedModel, most: number): readonly RecordedRow[] {
  const hours = band.times.flatMap((at, index): RecordedRow[] => {
    const [low, high] = [band.low[index] ?? null, band.high[index] ?? null];
    if (at % HOUR_S !== 0 || low === null || high === null) return [];
    return [{ at, text: `${formatLevel(low, 'By')} to ${formatLevel(high, 'By')}` }];
  });
  const samples = live.times.flatMap((at, index): RecordedRow[] => {
    const value = live.values[index] ?? null;
    return value === null ? [] : [{ at, text: formatLevel(value, 'By') }];
  });
  return [...evenly(hours, most), ...evenly(samples, most)];
}

/** At most so many of them, evenly, the last included. */
export function evenly<Row>(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const step = (rows.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => rows[Math.round(index * step)]).filter((row) => row !== undefined);
}

/** A moment in words, in the viewer's zone. @param epochMs Epoch milliseconds. */
type MomentText = (epochMs: number) => string;

/** The chart in a sentence, for those who do not see it. */
export function describeRecorded(model: RecordedModel, momentText: MomentText): string {
  const rows = recordedRows(model, Number.POSITIVE_INFINITY);
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return `No sample of ${FIGURE_NAMES[model.figure]} is there.`;
  const moment = ({ at, text }: RecordedRow) => `${text} on ${momentText(at * 1000)}`;
  return `Memory ${FIGURE_NAMES[model.figure]} from ${moment(first)} to ${moment(last)}.`;
}

/** What is there at a moment, in words. */
export function readoutOf({ live, band }: RecordedModel, at: number, momentText: MomentText): string {
  const hour = Math.floor(at / HOUR_S) * HOUR_S;
  const inBand = band.times.indexOf(hour);
  const inLive = live.times.indexOf(at);
  const value = inLive < 0 ? null : (live.values[inLive] ?? null);
  if (value !== null) return `${momentText(at * 1000)} · ${formatLevel(value, 'By')}`;
  const [low, high] = [band.low[inBand] ?? null, band.high[inBand] ?? null];
  if (low === null || high === null) return `${momentText(at * 1000)} · no sample`;
  return `${momentText(hour * 1000)}, an hour · ${formatLevel(low, 'By')} to ${formatLevel(high, 'By')}`;
}
