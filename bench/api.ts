/**
 * `node bench/api.ts [hosts] [incidents] [requests] [rounds]` measures the API over the sandbox's stores: for each route the time and CPU of
 * a request, its bytes, what it reads from DynamoDB and S3, and beside it a bare get of as many bytes by the SDK. Then what an hour of
 * use costs (bench/api-hour.ts). Exit 1 where the function needs more memory than its Lambda has.
 *
 * Each round is a process of its own, as large as the Lambda, from which all routes are requested in turn, each as often as fits into some
 * seconds; the stores are in this process. Stated are the median of the rounds with the least and the greatest, and percentiles of all
 * requests. "First" is a request right after the function was opened: no head of a run, no session and no connection is there yet.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { hourTable } from './api-hour.ts';
import { type Answer, answerSchema, type Order } from './api-requests.ts';
import { type MeasuredRoute, measuredRoutes } from './api-routes.ts';
import { type FilledStores, startStores } from './api-stores.ts';
import { type Counts, startCountingProxy } from './counting-proxy.ts';
import { figure, markdownTable, rounded } from './markdown.ts';

/** Of infra/api.js. */
const LAMBDA_MIB = 1024;
/** What Node.js gets of it: the rest is for buffers, code and stacks. */
const AS_DEPLOYED = ['--max-old-space-size=768', '--max-semi-space-size=32'];

/** Milliseconds of one route in one round: a slow route is requested less often. */
const ROUTE_MS = 4000;
const LEAST_REQUESTS = 3;

const hosts = Number(process.argv[2] ?? 100_000);
const incidents = Number(process.argv[3] ?? 1_000);
const requests = Number(process.argv[4] ?? 200);
const rounds = Number(process.argv[5] ?? 3);

interface Child extends AsyncDisposable {
  readonly loaded: Answer;
  ask(order: Order): Promise<Answer>;
}

