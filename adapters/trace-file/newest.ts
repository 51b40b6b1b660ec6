/** When the recordings of trace files end: what a replay judges by where nobody says a time. */
import { SourceError } from '../../inspection/errors.ts';
import { entriesOf } from './entries.ts';
import type { Entry } from './entry.ts';

/**
 * Epoch milliseconds just after the newest sample, or undefined where no sample has a time: a grid without `start` fits
 * every window. A file that cannot be read counts for nothing here; reading it tells why.
 */
export async function newestSampleEnd(files: readonly string[], signal?: AbortSignal): Promise<number | undefined> {
  let newest = Number.NEGATIVE_INFINITY;
  for (const file of files) newest = Math.max(newest, await newestIn(file, signal));
  return Number.isFinite(newest) ? newest : undefined;
}

async function newestIn(file: string, signal: AbortSignal | undefined): Promise<number> {
  let newest = Number.NEGATIVE_INFINITY;
  try {
    for await (const { entry } of entriesOf(file, signal)) newest = Math.max(newest, endOf(entry));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
  return newest;
}

function endOf(entry: Entry): number {
  if (entry.kind === 'sample' && entry.value !== null) return entry.time + 1;
  if (entry.kind !== 'grid' || entry.start === undefined) return Number.NEGATIVE_INFINITY;
  const last = entry.percents.findLastIndex((percent) => percent !== null);
  return last < 0 ? Number.NEGATIVE_INFINITY : entry.start + (last + 1) * entry.stepMs;
}
