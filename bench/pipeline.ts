/**
 * `node bench/pipeline.ts [hosts] [rounds] [cloud]` inspects a fleet of each cloud, or of one, through the function's own code, and
 * makes the same calls with the bare SDK: what Plimsoll adds to the SDK, how much of it the detector is, and whether memory
 * stays flat. Exit 1 where the function without its detector takes more than 1.15 times the SDK's CPU or wall time, where the
 * rounds agree, or ten times the hosts more than 1.3 times the memory.
 *
 * Each measurement is a process of its own; the clouds are another one, so that their work is not counted. Both sides are
 * measured in every round, in turn forwards and backwards, and compared within it: what else the machine does strikes both.
 * The ratio that counts is the median of the rounds'; beside it stand the least and the greatest of them, and the load.
 */
import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import { CLOUD_PROVIDERS, type CloudProvider } from '../core/model/series.ts';
import { startClouds } from './pipeline-clouds.ts';
import { WHATS, type What } from './pipeline-what.ts';

const MAX_RATIO = 1.15;
const MAX_MEMORY_RATIO = 1.3;

/** Rounds whose ratios are further apart than this measured the machine's other work: they prove nothing. */
const MAX_DISAGREEMENT = 1.5;

/** The functions have 512 MB: without a limit V8 takes what the machine has before it collects, which measures the machine. */
const AS_DEPLOYED = ['--max-old-space-size=384', '--max-semi-space-size=16'];

const hosts = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 5);

const measuredSchema = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMiB: z.number(),
  calls: z.record(z.string(), z.number()),
});
type Measured = z.output<typeof measuredSchema>;
type Round = Readonly<Record<What, Measured>>;
type Time = 'cpuMs' | 'wallMs';

type Variables = Readonly<Record<string, string>>;

async function measure(cloud: CloudProvider, what: What, count: number, env: Variables): Promise<Measured> {
  const run = new URL('pipeline-run.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [...AS_DEPLOYED, run, cloud, what, String(count)], {
    env,
  });
  return measuredSchema.parse(JSON.parse(stdout));
}

async function measureRound(cloud: CloudProvider, forwards: boolean, env: Variables): Promise<Round> {
  const measured: Partial<Record<What, Measured>> = {};
  for (const what of forwards ? WHATS : WHATS.toReversed()) measured[what] = await measure(cloud, what, hosts, env);
  const { bare, read, undetected, function: complete } = measured;
  if (!bare || !read || !undetected || !complete) throw new Error('a round lacks a measurement');
  return { bare, read, undetected, function: complete };
}

/** The function's peak memory for a tenth of the hosts. */
async function smallPeak(cloud: CloudProvider): Promise<number> {
  await using few = await startClouds(cloud, hosts / 10);
  return (await measure(cloud, 'function', hosts / 10, few.environment)).peakMiB;
}

async function compare(cloud: CloudProvider): Promise<boolean> {
  const small = await smallPeak(cloud);
  await using many = await startClouds(cloud, hosts);
  // The clouds answer their first requests more slowly than all others: nobody's time.
  await measure(cloud, 'bare', hosts, many.environment);
  const before = loadavg()[0] ?? 0;
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(await measureRound(cloud, round % 2 === 0, many.environment));
  }
  const memory = Math.max(...measured.map((round) => round.function.peakMiB)) / small;
  return report(cloud, measured, memory, before);
}

/** Whether all bounds are kept. */
function report(cloud: CloudProvider, measured: readonly Round[], memory: number, loadBefore: number): boolean {
  const [first] = measured;
  console.log(`${cloud}: ${hosts} hosts x 400 samples, ${rounds} rounds of both sides in turn`);
  const load = `${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`;
  console.log(`  load ${load}, on ${availableParallelism()} cores, of which this bench takes up to two`);
  for (const what of WHATS) {
    const calls = JSON.stringify(first?.[what].calls);
    const peak = spread(measured.map((round) => round[what].peakMiB)).median;
    console.log(`  ${NAMES[what].padEnd(32)} ${milliseconds(measured, what)}, peak ${peak} MiB, ${calls}`);
  }
  console.log(
    `  the adapter ${differenceOf(measured, 'read', 'bare')} CPU, the detector ${differenceOf(measured, 'function', 'undetected')}`,
  );
  console.log(`  all the rest (stores, detecting, recording, topic) ${differenceOf(measured, 'undetected', 'read')}`);
  const [cpu, wall] = [ratioOf(measured, 'cpuMs'), ratioOf(measured, 'wallMs')];
  console.log(
    `  without the detector ${reported(cpu)} x the SDK's CPU, ${reported(wall)} x its wall time (at most ${MAX_RATIO})`,
  );
  const evaluated = [cpu, wall].filter(agrees);
  if (evaluated.length < 2)
    console.log('  a ratio whose rounds disagree that much proves nothing: measure where nothing else runs');
  console.log(`  peak memory ${memory.toFixed(2)} x that for ${hosts / 10} hosts (at most ${MAX_MEMORY_RATIO})`);
  return evaluated.every(({ median }) => median <= MAX_RATIO) && memory <= MAX_MEMORY_RATIO;
}

const NAMES: Readonly<Record<What, string>> = {
  bare: 'bare SDK, parsed',
  read: 'source alone',
  undetected: 'function without its detector',
  function: 'function',
};

interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { least: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, most: at(sorted.length - 1) };
}

function ratioOf(measured: readonly Round[], time: Time): Spread {
  return spread(measured.map(({ undetected, bare }) => undetected[time] / bare[time]));
}

function agrees({ least, most }: Spread): boolean {
  return most <= least * MAX_DISAGREEMENT;
}

function reported({ least, median, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

function milliseconds(measured: readonly Round[], what: What): string {
  const of = (time: Time) =>
    spread(measured.map((round) => round[what][time]))
      .median.toFixed(0)
      .padStart(6);
  return `${of('cpuMs')} ms CPU, ${of('wallMs')} ms wall`;
}

/** What a step takes on top of the one before it. Where the rounds do not agree that it takes anything, no figure is given. */
function differenceOf(measured: readonly Round[], what: What, less: What): string {
  const { least, median, most } = spread(measured.map((round) => round[what].cpuMs - round[less].cpuMs));
  if (median <= 0) return `too little to be distinguished from noise (at most ${Math.max(0, most).toFixed(0)} ms)`;
  return `${median.toFixed(0)} ms (${Math.max(0, least).toFixed(0)} to ${most.toFixed(0)})`;
}

const kept: boolean[] = [];
for (const cloud of CLOUD_PROVIDERS.filter((each) => (process.argv[4] ?? each) === each))
  kept.push(await compare(cloud));
process.exitCode = kept.every(Boolean) ? 0 : 1;
