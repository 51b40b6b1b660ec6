/**
 * `node bench/promql.ts [hosts] [containers] [rounds]` (10,000 hosts, 20,000 containers and 3 rounds by default): what reading 100 hours of a
 * large fleet from a real Prometheus takes, beside the same requests sent bare. Needs Debian's package `prometheus`, or its two programs
 * in PATH; an hour's worth of disk in /tmp is a few hundred MB. Exit 1 where
 *
 * - it makes more requests for samples than there have to be: one for each 100,000 points of an answer and of a kind of host;
 * - a host is missing;
 * - a process needs more memory than a deployed function has.
 *
 * Each measurement is a process of its own, with the memory of the deployed function.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { startPrometheus } from '../sandbox/prometheus/real-server.ts';
import { markdownTable, rounded } from './markdown.ts';
import { HOUR, HOURS, largeFleet, NOON, PERIOD_MS } from './promql-fleet.ts';

/** Functions have 1,769 MB. */
const AS_DEPLOYED = ['--max-old-space-size=1400', '--max-semi-space-size=16'];
const FUNCTION_MIB = 1_769;

/** Points of an answer: what the adapter requests at the most. */
const POINTS_AT_ONCE = 100_000;

/** Machines, those that stopped, targets and names; containers, when they began, those before, those that stopped, limits and owners. */
const LISTS = 10;

const [hosts = 10_000, containers = 20_000, rounds = 3] = process.argv.slice(2).map(Number);

const measuredSchema = z.object({
  hosts: z.number(),
  containers: z.number(),
  points: z.number(),
  requests: z.number(),
  sentBytes: z.number(),
  receivedBytes: z.number(),
  jsonBytes: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMiB: z.number(),
});
type Measured = z.output<typeof measuredSchema>;

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-promql-'));
const loadBefore = loadText();
const began = performance.now();
await using server = await startPrometheus(
  { server: 'prometheus', promtool: 'promtool' },
  largeFleet(hosts, containers),
  { start: NOON - HOURS * HOUR - PERIOD_MS, end: NOON },
  // What is scraped once a period is its value for as long.
  ['--query.lookback-delta=15m'],
);
console.error(`backfilled in ${Math.round((performance.now() - began) / 1_000)} s`);

async function measure(what: 'adapter' | 'bare'): Promise<Measured> {
  const run = new URL('promql-run.ts', import.meta.url).pathname;
  const words = [...AS_DEPLOYED, run, what, server.url, join(folder, 'requests.json')];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return measuredSchema.parse(JSON.parse(stdout));
}

const adapter: Measured[] = [];
const bare: Measured[] = [];
for (let round = 0; round < rounds; round++) {
  adapter.push(await measure('adapter'));
  bare.push(await measure('bare'));
}
await rm(folder, { recursive: true });

const [one, sent] = [adapter[0], bare[0]];
if (one === undefined || sent === undefined) throw new Error('there has to be a round');
const periods = (HOURS * HOUR) / PERIOD_MS;
const floor = [hosts, containers].reduce((sum, each) => sum + Math.ceil((each * periods) / POINTS_AT_ONCE), 0) + LISTS;

/** The median, and what there was around it. */
function spread(all: readonly Measured[], of: (measured: Measured) => number): string {
  const sorted = all.map(of).sort((least, most) => least - most);
  const [least = 0, middle = 0, most = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${rounded(middle)} (${rounded(least)} to ${rounded(most)})`;
}

const rowOf = (name: string, all: readonly Measured[], json: string): string[] => [
  name,
  String(all[0]?.requests),
  rounded((all[0]?.sentBytes ?? 0) / 1e6),
  rounded((all[0]?.receivedBytes ?? 0) / 1e6),
  json,
  spread(all, ({ wallMs }) => wallMs / 1_000),
  spread(all, ({ cpuMs }) => cpuMs / 1_000),
  spread(all, ({ peakMiB }) => peakMiB),
];

const HEAD = ['', 'requests', 'sent, MB', 'received, MB', 'JSON, MB', 'wall, s', 'CPU, s', 'peak, MiB'];
const json = rounded(sent.jsonBytes / 1e6);
const table = markdownTable(HEAD, [rowOf('the adapter', adapter, json), rowOf('the same, bare', bare, json)]);
const report = `# A Prometheus with ${hosts} hosts and ${containers} containers

\`npm run bench:promql\`: rounds ${rounds}, load ${loadBefore} before and ${loadText()} after on 2 cores, of which the server takes what it gets.
Debian's Prometheus over backfilled blocks, ${HOURS} hours with a scrape each quarter of an hour: ${one.points} points of ${one.hosts} hosts and
${one.containers} containers. The fewest requests are ${floor}: ${LISTS} lists, and one for each ${POINTS_AT_ONCE} points of a kind of host. "Bare" sends the same requests,
four at once, and reads the answers to their ends, without looking at them. Medians, and the least and the most.

${table}
`;
await writeFile(new URL('results/promql.md', import.meta.url), report);
console.log(report);

function loadText(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

const kept = [
  adapter.every((measured) => measured.hosts === hosts && measured.containers === containers),
  adapter.every(({ requests }) => requests <= floor),
  adapter.every(({ peakMiB }) => peakMiB <= FUNCTION_MIB),
];
process.exitCode = kept.every(Boolean) ? 0 : 1;
