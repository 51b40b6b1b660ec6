/**
 * An hour of resident inspection: `node bench/resident.ts [hosts] [minutes]` takes in five metrics of each host, a point a minute, after a
 * day of minutes was learned from; writes bench/results/resident.md. What a source takes to answer is measured apart, and no part of it.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import { jobUsdPerHost } from '../core/tenants/job-cost.ts';
import { jobRunsPerMonth } from '../core/tenants/job-schedule.ts';
import { figure, markdownTable, rounded } from './markdown.ts';

const [hosts = 1_000, minutes = 60] = process.argv.slice(2).map(Number);
const REFERENCE = 1_440;
const METRICS = 5;

const runSchema = z.object({
  cpuMs: z.number(),
  wallMs: z.number(),
  scored: z.int(),
  anomalousPoints: z.int(),
  anomalous: z.int(),
  stateBytes: z.int(),
  rssMiB: z.int(),
});
const measuredSchema = z.object({
  learned: z.object({ known: z.int(), cpuMs: z.number(), peakMiB: z.int() }),
  runs: z.array(runSchema).min(1),
});

const loadBefore = loadText();

async function measure<Schema extends z.ZodType>(schema: Schema, ...words: string[]): Promise<z.output<Schema>> {
  const run = new URL('resident-run.ts', import.meta.url).pathname;
  const counts = [hosts, minutes, REFERENCE].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [run, ...counts, ...words], { maxBuffer: 2 ** 24 });
  return schema.parse(JSON.parse(stdout));
}

const { learned, runs } = await measure(measuredSchema);
const alone = await measure(z.object({ cpuMs: z.number() }), 'points');

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const middle = Math.floor(runs.length / 2);
const cpuMs = median(runs.map((run) => run.cpuMs)) - alone.cpuMs;
const rss = (some: typeof runs) => Math.max(...some.map(({ rssMiB }) => rssMiB));
const [firstHalf, secondHalf] = [rss(runs.slice(0, middle)), rss(runs.slice(middle))];
const scored = runs.reduce((sum, run) => sum + run.scored, 0);
const above = runs.reduce((sum, run) => sum + run.anomalousPoints, 0) / scored;
const stateBytes = runs.at(-1)?.stateBytes ?? 0;

/** List prices in US dollars of eu-west-1, 2026-11: aws.amazon.com/lambda, /s3, /sqs, /eventbridge, /dynamodb and /cloudwatch, under pricing. */
const PRICES = {
  lambdaGbSecond: 0.0000133334,
  put: 0.005 / 1_000,
  get: 0.0004 / 1_000,
  sqs: 0.4 / 1_000_000,
  schedule: 1 / 1_000_000,
  read: 0.1415 / 1_000_000,
  customMetric: 0.3,
};
const FUNCTION_GB = 1769 / 1024;
/** Milliseconds that a source takes to answer while the function waits: assumed. */
const WAIT_MS = 2_000;

const runsAMonth = jobRunsPerMonth({ everyMinutes: 1, periodSeconds: 60 });
const MONTHLY: readonly (readonly [string, number])[] = [
  [
    `Lambda: ${rounded(cpuMs)} ms and ${WAIT_MS} ms of waiting, of 1,769 MB`,
    ((cpuMs + WAIT_MS) / 1000) * FUNCTION_GB * PRICES.lambdaGbSecond,
  ],
  ['S3: the state is read and written, the newest run and results are written', 3 * PRICES.put + PRICES.get],
  [
    'SQS, Scheduler, DynamoDB: two messages, one request, a config and a list of open incidents',
    6 * PRICES.sqs + PRICES.schedule + 4 * PRICES.read,
  ],
];
const perMonth = MONTHLY.map(([what, usd]) => [what, usd * runsAMonth] as const);
const own = perMonth.reduce((sum, [, usd]) => sum + usd, 2 * PRICES.customMetric);
const apiUsd = (provider: 'aws' | 'gcp' | 'azure') =>
  hosts * jobUsdPerHost(provider, { metrics: Array(METRICS).fill(''), everyMinutes: 1, periodSeconds: 60 });

const table = markdownTable(
  ['', 'figure'],
  [
    ['series', learned.known.toLocaleString('en')],
    ['processor to learn a day of minutes of all, s', rounded(learned.cpuMs / 1000)],
    ['processor of one minute, ms: median', rounded(cpuMs)],
    ['the most', rounded(Math.max(...runs.map((run) => run.cpuMs)) - alone.cpuMs)],
    ['of one point, µs', rounded((cpuMs * 1000) / learned.known)],
    ['memory while learning, MiB', String(learned.peakMiB)],
    [`memory in the first ${middle} minutes, MiB: the most`, String(firstHalf)],
    [`in the last ${runs.length - middle} minutes`, String(secondHalf)],
    ['state as it is stored, KB', rounded(stateBytes / 1000)],
    ['of one series, bytes', rounded(stateBytes / learned.known)],
    ['points above the threshold of .99', `${figure(above * 100, 2)} %`],
    [
      'hosts with an anomaly that lasts, of which one of a hundred was made busy: the most at once',
      String(Math.max(...runs.map(({ anomalous }) => anomalous))),
    ],
  ],
);
const costs = markdownTable(
  ['a month', 'USD'],
  [
    ...perMonth.map(([what, usd]) => [what, figure(usd, 2)]),
    ['CloudWatch: the metrics JobRuns and FailedJobRuns', figure(2 * PRICES.customMetric, 2)],
    ['Plimsoll together', figure(own, 2)],
    ['reading a Prometheus server of one’s own', '0'],
    ['reading Azure Monitor', figure(apiUsd('azure'), 0)],
    ['reading Cloud Monitoring', figure(apiUsd('gcp'), 0)],
    ['reading CloudWatch', figure(apiUsd('aws'), 0)],
  ],
);
const report = `# ${hosts} hosts, ${METRICS} metrics, a point a minute

\`node bench/resident.ts ${hosts} ${minutes}\`: load ${loadBefore} before and ${loadText()} after on 2 cores. One function inspects ${minutes} minutes one after the other, with the
code of the deployment; the bucket is a folder. The source computes its points, which takes ${rounded(alone.cpuMs)} ms of processor a minute and is taken off.

${table}

By list prices, ${Math.round(runsAMonth).toLocaleString('en')} inspections:

${costs}
`;
await writeFile(new URL('results/resident.md', import.meta.url), report);
console.log(report);

function loadText(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** It fits into a function, and its memory does not grow. */
const FUNCTION_MIB = 1_769;
const isFlat = secondHalf < firstHalf * 1.15;
process.exitCode = isFlat && learned.peakMiB < FUNCTION_MIB && secondHalf < FUNCTION_MIB ? 0 : 1;
