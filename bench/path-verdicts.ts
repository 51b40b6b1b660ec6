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
import type { BenchSeries } from './data.ts';
import { ALL_EVIDENCE, type GroupMember, groupVerdicts } from './group-verdicts.ts';
import type { Half } from './halves.ts';
import { inWorkers } from './workers.ts';

/** Hosts that were read together, so that siblings meet. */
export interface VerdictTask {
  readonly members: readonly GroupMember[];
  /** Where the verdicts of each are kept. */
  readonly files: readonly string[];
}

/** The verdict of each of the series' `windowEnds`, of a host that is read alone. */
export function verdictsOf(series: BenchSeries, half: Half): Verdict[] {
  return verdictsTogether([{ series, half }])[0] ?? [];
}

/** Their `checks` are left out: they are most of the bytes. */
function verdictsTogether(members: readonly GroupMember[]): Verdict[][] {
  return groupVerdicts(members, ALL_EVIDENCE).map((verdicts) =>
    verdicts.map((verdict) =>
      'evidence' in verdict
        ? { ...verdict, evidence: { ...verdict.evidence, checks: [] } }
        : { ...verdict, checks: [] },
    ),
  );
}

export function evaluateInto({ members, files }: VerdictTask): void {
  for (const [index, verdicts] of verdictsTogether(members).entries()) {
    const file = files[index];
    if (file === undefined) continue;
    const bytes = gzipSync(JSON.stringify(verdicts), { level: 1 });
    // Others may read the same folder: a file is complete or absent.
    const draft = `${file}.${process.pid}-${Math.random()}`;
    writeFileSync(draft, bytes);
    renameSync(draft, file);
  }
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

function hashOf({ series: { v, step, evalFrom, group, consumers, deployments, start }, half }: GroupMember): string {
  const hash = createHash('sha256').update(JSON.stringify({ v, step, evalFrom, half }));
  const others = { group, consumers, deployments, start: deployments && start };
  return hash.update(JSON.stringify(others)).digest('hex');
}

/** A file of a host is another where its siblings are. */
function taskOf(directory: string, members: readonly GroupMember[]): VerdictTask {
  const hashes = members.map(hashOf);
  const together = createHash('sha256').update(hashes.join());
  const group = together.digest('hex').slice(0, 8);
  return { members, files: hashes.map((hash) => join(directory, `${hash.slice(0, 24)}-${group}.json.gz`)) };
}

export interface VerdictFiles {
  readonly cache: string;
  readonly jobs: number;
  readonly progress: (done: number, of: number) => void;
}

/**
 * Evaluates what is not kept yet; returns the file of each series, in order.
 *
 * @param togetherOf The same text for hosts that are read together. Default: each host is alone.
 */
export async function verdictFiles<Host extends GroupMember>(
  hosts: readonly Host[],
  { cache, jobs, progress }: VerdictFiles,
  togetherOf: (host: Host, index: number) => string = (_, index) => String(index),
): Promise<string[]> {
  const directory = join(cache, await detectorHash());
  mkdirSync(directory, { recursive: true });
  const files: string[] = [];
  const tasks = [...Map.groupBy(hosts.entries(), ([index, host]) => togetherOf(host, index)).values()].map(
    (entries) => {
      const task = taskOf(
        directory,
        entries.map(([, { series, half }]) => ({ series, half })),
      );
      for (const [order, [index]] of entries.entries()) files[index] = task.files[order] ?? '';
      return task;
    },
  );
  const missing = [...new Map(tasks.map((task) => [task.files.join(), task])).values()].filter(
    (task) => !task.files.every((file) => existsSync(file)),
  );
  let done = 0;
  await inWorkers<VerdictTask, string>(new URL('path-worker.ts', import.meta.url), jobs, missing, () => {
    progress(++done, missing.length);
  });
  return files;
}
