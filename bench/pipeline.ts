/**
 * `node bench/pipeline.ts [hosts] [rounds] [cloud]` inspects a fleet of each cloud, or of one, through the function's own code, and makes the same calls with
 * the bare SDK, one after the other on the same machine: what Plimsoll adds to the SDK, how much of it the detector is, and
 * whether memory stays flat. Exit 1 where the function without its detector takes more than 1.15 times the SDK's CPU, or ten
 * times the hosts more than 1.3 times the memory.
 *
 * Each measurement is a process of its own; the clouds are another one, so that their work is not counted. CPU is what to go
 * by: on a machine that is busy the wall clock measures the others.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { CLOUDS, type Cloud, startClouds } from './pipeline-clouds.ts';

const MAX_CPU_RATIO = 1.15;
const MAX_MEMORY_RATIO = 1.3;

/** The functions have 512 MB: without a limit V8 takes what the machine has before it collects, which says nothing of us. */
const AS_DEPLOYED = ['--max-old-space-size=384', '--max-semi-space-size=16'];

const hosts = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 1);

const measuredSchema = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  /** What the detector took on top. */
  detectorMs: z.number(),
  peakMiB: z.number(),
  calls: z.record(z.string(), z.number()),
});
type Measured = z.output<typeof measuredSchema>;
type What = 'bare' | 'read' | 'function';

type Variables = Readonly<Record<string, string>>;

async function measure(cloud: Cloud, what: What, count: number, env: Variables): Promise<Measured> {
  const run = new URL('pipeline-run.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [...AS_DEPLOYED, run, cloud, what, String(count)], {
    env,
  });
  return measuredSchema.parse(JSON.parse(stdout));
}

/** The best of the rounds: noise only ever adds. */
async function best(cloud: Cloud, what: What, env: Variables): Promise<Measured> {
  let least = await measure(cloud, what, hosts, env);
  for (let round = 1; round < rounds; round++) {
    const again = await measure(cloud, what, hosts, env);
    if (again.cpuMs < least.cpuMs) least = again;
  }
  return least;
}

/** The function's peak memory for a tenth of the hosts. */
async function smallPeak(cloud: Cloud): Promise<number> {
  await using few = await startClouds(cloud, hosts / 10);
  return (await measure(cloud, 'function', hosts / 10, few.environment)).peakMiB;
}

async function compare(cloud: Cloud): Promise<boolean> {
  const small = await smallPeak(cloud);
  await using many = await startClouds(cloud, hosts);
  const bare = await best(cloud, 'bare', many.environment);
  const read = await best(cloud, 'read', many.environment);
  const whole = await best(cloud, 'function', many.environment);
  const ratio = (whole.cpuMs - read.detectorMs) / bare.cpuMs;
  const memory = whole.peakMiB / small;
  report(cloud, { bare, read, whole }, ratio, memory);
  return ratio <= MAX_CPU_RATIO && memory <= MAX_MEMORY_RATIO;
}

function report(
  cloud: Cloud,
  { bare, read, whole }: Record<'bare' | 'read' | 'whole', Measured>,
  ratio: number,
  memory: number,
) {
  const row = (what: string, cpu: number, more = '') =>
    console.log(`  ${what.padEnd(24)} ${cpu.toFixed(0).padStart(6)} ms CPU${more}`);
  const beside = ({ wallMs, peakMiB }: Measured) => `, ${(wallMs / 1_000).toFixed(1)} s wall, peak ${peakMiB} MiB`;
  console.log(`${cloud}: ${hosts} hosts x 400 samples, ${JSON.stringify(whole.calls)}`);
  row('bare SDK, parsed', bare.cpuMs, `${beside(bare)}, ${JSON.stringify(bare.calls)}`);
  row('function', whole.cpuMs, beside(whole));
  row('  of it the detector', read.detectorMs);
  row('  of it the adapter', read.cpuMs - bare.cpuMs);
  row('  of it all the rest', whole.cpuMs - read.detectorMs - read.cpuMs);
  console.log(`  without the detector ${ratio.toFixed(2)} x the SDK's CPU (at most ${MAX_CPU_RATIO})`);
  console.log(`  peak memory ${memory.toFixed(2)} x that for ${hosts / 10} hosts (at most ${MAX_MEMORY_RATIO})`);
}

const kept: boolean[] = [];
for (const cloud of CLOUDS.filter((each) => (process.argv[4] ?? each) === each)) kept.push(await compare(cloud));
process.exitCode = kept.every(Boolean) ? 0 : 1;
