/** What trace files hold, found by reading them once before they are evaluated: when they end, and how they are read. */
import { basename } from 'node:path';
import { SourceError } from '../../core/ports/errors.ts';
import { entriesOf } from './entries.ts';
import type { Entry, NumberedEntry, Sample } from './entry.ts';
import type { TraceOptions } from './options.ts';
import { pointRowsOf } from './points/rows.ts';
import { isOverFull, rangeFault } from './values/range.ts';

/** Epoch milliseconds. */
export interface RecordingEnd {
  /** Just after the newest sample. */
  readonly end: number;
  /**
   * Just after the newest sample before that; undefined where there is none. Far before `end`, the time of the newest
   * one may be wrong.
   */
  readonly endBefore: number | undefined;
  /** Just after the newest sample of each file that has one with a time. */
  readonly files: readonly { readonly file: string; readonly end: number }[];
}

export interface Survey {
  /** Where the samples of all files end; undefined where no sample has a time: a grid without `start` fits every window. */
  readonly recorded: RecordingEnd | undefined;
  /** Samples that are dated after `notAfter` while others are not: how many, and the time of the latest. */
  readonly future: { readonly count: number; readonly latest: number; readonly file: string } | undefined;
  /** How ambiguous files are read, a sentence each. */
  readonly remarks: readonly string[];
}

export interface SurveyOptions extends TraceOptions {
  /** Epoch milliseconds: a sample from later has a wrong time, unless all samples are from later. */
  readonly notAfter?: number;
}

/** Reads all files. One that cannot be read counts for nothing here; reading it for its hosts reports why. */
export async function surveyTraces(
  files: readonly string[],
  { notAfter = Number.POSITIVE_INFINITY, ...options }: SurveyOptions = {},
  signal?: AbortSignal,
): Promise<Survey> {
  const past = createEnds();
  const future = createEnds();
  const remarks: string[] = [];
  for (const file of files) {
    const found = createRemarks();
    const addEnd = (end: number) => (end <= notAfter + 1 ? past : future).add(file, end);
    if (await addPoints(file, options, addEnd, signal)) continue;
    const add = (entry: Entry) => {
      found.add(entry);
      for (const end of endsOf(entry)) addEnd(end);
    };
    for await (const piece of readablePieces(file, options, signal)) for (const { entry } of piece) add(entry);
    remarks.push(...found.finish().map((text) => `${basename(file)}: ${text}`));
  }
  return { ...endsOfAll(past.finish(), future.finish()), remarks };
}

/** Whether the file holds points of metrics: then their ends are added. */
async function addPoints(
  file: string,
  options: TraceOptions,
  addEnd: (end: number) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const rows = await pointRowsOf(file, new Set(), options, signal);
    if (rows === undefined) return false;
    for await (const piece of rows) for (const { row } of piece) if (row.kind === 'row') addEnd(row.time + 1);
    return true;
  } catch (error) {
    if (error instanceof SourceError) return true;
    throw error;
  }
}

/** Samples of the future count only where there are no others. */
function endsOfAll(past: Ends | undefined, future: Ends | undefined): Pick<Survey, 'recorded' | 'future'> {
  const [latest] = future?.files.toSorted((a, b) => b.end - a.end) ?? [];
  if (past === undefined || future === undefined || latest === undefined) {
    return { recorded: (past ?? future)?.recorded, future: undefined };
  }
  return { recorded: past.recorded, future: { count: future.count, latest: latest.end - 1, file: latest.file } };
}

async function* readablePieces(
  file: string,
  options: TraceOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<NumberedEntry>> {
  try {
    for await (const piece of entriesOf(file, options, signal)) yield piece;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
}

interface Ends {
  readonly recorded: RecordingEnd;
  readonly files: RecordingEnd['files'];
  readonly count: number;
}

/** The newest of the ends that are added. */
function createEnds() {
  const byFile = new Map<string, number>();
  let end = Number.NEGATIVE_INFINITY;
  let endBefore = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    add(file: string, time: number): void {
      count++;
      byFile.set(file, Math.max(byFile.get(file) ?? time, time));
      if (time > end) [end, endBefore] = [time, end];
      else if (time < end && time > endBefore) endBefore = time;
    },
    finish(): Ends | undefined {
      if (count === 0) return undefined;
      const files = [...byFile].map(([file, end]) => ({ file, end }));
      const recorded = { end, endBefore: Number.isFinite(endBefore) ? endBefore : undefined, files };
      return { recorded, files, count };
    },
  };
}

/** The ends of a sample, or of the last samples of a grid. */
function endsOf(entry: Entry): number[] {
  if (entry.kind === 'sample' && entry.value !== null) return [entry.time + 1];
  if (entry.kind !== 'grid' || entry.start === undefined) return [];
  const { start, stepMs, values } = entry;
  const last = values.findLastIndex((value) => value !== null);
  return last < 0 ? [] : [start + last * stepMs, start + (last + 1) * stepMs];
}

/** Remarks of one kind that are kept of a file. */
const MOST_REMARKS = 20;

/** The remarks of one file, and one on the values that are more than there can be. */
function createRemarks() {
  const remarks: string[] = [];
  let count = 0;
  let greatest: Sample | undefined;
  return {
    add(entry: Entry): void {
      if (entry.kind === 'remark' && remarks.length < MOST_REMARKS) remarks.push(entry.text);
      if (entry.kind !== 'sample' || !isOverFull(entry) || rangeFault(entry)) return;
      count++;
      if (greatest === undefined || (entry.value ?? 0) > (greatest.value ?? 0)) greatest = entry;
    },
    finish(): readonly string[] {
      if (greatest === undefined) return remarks;
      const { host, baseUnit, value } = greatest;
      const values = count === 1 ? '1 value is' : `${count.toLocaleString('en')} values are`;
      return [
        ...remarks,
        `${values} more than there can be, up to ${Number(value?.toPrecision(6))} ${baseUnit} of ${host}: what a host reaches for an hour or more is taken as its full memory.`,
      ];
    },
  };
}
