/**
 * `node bench/fuzz.ts [count] [seed]` throws hostile series at the detector and counts the verdicts. Exit 1 on the
 * first broken promise.
 */
import { detect } from '../core/detector/detect.ts';
import { brokenPromise } from './fuzz-promises.ts';
import { hostileSeries } from './fuzz-series.ts';
import { randomFrom } from './random.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const random = randomFrom(seed);
const outcomes = new Map<string, number>();
let slowest = 0;
for (let i = 0; i < count; i++) {
  const series = hostileSeries(random);
  const started = performance.now();
  const verdict = detect(series, { threshold: 0.7 });
  slowest = Math.max(slowest, performance.now() - started);
  const broken = brokenPromise(verdict);
  if (broken !== undefined) {
    console.error(`series ${i} of seed ${seed}: ${broken}`);
    process.exit(1);
  }
  const outcome = verdict.state === 'insufficient_data' ? `insufficient_data: ${verdict.reason}` : verdict.state;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}
console.log(`${count} series, seed ${seed}: no throw, every number finite, slowest ${slowest.toFixed(1)} ms`);
for (const [outcome, times] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`  ${outcome}: ${times}`);
