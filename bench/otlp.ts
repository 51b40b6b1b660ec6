/**
 * `node bench/otlp.ts [hosts] [hours]` (1,000 hosts by default, of which an inspection reads 100 hours): an hour of hosts that send by OTLP, from their
 * bodies to chunks in the bucket of the sandbox, merged and inspected. Each host sends every ten minutes what it collected each minute of itself and
 * of 30 processes. Exit 1 where a month costs more than 15 USD, a stage takes more memory than its function has, or an hour takes longer than one.
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { markdownTable, rounded } from './markdown.ts';
import { HOUR, type Load } from './otlp-load.ts';
import { runStages, type Stage, type Stages } from './otlp-stages.ts';

const [hosts = 1000, hours = 100] = process.argv.slice(2).map(Number);
const LOAD: Load = { hosts, processes: 30, everyMinutes: 10, collections: 10 };
const FUNCTION_MIB = 1_769;
const MOST_USD = 15;
const HOURS_A_MONTH = 24 * 30.44;

/** List prices of us-east-1 in US dollars, looked up in 2026-11. */
const PRICES = {
  /** HTTP API: aws.amazon.com/api-gateway/pricing, by 512 KB of a request. */
  request: 1 / 1e6,
  /** arm64: aws.amazon.com/lambda/pricing. */
  invocation: 0.2 / 1e6,
  gbSecond: 0.0000133334,
  /** A request of SQS, by 64 KB: aws.amazon.com/sqs/pricing. */
  queue: 0.4 / 1e6,
  put: 0.005 / 1000,
  get: 0.0004 / 1000,
  storedGb: 0.023,
  /** Of a log that is taken in: aws.amazon.com/cloudwatch/pricing. */
  logGb: 0.5,
};

/** Milliseconds that a request waits for the queue. */
const QUEUE_MS = 15;
/** Lines with which Lambda reports an invocation, in bytes. */
const REPORT_BYTES = 300;
/** Days that the bucket keeps samples, and leaves them while it deletes. */
const KEPT_DAYS = 9;

const loadBefore = loadText();
const stages = await runStages(LOAD, hours, Date.UTC(2026, 10, 29, 5));
const peakMiB = process.resourceUsage().maxRSS / 1024;
const cost = costOf(stages);
const usd = cost.reduce((sum, [, , each]) => sum + each, 0);

const stageRow = (name: string, { runs, cpuMs, puts, gets, lists }: Stage) => [
  name,
  String(runs),
  rounded(cpuMs / 1000),
  rounded(cpuMs / runs),
  String(puts),
  String(gets),
  String(lists),
];

const report = `# ${hosts} hosts that send by OTLP

\`npm run bench:otlp\`: load ${loadBefore} before and ${loadText()} after on 2 cores; one process, with the bucket of the sandbox in it. Each host sends every ${LOAD.everyMinutes} minutes
what it collected each minute of itself and of ${LOAD.processes} processes: ${stages.samples} samples in an hour, ${megabytes(stages.sentBytes)} of bodies (JSON, gzipped), ${megabytes(stages.messageBytes)} of messages
and ${megabytes(stages.storedBytes)} once the hour is merged. The inspection reads ${hours} such hours of all hosts, and who uses the memory of one of them. Peak of all stages: ${Math.round(peakMiB)} MiB.

${markdownTable(
  ['', 'runs', 'CPU, s', 'ms each', 'PUT', 'GET', 'LIST'],
  [
    stageRow('receive, of a body', stages.receive),
    stageRow('store, of a minute', stages.store),
    stageRow('merge, of the hour', { ...stages.merge, runs: 1 }),
    stageRow(`read ${hours} hours`, stages.read),
    stageRow('consumers of a host', stages.consumers),
  ],
)}

Of one core: ${rounded(stages.receive.runs / (stages.receive.cpuMs / 1000))} bodies are received a second, and ${rounded(stages.samples / (stages.store.cpuMs / 1000))} samples stored.

## A month, in US dollars

List prices of us-east-1, 2026-11; inspected every hour. The time of a function is the CPU time above, as if it had one core; for the queue
a request waits ${QUEUE_MS} ms.

${markdownTable(['', 'a month', 'USD'], [...cost.map(([name, count, each]) => [name, count, each.toFixed(2)]), ['together', '', usd.toFixed(2)]])}
`;
await writeFile(new URL('results/otlp.md', import.meta.url), report);
console.log(report);

const allCpuMs = stages.receive.cpuMs + stages.store.cpuMs + stages.merge.cpuMs;
const kept = [usd <= MOST_USD || hosts > 1000, peakMiB <= FUNCTION_MIB, allCpuMs < HOUR];
process.exitCode = kept.every(Boolean) ? 0 : 1;

type Cost = [name: string, count: string, usd: number];

function costOf({ receive, store, merge, read, messageUnits, storedBytes }: Stages): Cost[] {
  const monthly = (hourly: number) => hourly * HOURS_A_MONTH;
  const requests = monthly(receive.runs);
  // A core is 1,769 MB: a function with less takes so much longer, and costs the same but for what it waits.
  const receiveGbs = monthly((receive.cpuMs / 1000) * 1.77 + (receive.runs * QUEUE_MS) / 1000);
  const storeGbs = monthly((store.cpuMs / 1000) * 1.77);
  const hourlyGbs = monthly(((merge.cpuMs + read.cpuMs) / 1000) * 2);
  const invocations = requests + monthly(store.runs + 2);
  const puts = monthly(store.puts + merge.puts + merge.lists + read.lists);
  const gets = monthly(merge.gets + read.gets);
  const storedGb = (storedBytes * 24 * KEPT_DAYS) / 1e9;
  return [
    ['requests of the HTTP API', millions(requests), requests * PRICES.request],
    ['invocations', millions(invocations), invocations * PRICES.invocation],
    ['receive-metrics, GB-seconds', thousands(receiveGbs), receiveGbs * PRICES.gbSecond],
    ['store-samples, GB-seconds', thousands(storeGbs), storeGbs * PRICES.gbSecond],
    ['keep-samples and inspect-otlp, GB-seconds', thousands(hourlyGbs), hourlyGbs * PRICES.gbSecond],
    // Sent, received and deleted; of a batch of messages ten at a time.
    ['requests of SQS', millions(monthly(messageUnits * 1.2)), monthly(messageUnits * 1.2) * PRICES.queue],
    ['writes and lists of S3', thousands(puts), puts * PRICES.put],
    ['reads of S3', thousands(gets), gets * PRICES.get],
    ['stored in S3, GB', storedGb.toFixed(1), storedGb * PRICES.storedGb],
    ['log, GB', ((invocations * REPORT_BYTES) / 1e9).toFixed(1), ((invocations * REPORT_BYTES) / 1e9) * PRICES.logGb],
  ];
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(2)} million`;
}

function thousands(count: number): string {
  return `${Math.round(count / 1000)},000`;
}

function megabytes(bytes: number): string {
  return `${rounded(bytes / 1e6)} MB`;
}

function loadText(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
