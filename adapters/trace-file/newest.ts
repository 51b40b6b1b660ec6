/** When the recordings of trace files end: the time of a replay where none is given. */
import { SourceError } from '../../core/ports/errors.ts';
import { entriesOf } from './entries.ts';
import type { Entry } from './entry.ts';

/** Epoch milliseconds. */
export interface RecordingEnd {
  /** Just after the newest sample. */
  readonly end: number;
  /** Just after the newest sample of an earlier time; undefined where there is none. A long way from `end`, it may be a wrong time. */
  readonly endBefore: number | undefined;
  /** Just after the newest sample of each file that has one with a time. */
  readonly files: readonly { readonly file: string; readonly end: number }[];
}

/**
 * Where the samples of all files end, or undefined where no sample has a time: a grid without `start` fits every window.
 * A file that cannot be read counts for nothing here; reading it reports why.
 */
export async function recordingEnd(files: readonly string[], signal?: AbortSignal): Promise<RecordingEnd | undefined> {
  let end = Number.NEGATIVE_INFINITY;
  let endBefore = Number.NEGATIVE_INFINITY;
  const ends: { file: string; end: number }[] = [];
  for (const file of files) {
    let own = Number.NEGATIVE_INFINITY;
    for await (const time of endsIn(file, signal)) {
      own = Math.max(own, time);
      if (time > end) [end, endBefore] = [time, end];
      else if (time < end && time > endBefore) endBefore = time;
    }
    if (Number.isFinite(own)) ends.push({ file, end: own });
  }
  if (!Number.isFinite(end)) return undefined;
  return { end, endBefore: Number.isFinite(endBefore) ? endBefore : undefined, files: ends };
}

async function* endsIn(file: string, signal: AbortSignal | undefined): AsyncGenerator<number> {
  try {
    for await (const { entry } of entriesOf(file, signal)) yield* endsOf(entry);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
}

/** The ends of a sample, or of the last samples of a grid. */
function endsOf(entry: Entry): number[] {
  if (entry.kind === 'sample' && entry.value !== null) return [entry.time + 1];
  if (entry.kind !== 'grid' || entry.start === undefined) return [];
  const { start, stepMs, percents } = entry;
  const last = percents.findLastIndex((percent) => percent !== null);
  return last < 0 ? [] : [start + last * stepMs, start + (last + 1) * stepMs];
}
