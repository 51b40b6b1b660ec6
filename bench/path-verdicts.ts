/**
 * Verdicts of series, hour by hour, kept on disk: they are the expensive part of a replay, and the rules of incidents do not change
 * them. A file is named by the detector's compiled code and the series, so that a change of either evaluates anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Verdict } from '../core/model/verdict.ts';
import { PROJECT } from './bundle.ts';
import { type BenchSeries, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { evaluate, learnedFor } from './replay.ts';
import { inWorkers } from './workers.ts';

export interface VerdictTask {
  readonly series: BenchSeries;
  readonly half: Half;
  /** Where the verdicts are kept. */
  readonly file: string;
}

/** The verdict of each of the series' `windowEnds`. Their `checks` are left out: they are most of the bytes. */
export function verdictsOf(series: BenchSeries, half: Half): Verdict[] {
  const given = feedable(series, AS_ADAPTERS);
  return windowEnds(series).map((now) => {
    const verdict = evaluate(windowOf(given, now, AS_ADAPTERS.hours), learnedFor(half));
    return 'evidence' in verdict
      ? { ...verdict, evidence: { ...verdict.evidence, checks: [] } }
      : { ...verdict, checks: [] };
  });
}

export function evaluateInto({ series, half, file }: VerdictTask): void {
  const bytes = gzipSync(JSON.stringify(verdictsOf(series, half)), { level: 1 });
  // Others may read the same folder: a file is complete or absent.
  const draft = `${file}.${process.pid}-${Math.random()}`;
  writeFileSync(draft, bytes);
  renameSync(draft, file);
}

export function readVerdicts(file: string): Verdict[] {
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
}

/** The same for code that behaves the same: comments, layout and the names of variables are not in it. */
async function detectorHash(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('path-verdicts.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    absWorkingDir: PROJECT,
    logLevel: 'error',
  });
  return createHash('sha256')
    .update(outputFiles[0]?.contents ?? '')
    .digest('hex')
    .slice(0, 16);
}

function fileOf(directory: string, { v, step, evalFrom }: BenchSeries, half: Half): string {
  const hash = createHash('sha256').update(JSON.stringify({ v, step, evalFrom, half }));
  return join(directory, `${hash.digest('hex').slice(0, 32)}.json.gz`);
}

export interface VerdictFiles {
  readonly cache: string;
  readonly jobs: number;
  readonly progress: (done: number, of: number) => void;
}

/** Evaluates what is not kept yet; returns the file of each series, in order. */
export async function verdictFiles(
  hosts: readonly { readonly series: BenchSeries; readonly half: Half }[],
  { cache, jobs, progress }: VerdictFiles,
): Promise<string[]> {
  const directory = join(cache, await detectorHash());
  mkdirSync(directory, { recursive: true });
  const tasks = hosts.map(({ series, half }): VerdictTask => ({ series, half, file: fileOf(directory, series, half) }));
  const missing = [...new Map(tasks.map((task) => [task.file, task])).values()].filter(({ file }) => !existsSync(file));
  let done = 0;
  await inWorkers<VerdictTask, string>(new URL('path-worker.ts', import.meta.url), jobs, missing, () => {
    progress(++done, missing.length);
  });
  return tasks.map(({ file }) => file);
}
