/**
 * The notebook of a streaming inspection, step by step: simulate, ingest, configure a job, run it over the past and resident, query what it
 * keeps, and plot. E1 to E10 are the rows of the reference that it follows.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anomalyResultsIn } from '../../../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../../../adapters/s3/point-state-store.ts';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { run } from '../../../cli/main.ts';
import { sendEverything } from '../../../core/incidents/decide.ts';
import { type AnomalyLine, anomalyLineSchema } from '../../../core/model/anomaly-line.ts';
import type { PointReading, PointSeries } from '../../../core/model/points.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';
import { inspectJob, type JobPorts } from '../../../core/points/inspect-job.ts';
import { keptPoints, type WantedPoints } from '../../../core/points/kept-points.ts';
import { metricsOfJob } from '../../../core/points/metrics-of-job.ts';
import { aContext } from '../../cli/a-context.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { createMemoryBucket } from '../../memory/bucket.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';

const HOURS = 3;
const START = NOON - HOURS * HOUR;

/** `data_meta`, `algo_meta` and `schedule_meta` of the notebook, as an account of a config has them. */
const CONFIG = tenantConfigSchema.parse({
  version: 1,
  tenant: 'acme',
  accounts: [
    {
      provider: 'prometheus',
      account: 'monitor',
      url: 'https://monitor.example.com',
      feeds: [
        {
          query: '{__name__=~"system.*"}',
          entity: ['hostname', 'ip'],
          columns: [
            { name: 'cpu_util', column: 'system.cpu.utilization', direction: 'up', lower: 0, upper: 1 },
            { name: 'system_load1', column: 'system.cpu.load_average.1m', unit: '{thread}', direction: 'up', lower: 0 },
          ],
        },
      ],
      anomalies: [
        {
          name: 'machines',
          metrics: ['cpu_util', 'system_load1'],
          everyMinutes: 1,
          periodSeconds: 60,
          referencePoints: 60,
          cycle: 'none',
          delaySeconds: 60,
          keep: 'anomalies',
        },
      ],
    },
  ],
});
const [ACCOUNT] = CONFIG.accounts;
const FEEDS = ACCOUNT?.feeds ?? [];
const [JOB] = ACCOUNT?.anomalies ?? [];

