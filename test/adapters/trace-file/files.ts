/** Trace files for tests, in a folder that goes with the test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { TraceOptions } from '../../../adapters/trace-file/options.ts';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { MEMORY_UTILIZATION, type Reading, type Span } from '../../../core/model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

/** Twelve periods. */
export const LAST_HOUR: Span = {
  window: { start: NOON - HOUR, end: NOON },
  periodMs: 5 * MINUTE,
  statistic: 'average',
};

/** Writes files by their names and returns their paths. */
export async function write(files: Readonly<Record<string, string | Buffer>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-traces-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    }),
  );
}

export async function readFiles(
  files: readonly string[],
  span = LAST_HOUR,
  options: TraceOptions = {},
): Promise<Reading[]> {
  return Array.fromAsync(
    traceFileSource({ files, ...options }).read({ metric: MEMORY_UTILIZATION, span, filters: [] }, { count() {} }),
  );
}

/** Reads one file with this content, and with what is known of it. */
export async function readWith(
  options: TraceOptions,
  name: string,
  content: string | Buffer,
  span = LAST_HOUR,
): Promise<Reading[]> {
  return readFiles(await write({ [name]: content }), span, options);
}

/** Reads one file with this content. */
export async function readText(name: string, content: string | Buffer, span = LAST_HOUR): Promise<Reading[]> {
  return readFiles(await write({ [name]: content }), span);
}

/** A series as minutes since the window's start and values; undefined for another reading. */
export function samplesOf(
  reading: Reading | undefined,
): readonly (readonly [minute: number, value: number])[] | undefined {
  if (reading?.kind !== 'series') return undefined;
  const { times, values, window } = reading;
  return [...times].map((time, index) => [(time - window.start) / MINUTE, values[index] ?? Number.NaN]);
}

/** Compressed text whose last bytes, the checksum and some of the text, are missing. */
export function truncatedGzip(text: string): Buffer {
  return gzipSync(text).subarray(0, -12);
}

export function iso(minute: number): string {
  return new Date(LAST_HOUR.window.start + minute * MINUTE).toISOString();
}
