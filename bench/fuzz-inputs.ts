/**
 * `node bench/fuzz-inputs.ts [count] [seed]` gives configs, events and items of the table that somebody got wrong to their
 * readers, and counts the outcomes. Exit 1 with the smallest input that breaks a promise.
 */
import fc from 'fast-check';
import { INPUT_PROMISES } from './fuzz-input-promises.ts';

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);

/** Inputs of one property: it remembers each of its inputs until it ends. */
const CHUNK = 1_000;

for (const { name, input, outcome } of INPUT_PROMISES) {
  const outcomes = new Map<string, number>();
  let slowest = 0;
  const keepsPromise = fc.asyncProperty(input, async (value) => {
    const started = performance.now();
    const result = await outcome(value);
    slowest = Math.max(slowest, performance.now() - started);
    outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
  });
  for (let done = 0; done < count; done += CHUNK) {
    await fc.assert(keepsPromise, { numRuns: Math.min(CHUNK, count - done), seed: seed + done });
  }
  console.log(`${count} inputs of kind ${name}, seed ${seed}: every promise kept, slowest ${slowest.toFixed(1)} ms`);
  for (const [result, times] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`  ${result}: ${times}`);
}