interface Truth {
  readonly host: string;
  readonly metric: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

describe('the notebook of a streaming inspection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-notebook-'));
  const [points, truthFile] = [join(folder, 'points.ndjson'), join(folder, 'truth.ndjson')];
  const bucket = createMemoryBucket();
  const results = anomalyResultsIn(bucket);
  let truths: readonly Truth[] = [];
  let kept: readonly AnomalyLine[] = [];
  const outcomes: string[] = [];

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    await command(
      'simulate',
      '--hosts',
      '2',
      '--metrics',
      'cpu_util,system_load1',
      '--step',
      '1s',
      '--hours',
      String(HOURS),
      ...[
        ...['--to', new Date(NOON).toISOString(), '--anomalies', 'spike,none,none,shift', '--seed', '7'],
        ...['--labels', 'hostname,ip', '--output', points, '--truth', truthFile],
      ],
    );
    truths = readFileSync(truthFile, 'utf8').trim().split('\n').map(truthOf);
    await inspectResident();
    kept = await query({});
  });

  /** As if it were run on schedule: each inspection takes in what is new since the one before. */
  async function inspectResident() {
    if (JOB === undefined) throw new Error('the config has a job');
    const publisher = createMemoryPublisher();
    await publisher.ensureTopic('acme');
    const ports: JobPorts = {
      pointStates: pointStatesIn(bucket),
      anomalyResults: results,
      incidents: createMemoryIncidentStore(),
      log: createMemoryEventLog(),
      publisher,
      decide: sendEverything,
    };
    const source = traceFileSource({ files: [points] });
    for (let scheduledTime = START + 90 * MINUTE; scheduledTime <= NOON; scheduledTime += 45 * MINUTE) {
      const request = {
        tenant: 'acme',
        job: JOB,
        feeds: FEEDS,
        filters: [],
        source,
        scheduledTime,
        policyOf: () => ({ recoverAfter: 2 }),
      };
      const deadline = { now: scheduledTime, totalMs: 300_000, remainingMs: () => 300_000 };
      outcomes.push((await inspectJob(request, ports, deadline)).run.outcome);
    }
  }

  /** What `plimsoll anomalies list`, the API and the queries of Athena give of what the job keeps. */
  async function query(wanted: Partial<WantedPoints>): Promise<readonly AnomalyLine[]> {
    const window = { start: START, end: NOON };
    const page = await keptPoints({ within: { tenant: 'acme' }, window, limit: 1000, ...wanted }, results);
    expect(page.unreadable).toEqual([]);
    return page.lines;
  }

  async function readFeed(): Promise<PointReading[]> {
    const { metrics } = metricsOfJob({ metrics: ['cpu_util'] }, FEEDS);
    const request = { metrics, window: { start: START, end: NOON }, periodMs: MINUTE, filters: [] };
    return await Array.fromAsync(traceFileSource({ files: [points] }).points?.(request, { count() {} }) ?? []);
  }

  it('E1: simulates and ingests points at steps of a second', async () => {
    const [first] = readFileSync(points, 'utf8').split('\n', 1);

    expect(JSON.parse(first ?? '')).toMatchObject({ host: 'web-1', hostname: 'web-1', ip: '10.0.0.1' });
    expect(truths.map(({ host, kind }) => [host, kind])).toEqual([
      ['web-1', 'spike'],
      ['web-2', 'shift'],
    ]);
  });

  it('E3, E4: reads a feed as one series of each host that its entity names', async () => {
    const readings = await readFeed();

    expect(readings.map((reading) => reading.kind === 'points' && [reading.resource.id, reading.times.length])).toEqual(
      [
        ['web-1/10.0.0.1', HOURS * 60],
        ['web-2/10.0.0.2', HOURS * 60],
      ],
    );
  });

  it('E5, E6: runs a job over the past, bounded, and finds what went wrong', async () => {
    const [spike] = truths;
    const from = new Date(START + HOUR).toISOString();
    const { code, out } = await command(
      'inspect',
      '--traces',
      points,
      '--metric',
      'system.cpu.utilization',
      '--json',
      ...[
        ...[
          '--period',
          '60',
          '--reference',
          '60',
          '--cycle',
          'none',
          '--from',
          from,
          '--to',
          new Date(NOON).toISOString(),
        ],
      ],
    );

    expect(code).toBe(3);
    const lines = out.split('\n').map((line) => anomalyLineSchema.decode(JSON.parse(line)));
    expect(lines.filter((line) => spike && isWithin(line, spike)).length).toBeGreaterThanOrEqual(10);
    expect(lines.every(({ is_anomaly }) => is_anomaly)).toBe(true);
  });

  it('E7: runs it resident too, each time from where the last inspection ended', () => {
    expect(new Set(outcomes)).toEqual(new Set(['complete']));
    expect(outcomes.length).toBeGreaterThan(2);
  });

  it('E8, E9: keeps a row a point, of which the newest come first', () => {
    const rows = kept.map(({ time, host, metric, score, type }) => ({ time, host, metric, score, type }));

    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).toSorted((a, b) => b - a));
    expect(rows[0]).toMatchObject({ host: 'web-2/10.0.0.2', metric: 'system_load1' });
    const found = truths.map((truth) => kept.filter((line) => isOf(line, truth) && isWithin(line, truth)).length);
    expect(found.every((points) => points >= 10)).toBe(true);
  });

  it('E10: joins the anomalies of one host and metric above .5 onto its series', async () => {
    const [spike] = truths;
    const series = (await readFeed()).find((reading): reading is PointSeries => reading.kind === 'points');
    const found = await query({ host: series?.resource.id, metric: 'cpu_util', minScore: 0.5 });
    const anomalous = new Map(found.map((line) => [line.time, line]));

    const joined = [...(series?.times ?? [])].map((time, index) => ({
      time,
      value: series?.values[index] ?? Number.NaN,
      score: anomalous.get(time)?.score ?? 0,
      label: anomalous.has(time) ? 1 : 0,
    }));

    expect(joined).toHaveLength(HOURS * 60);
    const marked = joined.filter(({ label }) => label === 1);
    expect(marked.length).toBeGreaterThanOrEqual(10);
    expect(
      marked.filter(({ time }) => spike && time >= spike.start - MINUTE && time < spike.end).length / marked.length,
    ).toBeGreaterThan(0.7);
    // What is kept is what the series has.
    for (const { time, value } of marked) expect(anomalous.get(time)?.value).toBeCloseTo(value, 4);
  });

  it('E3, E10: plots the curve with the anomalous points marked', async () => {
    const { out } = await command(
      'inspect',
      '--traces',
      points,
      '--metric',
      'system.cpu.utilization',
      '--include',
      'id=web-1',
      ...[
        ...['--period', '60', '--reference', '60', '--cycle', 'none', '--from', new Date(START + HOUR).toISOString()],
        ...['--to', new Date(NOON).toISOString()],
      ],
    );

    expect(out).toContain('web-1  system.cpu.utilization');
    expect(out).toMatch(/anomal/i);
  });
});

async function command(...args: string[]) {
  const { context, out, err } = aContext();
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

function truthOf(line: string): Truth {
  const { start, end, ...truth } = JSON.parse(line);
  return { ...truth, start: Date.parse(start), end: Date.parse(end) };
}

/** A period may begin before the anomaly in it. */
function isWithin({ time }: Pick<AnomalyLine, 'time'>, { start, end }: Truth): boolean {
  return time > start - MINUTE && time < end;
}

function isOf({ host, metric }: AnomalyLine, truth: Truth): boolean {
  const name = truth.metric === 'system.cpu.utilization' ? 'cpu_util' : 'system_load1';
  return host.startsWith(`${truth.host}/`) && metric === name;
}
