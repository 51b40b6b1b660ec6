/** The way of samples from a body to an inspection, stage by stage, over the bucket of the sandbox: what each takes. */
import { Logger } from '@aws-lambda-powertools/logger';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createMetricsReader } from '../adapters/otlp/reader.ts';
import { otlpSource } from '../adapters/otlp/source.ts';
import { createSampleStore } from '../adapters/s3/sample-store.ts';
import { sampleMessages } from '../adapters/sqs/sample-message.ts';
import { foldMetrics, READ_METRICS } from '../core/ingest/fold.ts';
import { combineChunks, type SampleChunk } from '../core/model/sample-chunk.ts';
import { MEMORY_UTILIZATION, type Span } from '../core/model/series.ts';
import type { SampleStore } from '../core/ports/sample-store.ts';
import { storeSampleMessages } from '../functions/sample-messages.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { bodyOf, HOUR, hostId, type Load, MINUTE } from './otlp-load.ts';

const BUCKET = 'plimsoll-bench';
const OF = { tenant: 'acme', account: 'production' };
const SETTINGS = { groupAttribute: 'service.name', keepAttributes: ['os.type'], commandPatterns: [] };

export interface Stage {
  /** Times that it was begun: requests, batches, hours. */
  readonly runs: number;
  /** Of all cores: what a machine does beside does not count. */
  readonly cpuMs: number;
  readonly puts: number;
  readonly gets: number;
  readonly lists: number;
  readonly bytes: number;
}

export interface Stages {
  readonly receive: Stage;
  readonly store: Stage;
  readonly merge: Stage;
  readonly read: Stage;
  readonly consumers: Stage;
  /** Bytes of all bodies as they were sent, and of all messages. */
  readonly sentBytes: number;
  readonly messageBytes: number;
  /** Chunks of 64 KiB of the messages, which a queue bills. */
  readonly messageUnits: number;
  readonly samples: number;
  readonly storedBytes: number;
}

