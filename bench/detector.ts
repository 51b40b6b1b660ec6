/**
 * `node bench/detector.ts --data DIR` measures the detector and its peers side by side, prints the tables and writes them to
 * bench/results/detector.md, so that a change of the detector shows as a diff. `--quick` evaluates every 6th series and only
 * prints; `--out FILE` writes elsewhere; `--jobs N` sets the threads.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { progressBar } from '../cli/render/progress-bar.ts';
import { createTerminal } from '../cli/terminal.ts';
import { MEASURED_ON, readCorpus } from './corpus.ts';
import { report } from './detector-report.ts';
import { type DetectionsByRun, SLOW_PEERS_EVERY, type Task } from './detector-runs.ts';
import type { EvaluatedSeries } from './detector-scores.ts';
import { speedSection } from './detector-speed.ts';
import { inWorkers } from './workers.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    quick: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
if (values.data === undefined || !Number.isInteger(jobs) || jobs < 1) {
  console.error('usage: node bench/detector.ts --data DIR [--out FILE] [--jobs N] [--quick]');
  process.exit(2);
}

const terminal = createTerminal(process.stdout, process.stderr);
terminal.progress('reading series …');
const every = values.quick ? SLOW_PEERS_EVERY : 1;
const { sets, halfOf } = readCorpus(values.data, MEASURED_ON);
const tasks = sets.flatMap(({ name, series }) =>
  series
    .map((one, index) => ({ set: name, series: one, index, half: halfOf(one) }))
    .filter(({ index }) => index % every === 0),
);
const evaluated = await evaluateAll(tasks);
terminal.progress('measuring speed …');
const speed = speedSection(sets[0]?.series ?? []);
const text = `${report({ sets, evaluated, every })}\n## Speed\n\nTimings differ from run to run.\n\n${speed}\n`;
terminal.print(text);

const out = values.out ?? (values.quick ? null : fileURLToPath(new URL('results/detector.md', import.meta.url)));
if (out !== null) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, text);
  terminal.note(`written to ${out}`);
}

/** The detections of every run on every task, in the order of the tasks. */
async function evaluateAll(all: readonly (Task & { readonly set: string })[]): Promise<EvaluatedSeries[]> {
  const began = performance.now();
  const detectionsOf = new Map<Task, DetectionsByRun>();
  await inWorkers<Task, DetectionsByRun>(
    new URL('detector-worker.ts', import.meta.url),
    jobs,
    all,
    (detections, task) => {
      detectionsOf.set(task, detections);
      const elapsedMs = performance.now() - began;
      terminal.progress(progressBar('evaluating', { done: detectionsOf.size, total: all.length, elapsedMs }));
    },
  );
  return all.map((task) => ({
    set: task.set,
    series: task.series,
    half: task.half,
    detectionsByRun: detectionsOf.get(task) ?? [],
  }));
}
