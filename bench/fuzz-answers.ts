/**
 * `node bench/fuzz-answers.ts [count] [seed]` reads providers whose answers are mutated, through their real clients,
 * and counts what comes of it. Exit 1 on the first read that ends in anything but readings that can be evaluated, or a
 * `SourceError`.
 */
import type { Reading } from '../core/model/series.ts';
import { SourceError } from '../core/ports/errors.ts';
import { readMutatedCloudWatch } from './fuzz-cloudwatch.ts';
import { brokenPromise } from './fuzz-reading-promises.ts';
import { type Random, randomFrom } from './random.ts';

/** The providers that are read in turn. A further one is a function that reads its mutated answers. */
const PROVIDERS: Readonly<Record<string, (random: Random) => Promise<readonly Reading[]>>> = {
  cloudwatch: readMutatedCloudWatch,
};

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
for (const [name, read] of Object.entries(PROVIDERS)) await fuzz(name, read);

async function fuzz(name: string, read: (random: Random) => Promise<readonly Reading[]>): Promise<void> {
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    const { outcome, broken } = await outcomeOf(() => read(randomFrom(seed + index)));
    slowest = Math.max(slowest, performance.now() - started);
    if (broken) {
      console.error(`${name}, seed ${seed + index}: ${outcome}`);
      process.exit(1);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log(`${name}: ${count} reads from seed ${seed} on: no promise broken, slowest ${slowest.toFixed(0)} ms`);
  for (const [outcome, times] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`  ${outcome}: ${times}`);
}

async function outcomeOf(read: () => Promise<readonly Reading[]>) {
  try {
    const readings = await read();
    const broken = readings.map(brokenPromise).find((promise) => promise !== undefined);
    if (broken !== undefined) return { outcome: broken, broken: true };
    const kinds = new Set(readings.map(({ kind }) => kind));
    return { outcome: `readings: ${[...kinds].sort().join(', ')}`, broken: false };
  } catch (error) {
    if (error instanceof SourceError) return { outcome: `error: ${error.reason}`, broken: false };
    return { outcome: error instanceof Error ? (error.stack ?? error.message) : String(error), broken: true };
  }
}
