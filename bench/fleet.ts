/**
 * `node bench/fleet.ts [hosts] [accounts] [largest]` (1,000,000 hosts, 300 accounts and a region of 100,000 by default): what inspecting a
 * fleet once takes, through the handler, the real client and stores, with CloudWatch simulated on the wire. One function does all the
 * work, one region after the other. Exit 1 where
 *
 * - it makes more calls than there have to be: ceil(hosts / 252) of GetMetricData for each region, and the pages of the listings;
 * - time or cost grow faster than hosts: an exponent above 1.02 between a region of 1,000 hosts and the largest one;
 * - an hour does not suffice.
 *
 * Each measurement is a process of its own, with the memory of the deployed function; the clouds are another one.
 */
import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import { startFleetClouds } from './fleet-clouds.ts';
import { LISTED_AT_ONCE } from './fleet-cloudwatch.ts';
import { figure, markdownTable } from './markdown.ts';

const MAX_EXPONENT = 1.02;

/** Hosts of a full request for samples of 100 hours. */
const REQUESTED_AT_ONCE = 252;

/** Listings that every region has and that are empty here: of Windows, of clusters, and of tags. */
const EMPTY_LISTINGS = 3;

/** Listings with a metric of every host: of what runs, and of its memory. */
const FULL_LISTINGS = 2;

/** Functions have 1,769 MB. */
const AS_DEPLOYED = ['--max-old-space-size=1400', '--max-semi-space-size=16'];

const [hosts = 1_000_000, accounts = 300, largest = 100_000] = process.argv.slice(2).map(Number);

const measuredSchema = z.object({
  invocations: z.number(),
  listed: z.number(),
  requested: z.number(),
  metricsBilled: z.number(),
  usd: z.number(),
  leaking: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMiB: z.number(),
});
type Measured = z.output<typeof measuredSchema>;

interface Regions {
  /** The number of the first account. */
  readonly first: number;
  readonly regions: number;
  readonly hosts: number;
}

await using clouds = await startFleetClouds();
const env = { ...clouds.environment, POWERTOOLS_LOG_LEVEL: 'SILENT' };

async function measure(what: Regions): Promise<Regions & Measured> {
  const run = new URL('fleet-run.ts', import.meta.url).pathname;
  const numbers = [what.first, what.regions, what.hosts].map(String);
  const words = [...AS_DEPLOYED, run, clouds.url, ...numbers];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  return { ...what, ...measuredSchema.parse(JSON.parse(stdout)) };
}

function floorOf({ regions, hosts: each }: Regions): number {
  const listed = FULL_LISTINGS * Math.ceil(each / LISTED_AT_ONCE) + EMPTY_LISTINGS;
  return regions * (Math.ceil(each / REQUESTED_AT_ONCE) + listed);
}

const callsOf = ({ requested, listed }: Measured): number => requested + listed;

const ratioOf = (measured: Regions & Measured): number => callsOf(measured) / floorOf(measured);

/** How fast something grows with the hosts of a region: 1 where it is proportional to them. */
function exponent(of: (measured: Measured) => number, few: Regions & Measured, many: Regions & Measured): number {
  const perRegion = (measured: Regions & Measured) => of(measured) / measured.regions;
  return Math.log(perRegion(many) / perRegion(few)) / Math.log(many.hosts / few.hosts);
}

function rowOf(measured: Regions & Measured): string[] {
  const { regions, hosts: each, invocations, requested, listed, usd, wallMs, cpuMs, peakMiB } = measured;
  return [
    `${regions} x ${each}`,
    String(invocations),
    String(requested),
    String(listed),
    figure(ratioOf(measured), 3),
    figure(usd, 2),
    figure(wallMs / 1_000, 0),
    figure((cpuMs * 1_000) / (regions * each), 0),
    String(peakMiB),
  ];
}

const HEAD = 'regions x hosts,invocations,GetMetricData,listings,calls / floor,USD,wall s,CPU us a host,peak MiB'.split(
  ',',
);

/** A process warms up with its first hosts: small regions are measured by the dozen, so that it counts as little as in a large one. */
const HOSTS_MEASURED = 30_000;

const sizes = [1_000, 3_000, 10_000, 30_000, 100_000].filter((size) => size <= largest);
const growth: (Regions & Measured)[] = [];
let first = accounts;
for (const size of sizes) {
  const regions = Math.max(1, HOSTS_MEASURED / size);
  growth.push(await measure({ first, regions, hosts: size }));
  first += regions;
}
const [few, one] = [growth[0], growth.at(-1)];
if (few === undefined || one === undefined) throw new Error('the largest region has to have 1,000 hosts at least');
const many = await measure({ first: 0, regions: accounts, hosts: Math.round((hosts - one.hosts) / accounts) });

console.log(markdownTable(HEAD, [...growth, many].map(rowOf)));
const exponents = {
  calls: exponent(callsOf, few, one),
  USD: exponent(({ usd }) => usd, few, one),
  CPU: exponent(({ cpuMs }) => cpuMs, few, one),
};
const exponentTexts = Object.entries(exponents).map(([name, value]) => `${name} ${figure(value, 3)}`);
console.log(`\nexponents between regions of ${few.hosts} and ${one.hosts} hosts: ${exponentTexts.join(', ')}`);
const minutes = (many.wallMs + one.wallMs) / 60_000;
const inspected = accounts * many.hosts + one.hosts;
console.log(
  `${inspected} hosts by one function, region after region: ${figure(minutes, 1)} minutes, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
);
console.log(`of them leaking: ${many.leaking + one.leaking}; none of the curves is a leak`);

const kept = [
  [...growth, many].every((measured) => ratioOf(measured) <= 1),
  Object.values(exponents).every((value) => value <= MAX_EXPONENT),
  minutes <= 60,
];
process.exitCode = kept.every(Boolean) ? 0 : 1;