async function startChild(env: Readonly<Record<string, string>>): Promise<Child> {
  const child = fork(fileURLToPath(new URL('api-run.ts', import.meta.url)), { env, execArgv: AS_DEPLOYED });
  return {
    loaded: await answerOf(child),
    ask(order) {
      child.send(order);
      return answerOf(child);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Throws where the child ends instead. */
async function answerOf(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController();
  const died = once(child, 'exit', { signal: ended.signal }).then(
    () => Promise.reject(new Error('The function died.')),
    () => undefined,
  );
  const message = await Promise.race([once(child, 'message'), died]);
  ended.abort();
  return answerSchema.parse(message?.[0]);
}

/** One route in one round. */
interface Measured {
  readonly first: Answer;
  readonly warm: readonly Answer[];
  /** Milliseconds of bare gets of as many bytes. */
  readonly bare: readonly number[];
}

function requestOf({ path, body }: MeasuredRoute): Order {
  return { kind: 'request', path, ...(body !== undefined && { body }) };
}

async function measure(route: MeasuredRoute, child: Child, stores: FilledStores): Promise<Measured> {
  await child.ask({ kind: 'open' });
  const first = await child.ask(requestOf(route));
  if (first.status !== 200) throw new Error(`${route.name} answered ${first.status}`);
  const key = await stores.putBytes(first.bytes);
  const [warm, bare]: [Answer[], number[]] = [[], []];
  const until = performance.now() + ROUTE_MS;
  while (warm.length < requests / rounds && (warm.length < LEAST_REQUESTS || performance.now() < until)) {
    warm.push(await child.ask(requestOf(route)));
    bare.push((await child.ask({ kind: 'get', key })).milliseconds);
  }
  return { first, warm, bare };
}

interface Reads {
  readonly first: Counts;
  readonly warm: Counts;
}

/** What each route reads, counted in a process of its own. */
async function countReads(routes: readonly MeasuredRoute[], stores: FilledStores): Promise<ReadonlyMap<string, Reads>> {
  await using proxy = await startCountingProxy(stores.environment['AWS_ENDPOINT_URL'] ?? '');
  await using child = await startChild({ ...stores.environment, AWS_ENDPOINT_URL: proxy.endpoint });
  const reads = new Map<string, Reads>();
  for (const route of routes) {
    await child.ask({ kind: 'open' });
    proxy.take();
    await child.ask(requestOf(route));
    const first = proxy.take();
    await child.ask(requestOf(route));
    reads.set(route.name, { first, warm: proxy.take() });
  }
  return reads;
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

function percentile(values: readonly number[], fraction: number): number {
  const ordered = sorted(values);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * fraction))] ?? Number.NaN;
}

/** `12 (10 to 15)`: the median of the rounds, the least and the greatest. */
function spread(values: readonly number[]): string {
  return `${rounded(percentile(values, 0.5))} (${rounded(Math.min(...values))} to ${rounded(Math.max(...values))})`;
}

function timeRow(name: string, measured: readonly Measured[]): string[] {
  const all = measured.flatMap(({ warm }) => warm.map(({ milliseconds }) => milliseconds));
  const medians = measured.map(({ warm }) =>
    percentile(
      warm.map(({ milliseconds }) => milliseconds),
      0.5,
    ),
  );
  const bare = measured.map((one) => percentile(one.bare, 0.5));
  const ratios = medians.map((median, round) => median / (bare[round] ?? Number.NaN));
  const cpu = measured.flatMap(({ warm }) => warm.map(({ cpuMilliseconds }) => cpuMilliseconds));
  return [
    name,
    spread(measured.map(({ first }) => first.milliseconds)),
    spread(medians),
    rounded(percentile(all, 0.95)),
    rounded(percentile(all, 0.99)),
    rounded(percentile(cpu, 0.5)),
    spread(ratios),
    String(all.length),
  ];
}

function readRow(name: string, measured: readonly Measured[], { first, warm }: Reads): string[] {
  const [answer] = measured.flatMap((one) => one.warm);
  const kib = (bytes: number) => rounded(bytes / 1024);
  return [
    name,
    kib(answer?.bytes ?? 0),
    kib(answer?.sentBytes ?? 0),
    `${first.dynamodb} / ${warm.dynamodb}`,
    `${first.readUnits} / ${warm.readUnits}`,
    `${first.s3} / ${warm.s3}`,
    kib(first.s3Bytes),
  ];
}

/** A fleet of which nobody monitors a host: no head has room for all, and each has as many lines as it may. */
async function measureUnmonitored(): Promise<string> {
  await using stores = await startStores({ hosts, incidents: 20, notMonitored: 0.99 }, Date.now());
  await using child = await startChild(stores.environment);
  const names = new Set(['overview', 'hosts that are not steady', 'sparklines of 100 hosts', 'coverage']);
  const answers: string[] = [];
  let peakMiB = 0;
  for (const route of measuredRoutes(stores.refs).filter(({ name }) => names.has(name))) {
    const first = await child.ask(requestOf(route));
    const second = await child.ask(requestOf(route));
    answers.push(`${route.name} ${rounded(first.milliseconds)} and ${rounded(second.milliseconds)} ms`);
    peakMiB = second.peakMiB;
  }
  noteMemory(peakMiB);
  return `With ${hosts} hosts of which 99 % are not monitored: peak ${figure(peakMiB, 0)} MiB; ${answers.join(', ')}.`;
}

function noteMemory(peakMiB: number): void {
  if (peakMiB > LAMBDA_MIB) process.exitCode = 1;
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

const loadBefore = load();
await using stores = await startStores({ hosts, incidents, notMonitored: 0.015 }, Date.now());
const routes = measuredRoutes(stores.refs);
const measured = new Map<string, Measured[]>(routes.map(({ name }) => [name, []]));
const loads: number[] = [];
const peaks: number[] = [];
for (let round = 0; round < rounds; round++) {
  await using child = await startChild(stores.environment);
  loads.push(child.loaded.milliseconds);
  for (const route of round % 2 === 0 ? routes : routes.toReversed())
    measured.get(route.name)?.push(await measure(route, child, stores));
  peaks.push((await child.ask({ kind: 'open' })).peakMiB);
}
for (const peak of peaks) noteMemory(peak);
const reads = await countReads(routes, stores);
const figures = routes.flatMap(({ name }) => {
  const [of, counts] = [measured.get(name), reads.get(name)];
  return of === undefined || counts === undefined ? [] : [{ name, measured: of, counts }];
});

console.log(`# The API with ${hosts} hosts and ${incidents} incidents

\`npm run bench:api\`: ${rounds} rounds, load ${loadBefore} before and ${load()} after on ${availableParallelism()} cores, of which this bench takes up
to two. Twenty accounts and regions of three clouds, twelve runs of each. Peak memory of a process that answers all routes: ${spread(peaks)}
of ${LAMBDA_MIB} MiB; to load the function's sources took ${spread(loads)} ms.

Milliseconds. "First" is right after the function was opened. "Times a get" is the median by that of a get of as many bytes from S3 by the
bare SDK, in the same rounds and the same process. The stores are emulators on the same cores, of which each call takes some
milliseconds whatever it reads: calls and CPU are what can be compared with AWS, where the function has 0.58 of a core.

${markdownTable(
  ['route', 'first', 'warm, median', 'p95', 'p99', 'CPU', 'times a get', 'requests'],
  figures.map((of) => timeRow(of.name, of.measured)),
)}

What is answered in KiB, as JSON and as sent, and what is read: first and warm. Read units of DynamoDB are at most so many.

${markdownTable(
  ['route', 'JSON', 'sent', 'DynamoDB', 'read units', 'S3', 'KiB of S3, first'],
  figures.map((of) => readRow(of.name, of.measured, of.counts)),
)}

${hourTable(
  figures.map((of) => ({
    name: of.name,
    milliseconds: percentile(
      of.measured.flatMap(({ warm }) => warm.map((one) => one.milliseconds)),
      0.5,
    ),
    sentBytes: of.measured[0]?.warm[0]?.sentBytes ?? 0,
    reads: of.counts.warm,
  })),
)}`);

console.log(`\n## Nobody monitored\n\n${await measureUnmonitored()}`);