/** @param hours Hours that an inspection reads. @param begins Epoch milliseconds of the hour that is sent. */
export async function runStages(load: Load, hours: number, begins: number): Promise<Stages> {
  await using sandbox = await startSandbox();
  const client = new S3Client({ ...sandbox.inProcess('eu-central-1'), maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const counts = countCommands(client);
  const store = createSampleStore({ client, bucket: BUCKET });
  const timed = async (work: () => Promise<number>): Promise<Stage> => {
    const before = { ...counts };
    const began = process.cpuUsage();
    const runs = await work();
    const used = (name: keyof typeof counts) => counts[name] - before[name];
    const { user, system } = process.cpuUsage(began);
    const cpuMs = (user + system) / 1000;
    return { runs, cpuMs, puts: used('puts'), gets: used('gets'), lists: used('lists'), bytes: used('bytes') };
  };

  const sent = await receiveAndStore(load, begins, store, timed);
  const merge = await timed(() => store.merge(OF, { start: begins, end: begins + HOUR }));
  const storedBytes = merge.bytes;
  await fillHours(store, { begins, hours, host: hostId(7) });
  const span: Span = {
    window: { start: begins + HOUR - hours * HOUR, end: begins + HOUR },
    periodMs: 15 * MINUTE,
    statistic: 'minimum',
  };
  const source = otlpSource({ ...OF, store });
  const read = await timed(async () => {
    const request = { metric: MEMORY_UTILIZATION, span, filters: [] };
    const readings = await Array.fromAsync(source.read(request, { count() {} }));
    const series = readings.filter(({ kind }) => kind === 'series');
    if (series.length !== load.hosts) throw new Error(`${series.length} of ${load.hosts} hosts were read`);
    return 1;
  });
  const consumers = await timed(async () => {
    const host = { provider: 'otlp', account: OF.account, region: 'global', id: hostId(7) } as const;
    const found = await Array.fromAsync(source.consumers(host, { ...span, statistic: 'average' }, { count() {} }));
    if (found.length !== Math.min(20, load.processes)) throw new Error(`${found.length} consumers were read`);
    return 1;
  });
  client.destroy();
  return { ...sent, merge, read, consumers, storedBytes };
}

type Timed = (work: () => Promise<number>) => Promise<Stage>;

/** Minute by minute: what is received in it is a batch. */
async function receiveAndStore(load: Load, begins: number, store: SampleStore, timed: Timed) {
  const reader = createMetricsReader();
  const logger = new Logger({ logLevel: 'SILENT' });
  const received: Stage[] = [];
  const stored: Stage[] = [];
  let [sentBytes, messageBytes, messageUnits, samples] = [0, 0, 0, 0];
  for (let minute = 0; minute < 60; minute++) {
    // The last collection of the hour is within it.
    const end = begins + minute * MINUTE;
    const hosts = Array.from({ length: load.hosts }, (_, host) => host).filter(
      (host) => host % load.everyMinutes === minute % load.everyMinutes,
    );
    const bodies = hosts.map((host) => bodyOf(load, host, end));
    const messages: string[] = [];
    const stage = await timed(async () => {
      for (const body of bodies) {
        const read = await reader.read(
          { contentType: 'application/json', contentEncoding: 'gzip', body },
          READ_METRICS,
        );
        if ('kind' in read) throw new Error(read.message);
        const { hosts: own, series, acceptedPoints } = foldMetrics(read, SETTINGS, end);
        samples += acceptedPoints;
        messages.push(...(await sampleMessages({ version: 1, ...OF, receivedAt: end, hosts: own, series })));
      }
      return bodies.length;
    });
    received.push(stage);
    sentBytes += bodies.reduce((sum, { length }) => sum + length, 0);
    messageBytes += messages.reduce((sum, { length }) => sum + length, 0);
    messageUnits += messages.reduce((sum, { length }) => sum + Math.ceil(length / 65_536), 0);
    const Records = messages.map((body, index) => ({ messageId: `${minute}-${index}`, body, eventSource: 'aws:sqs' }));
    stored.push(
      await timed(async () => {
        const { batchItemFailures } = await storeSampleMessages({ Records }, { ports: { samples: store }, logger });
        if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages were not stored`);
        return 1;
      }),
    );
  }
  return { receive: total(received), store: total(stored), sentBytes, messageBytes, messageUnits, samples };
}

/** The hour again in each of those before it: of all hosts, and of the processes of those in one bucket with a host. */
async function fillHours(store: SampleStore, { begins, hours, host }: { begins: number; hours: number; host: string }) {
  const window = { start: begins, end: begins + HOUR };
  const own = combineChunks(await Array.fromAsync(store.hosts(OF, window)));
  const processes = combineChunks(await Array.fromAsync(store.processes(OF, host, window)));
  for (let back = 1; back < hours; back++) {
    await store.put(OF, begins - back * HOUR, 'again', shifted(own, back * HOUR));
    await store.put(OF, begins - back * HOUR, 'processes', shifted(processes, back * HOUR));
  }
}

function shifted({ hosts, series }: SampleChunk, by: number): SampleChunk {
  return { hosts, series: series.map((one) => ({ ...one, times: one.times.map((time) => time - by) })) };
}

function total(stages: readonly Stage[]): Stage {
  const sum = (of: (stage: Stage) => number) => stages.reduce((all, stage) => all + of(stage), 0);
  return {
    runs: sum(({ runs }) => runs),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    puts: sum(({ puts }) => puts),
    gets: sum(({ gets }) => gets),
    lists: sum(({ lists }) => lists),
    bytes: sum(({ bytes }) => bytes),
  };
}

function countCommands(client: S3Client) {
  const counts = { puts: 0, gets: 0, lists: 0, bytes: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'GetObjectCommand') counts.gets++;
        else if (commandName === 'ListObjectsV2Command') counts.lists++;
        else if (commandName === 'PutObjectCommand') {
          counts.puts++;
          const { input } = args;
          if ('Body' in input && input.Body instanceof Uint8Array) counts.bytes += input.Body.length;
        }
        return next(args);
      },
    { step: 'initialize', name: 'count' },
  );
  return counts;
}
