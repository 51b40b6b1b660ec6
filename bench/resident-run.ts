/**
 * One measurement of bench/resident.ts, in a process of its own: `node bench/resident-run.ts HOSTS MINUTES REFERENCE` inspects a job minute by
 * minute, with the code of the functions and the stores over S3, whose bucket is a folder. The source computes its points: `… points` reads
 * them and does nothing else, and what that takes is no part of an inspection.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createFolderBucket } from '../adapters/folder/bucket.ts';
import { anomalyResultsIn } from '../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../adapters/s3/point-state-store.ts';
import { sendEverything } from '../core/incidents/decide.ts';
import { anomalyJobSchema } from '../core/model/anomaly-job.ts';
import { admits } from '../core/model/host-filter.ts';
import { type Incident, incidentKeyText } from '../core/model/incident.ts';
import { POINT_METRICS } from '../core/model/point-metrics.ts';
import type { PointSeries } from '../core/model/points.ts';
import { inspectJob, type JobPorts } from '../core/points/inspect-job.ts';
import { periodMsOf, readWindow } from '../core/points/job-window.ts';
import type { Versioned } from '../core/ports/conditional-put.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { MemorySource, PointsRequest } from '../core/ports/memory-source.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const SCOPE = { provider: 'prometheus', account: 'bench', region: 'global' } as const;

const [hosts = 1_000, minutes = 60, reference = 1_440] = process.argv.slice(2, 5).map(Number);
const isSourceAlone = process.argv[5] === 'points';

/** One host of a hundred is busy for a quarter of an hour. */
const BUSY_HOSTS = 100;
const BUSY = { from: NOON + 20 * MINUTE, to: NOON + 35 * MINUTE };

const LEVELS = [0.5, 0.3, 0.6, 0, 2];

function valueAt(host: number, metric: number, time: number): number {
  const level = LEVELS[metric] ?? 0;
  if (level === 0) return noise(host, metric, time) > 0.98 ? 1 : 0;
  const isBusy = metric === 1 && host % BUSY_HOSTS === 0 && time >= BUSY.from && time < BUSY.to;
  const cycle = 0.1 * level * Math.sin((2 * Math.PI * (time % DAY)) / DAY + host);
  return (isBusy ? 0.95 : level) + cycle + 0.02 * level * (noise(host, metric, time) - 0.5);
}

/** In [0, 1). */
function noise(host: number, metric: number, time: number): number {
  let hash = Math.imul(host * 31 + metric, 2_654_435_761) ^ Math.imul(time / 1000, 1_597_334_677);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

const ids = Array.from({ length: hosts }, (_, index) => `10.0.${index >> 8}.${index & 255}:9100`);

async function* points({ metrics, window, periodMs, filters }: PointsRequest): AsyncGenerator<PointSeries> {
  const count = Math.round((window.end - window.start) / periodMs);
  for (const [index, id] of ids.entries()) {
    const resource = { ...SCOPE, id, name: `host-${index}` };
    if (!admits(filters, resource)) continue;
    for (const { name, unit } of metrics) {
      const metric = POINT_METRICS.findIndex((one) => one.name === name);
      const times = Float64Array.from({ length: count }, (_, at) => window.start + at * periodMs);
      const values = times.map((time) => valueAt(index, metric, time));
      yield { kind: 'points', resource, metric: name, part: {}, unit, window, periodMs, times, values };
    }
  }
}

const source: MemorySource = {
  scope: SCOPE,
  ingestionDelayMs: 0,
  async *read() {
    yield* [];
  },
  points,
};

const job = anomalyJobSchema.parse({
  name: 'resident',
  metrics: POINT_METRICS.map(({ name }) => name),
  everyMinutes: 1,
  periodSeconds: 60,
  referencePoints: reference,
  cycle: 'none',
  delaySeconds: 60,
});

async function openPorts(): Promise<JobPorts> {
  const bucket = createFolderBucket(await mkdtemp(join(tmpdir(), 'plimsoll-resident-')));
  return {
    pointStates: pointStatesIn(bucket),
    anomalyResults: anomalyResultsIn(bucket),
    incidents: incidentsInMemory(),
    log: { put: async () => 'stored' },
    decide: sendEverything,
    publisher: {
      ensureTopic: async () => '',
      removeTopic: async () => {},
      publish: async (events) => events.map(({ id }) => ({ id, kind: 'published' })),
    },
  };
}

function incidentsInMemory(): IncidentStore {
  const stored = new Map<string, Versioned<Incident>>();
  return {
    get: async (key) => stored.get(incidentKeyText(key)),
    async put(value, expected) {
      const key = incidentKeyText(value.key);
      if ((stored.get(key)?.version ?? 0) !== expected) return 'conflict';
      stored.set(key, { value, version: expected + 1 });
      return 'stored';
    },
    async *open() {
      for (const one of [...stored.values()]) if (one.value.status !== 'closed') yield one;
    },
    async *unsettled() {
      yield* [];
    },
    async *unsettledIn() {
      yield* [];
    },
  };
}

/** Milliseconds of processor, and of the clock. */
async function timed<Value>(work: () => Promise<Value>) {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, cpuMs: (user + system) / 1000, wallMs: performance.now() - began };
}

const mib = (bytes: number) => Math.round(bytes / 2 ** 20);

async function readAlone(): Promise<object> {
  const { cpuMs } = await timed(async () => {
    for (let minute = 0; minute < minutes; minute++) {
      const end = NOON + minute * MINUTE;
      const window = readWindow(job, { start: end - MINUTE, end }, null);
      for await (const _ of points({ metrics: POINT_METRICS, window, periodMs: periodMsOf(job), filters: [] }));
    }
  });
  return { cpuMs: cpuMs / minutes };
}

async function reside(): Promise<object> {
  const ports = await openPorts();
  const inspect = (scheduledTime: number) =>
    timed(() =>
      inspectJob(
        { tenant: 'bench', job, feeds: [], source, filters: [], policyOf: () => ({ recoverAfter: 2 }), scheduledTime },
        ports,
        { now: scheduledTime, totalMs: 300_000, remainingMs: () => 300_000 },
      ),
    );
  const learned = await inspect(NOON);
  const learnedPeak = mib(process.resourceUsage().maxRSS * 1024);
  const runs = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const { value, cpuMs, wallMs } = await inspect(NOON + minute * MINUTE);
    const { outcome, points: scored, anomalousPoints, hosts: anomalous, stateBytes } = value.run;
    if (outcome !== 'complete') throw new Error(JSON.stringify(value.run));
    runs.push({
      cpuMs,
      wallMs,
      scored,
      anomalousPoints,
      anomalous,
      stateBytes,
      rssMiB: mib(process.memoryUsage().rss),
    });
  }
  return { learned: { ...learned.value.run.series, cpuMs: learned.cpuMs, peakMiB: learnedPeak }, runs };
}

console.log(JSON.stringify(isSourceAlone ? await readAlone() : await reside()));
process.exit(0);
