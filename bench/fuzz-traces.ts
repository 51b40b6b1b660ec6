/**
 * `node bench/fuzz-traces.ts [count] [seed]` reads mutated trace files. Exit 1 on the first that ends in anything but
 * readings or a `SourceError`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMutated, SEEDS } from './fuzz-trace-files.ts';
import { randomFrom } from './random.ts';

/** Milliseconds for one file of some kilobytes, on a machine that does other things as well. */
const MOST_MS = 5000;

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const random = randomFrom(seed);
const folder = await mkdtemp(join(tmpdir(), 'plimsoll-fuzz-'));
const outcomes = new Map<string, number>();
let slowest = 0;
try {
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    const outcome = await readMutated(join(folder, 'web-1.csv'), SEEDS[i % SEEDS.length] ?? '', random);
    const took = performance.now() - started;
    slowest = Math.max(slowest, took);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (took > MOST_MS) throw new Error(`file ${i} of seed ${seed} took ${took.toFixed(0)} ms`);
  }
} finally {
  await rm(folder, { recursive: true });
}
console.log(`${count} files, seed ${seed}: none unexpected, slowest ${slowest.toFixed(1)} ms`);
for (const [outcome, times] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`  ${outcome}: ${times}`);
