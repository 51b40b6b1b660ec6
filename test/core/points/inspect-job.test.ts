/** One job of an account and region, inspected minute by minute: what it keeps, what it reports, and that a kill loses and doubles nothing. */
import { describe, expect, it } from 'vitest';
import { anomalyResultsIn } from '../../../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../../../adapters/s3/point-state-store.ts';
import { settingsOf } from '../../../core/detector/anomaly/settings.ts';
import { sendEverything } from '../../../core/incidents/decide.ts';
import { sweep } from '../../../core/incidents/sweep.ts';
import type { AnomalyJob } from '../../../core/model/anomaly-job.ts';
import type { PointMetric } from '../../../core/model/points.ts';
import { inspectJob, type JobPorts } from '../../../core/points/inspect-job.ts';
import { endOfPoints } from '../../../core/points/job-window.ts';
import { metricsOfJob } from '../../../core/points/metrics-of-job.ts';
import { replayPoints } from '../../../core/points/replay.ts';
import { SourceError, StoreError } from '../../../core/ports/errors.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJob, aJobRef, aPointWorld, healthyAt, type PointAt, type PointWorld } from '../../fixtures/point-jobs.ts';
import { createMemoryBucket } from '../../memory/bucket.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';

/** What a job writes, with an account of it. */
async function aDeployment() {
  const bucket = createMemoryBucket();
  const results = anomalyResultsIn(bucket);
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
  const day = new Date(NOON).toISOString().slice(0, 10);
  return {
    ports,
    bucket,
    published: () => (publisher.published.get('acme') ?? []).map(({ data }) => data.kind),
    eventIds: () => (publisher.published.get('acme') ?? []).map(({ id }) => id),
    async lines() {
      const cells = (await results.cells({ tenant: 'acme' }, day)).toReversed();
      return (await Promise.all(cells.map((cell) => Array.fromAsync(results.lines(cell))))).flat();
    },
  };
}

function inspect(world: PointWorld, ports: JobPorts, scheduledTime: number, job: AnomalyJob = aJob()) {
  const request = {
    ...{ tenant: 'acme', job, feeds: [], filters: [], scheduledTime },
    source: world.source,
    policyOf: () => ({ recoverAfter: 2 }),
  };
  const deadline = { now: scheduledTime, totalMs: 300_000, remainingMs: () => 300_000 };
  return inspectJob(request, ports, deadline);
}

/** Every minute of a span, the first and the last one included. */
async function resident(world: PointWorld, ports: JobPorts, from: number, minutes: number, job?: AnomalyJob) {
  const runs = [];
  for (let minute = 0; minute <= minutes; minute++)
    runs.push((await inspect(world, ports, from + minute * MINUTE, job)).run);
  return runs;
}

/** Every ten minutes of a span, its end included: each inspection takes in ten points. */
async function seldom(world: PointWorld, ports: JobPorts, from: number, minutes: number, job?: AnomalyJob) {
  const runs = [];
  for (let minute = 10; minute <= minutes; minute += 10)
    runs.push((await inspect(world, ports, from + minute * MINUTE, job)).run);
  return runs;
}

/** One host is busy from a time on. */
const busyFrom =
  (from: number, host = 'i-1'): PointAt =>
  (id, metric, time) =>
    id === host && time >= from ? 0.95 : healthyAt(id, metric, time);

describe('a job that is inspected every minute', () => {
  it('learns what is before it, and then takes in a point a minute', async () => {
    const { ports } = await aDeployment();
    const world = aPointWorld();

    const [first, second] = await resident(world, ports, NOON, 1);

    expect(first).toMatchObject({ outcome: 'complete', points: 2, series: { known: 2, learned: 2, waiting: 0 } });
    expect(first?.window).toEqual({ start: NOON - 2 * MINUTE, end: NOON - MINUTE });
    expect(second).toMatchObject({ outcome: 'complete', points: 2, series: { known: 2, learned: 0 } });
    expect(second?.window).toEqual({ start: NOON - MINUTE, end: NOON });
    expect(world.requests.map(({ window }) => (window.end - window.start) / MINUTE)).toEqual([6, 121, 6]);
  });

  it('keeps anomalous points, opens an incident of those that last, and ends it', async () => {
    const { ports, lines, published } = await aDeployment();
    const world = aPointWorld();
    await inspect(world, ports, NOON - MINUTE);
    world.at = busyFrom(NOON);

    const runs = await resident(world, ports, NOON, 30);
    world.at = healthyAt;
    await seldom(world, ports, NOON + 30 * MINUTE, 90);

    const own = (await lines()).filter(({ host, time }) => host === 'i-1' && time >= NOON);
    expect(own.length).toBeGreaterThan(3);
    expect(own[0]).toMatchObject({ time: NOON, job: 'resident', value: 0.95, is_anomaly: true, type: 'spike' });
    expect(runs.at(-1)?.hosts).toBe(1);
    expect(published()).toEqual(expect.arrayContaining(['opened', 'recovered']));
    expect(published().filter((kind) => kind === 'opened')).toHaveLength(1);
  });

  it('keeps all points where the job has them kept, and reports nothing where it does not', async () => {
    const { ports, lines, published } = await aDeployment();
    const world = aPointWorld(['i-1'], busyFrom(NOON - 8 * MINUTE));

    await resident(world, ports, NOON - 10 * MINUTE, 10, aJob({ keep: 'all', report: false }));

    expect(await lines()).toHaveLength(11);
    expect(published()).toEqual([]);
  });

  it('does nothing twice for the same time, whoever sends it', async () => {
    const { ports, bucket } = await aDeployment();
    const world = aPointWorld();
    await inspect(world, ports, NOON);
    const before = await ports.pointStates.get(aJobRef());

    const { run } = await inspect(world, ports, NOON);

    expect(run.outcome).toBe('up_to_date');
    expect(await ports.pointStates.get(aJobRef())).toEqual(before);
    expect(bucket.keys()).toHaveLength(2);
  });

  it('takes in points that came late, and no point twice', async () => {
    const { ports, lines } = await aDeployment();
    const world = aPointWorld(['i-1']);
    const job = aJob({ keep: 'all' });
    await resident(world, ports, NOON - 10 * MINUTE, 9, job);
    const lateFrom = NOON - MINUTE;
    world.at = (host, metric, time) => (time >= lateFrom ? undefined : healthyAt(host, metric, time));
    await resident(world, ports, NOON, 3, job);
    world.at = healthyAt;

    await inspect(world, ports, NOON + 4 * MINUTE, job);

    const times = (await lines()).map(({ time }) => (time - NOON) / MINUTE).sort((a, b) => a - b);
    expect(times).toEqual([-12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2]);
  });
});

describe('a read that fails', () => {
  it('of a host makes the run partial, and its points are read later', async () => {
    const { ports, lines } = await aDeployment();
    const world = aPointWorld();
    const job = aJob({ keep: 'all' });
    await inspect(world, ports, NOON, job);
    world.unreadable.add('i-1');
    const partial = await resident(world, ports, NOON + MINUTE, 9, job);
    world.unreadable.clear();

    const { run } = await inspect(world, ports, NOON + 11 * MINUTE, job);

    expect(partial[0]).toMatchObject({ outcome: 'partial', series: { unreadable: 1 }, points: 1 });
    expect(partial[0]?.failures).toEqual([expect.stringContaining('i-1: throttled: too many requests')]);
    expect(run).toMatchObject({ outcome: 'complete', points: 12 });
    expect((await lines()).filter(({ host }) => host === 'i-1')).toHaveLength(12);
  });

  it('of everything stores nothing, and the next one catches up', async () => {
    const { ports, lines } = await aDeployment();
    const world = aPointWorld(['i-1']);
    const job = aJob({ keep: 'all' });
    await inspect(world, ports, NOON, job);
    world.isDown = true;
    const [failed] = await resident(world, ports, NOON + MINUTE, 1, job);
    world.isDown = false;

    const { run } = await inspect(world, ports, NOON + 90 * MINUTE, job);

    expect(failed).toMatchObject({ outcome: 'failed', points: 0, failures: [expect.stringContaining('denied')] });
    expect(run.window).toEqual({ start: NOON - MINUTE, end: NOON + 89 * MINUTE });
    expect(await lines()).toHaveLength(91);
  });

  it('for more than a day is caught up with from a day ago, which is stated', async () => {
    const { ports } = await aDeployment();
    const world = aPointWorld(['i-1']);
    await inspect(world, ports, NOON);

    const { run } = await inspect(world, ports, NOON + 30 * HOUR);

    expect(run.outcome).toBe('partial');
    expect(run.failures).toEqual([expect.stringMatching(/are left out: no inspection ran for more than a day/)]);
  });

  it('is never health: the incident of a host without points stays open', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld(['i-1', 'i-2']);
    await inspect(world, ports, NOON - MINUTE);
    world.at = busyFrom(NOON);
    await resident(world, ports, NOON, 30);
    world.unreadable.add('i-1');

    const runs = await seldom(world, ports, NOON + 30 * MINUTE, 90);

    expect(published()).not.toContain('recovered');
    expect(runs.at(-1)?.series.stopped).toBe(1);
    expect(runs.at(-1)?.stopped).toEqual([expect.stringMatching(/^i-1 system.cpu.utilization: no points since/)]);
  });
});

describe('a host that is gone', () => {
  it('is forgotten a day after its last point, and its incident stays to be ended by the inspection that lists hosts', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld();
    await inspect(world, ports, NOON - MINUTE);
    world.at = busyFrom(NOON);
    await resident(world, ports, NOON, 30);
    const left = aPointWorld(['i-2']);

    const stopped = await inspect(left, ports, NOON + 2 * HOUR);
    expect(published()).not.toContain('host_gone');
    await inspect(left, ports, NOON + 25 * HOUR);
    const { run } = await inspect(left, ports, NOON + 25 * HOUR + MINUTE);

    expect(stopped.run.series).toMatchObject({ known: 2, stopped: 1 });
    expect(run.series).toMatchObject({ known: 1, stopped: 0 });
    expect(published()).toContain('no_data');
    expect(published()).not.toContain('host_gone');
  });
});

describe('series that are new', () => {
  it('wait while they have too few points, and are not read every time', async () => {
    const { ports } = await aDeployment();
    const from = NOON - 10 * MINUTE;
    const world = aPointWorld(['i-1', 'i-new'], (host, metric, time) =>
      host === 'i-new' && time < from ? undefined : healthyAt(host, metric, time),
    );

    const runs = await resident(world, ports, NOON, 40);

    expect(runs[0]?.series).toMatchObject({ known: 1, waiting: 1 });
    expect(runs.at(-1)?.series).toMatchObject({ known: 2, waiting: 0 });
    expect(world.requests.filter(({ window }) => window.end - window.start > HOUR).length).toBeLessThan(5);
  });

  it('are learned anew where the job is another', async () => {
    const { ports } = await aDeployment();
    const world = aPointWorld();
    await inspect(world, ports, NOON);

    const other = await inspect(world, ports, NOON + MINUTE, aJob({ referencePoints: 90 }));
    const stricter = await inspect(world, ports, NOON + 2 * MINUTE, aJob({ referencePoints: 90, threshold: 0.999 }));

    expect(other.run.series.learned).toBe(2);
    expect(stricter.run.series.learned).toBe(0);
  });
});

/** Errors in every seventh minute, and in each of ten minutes. */
const errorsOf: PointAt = (host, metric, time) => {
  if (metric !== 'system.network.errors') return healthyAt(host, metric, time);
  if (time >= NOON && time < NOON + 10 * MINUTE) return 40;
  return time % (7 * MINUTE) === 0 ? 2 : undefined;
};

/** Reads processors, and then fails. */
function endingEarly({ points }: PointWorld['source']): NonNullable<PointWorld['source']['points']> {
  return async function* (request, meter) {
    for await (const reading of points?.({ ...request, metrics: request.metrics.slice(0, 1) }, meter) ?? [])
      yield reading;
    throw new SourceError('the query times out', { reason: 'unavailable', retryable: true });
  };
}

const SPARSE: Partial<AnomalyJob> = { metrics: ['system.cpu.utilization', 'system.network.errors'], keep: 'all' };

describe('a sparse metric', () => {
  it('has no points where nothing was counted, and its episode ends there', async () => {
    const { ports, lines, published } = await aDeployment();
    const world = aPointWorld(['i-1'], errorsOf);

    await resident(world, ports, NOON - 2 * MINUTE, 42, aJob(SPARSE));

    const errors = (await lines()).filter(({ metric }) => metric === 'system.network.errors');
    expect(errors.every(({ value }) => value > 0)).toBe(true);
    expect(published()).toEqual(['opened', 'recovered']);
  });

  it('does not end an episode where its host has no points at all', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld(['i-1'], errorsOf);
    await resident(world, ports, NOON - 2 * MINUTE, 13, aJob(SPARSE));
    world.at = () => undefined;

    await resident(world, ports, NOON + 12 * MINUTE, 20, aJob(SPARSE));

    expect(published()).not.toContain('recovered');
  });

  it('ends an episode of a host that was read, although another one cannot be', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld(['i-1', 'i-2'], errorsOf);
    await resident(world, ports, NOON - 20 * MINUTE, 31, aJob(SPARSE));
    world.unreadable.add('i-2');

    await resident(world, ports, NOON + 12 * MINUTE, 20, aJob(SPARSE));

    expect(published()).toEqual(['opened', 'opened', 'recovered']);
  });

  it('has no zeros where a read ended early', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld(['i-1'], errorsOf);
    await resident(world, ports, NOON - 20 * MINUTE, 28, aJob(SPARSE));
    const broken = { ...world, source: { ...world.source, points: endingEarly(world.source) } };

    await resident(broken, ports, NOON + 9 * MINUTE, 20, aJob(SPARSE));

    expect(published()).toEqual(['opened']);
  });

  it('does not end an episode by periods that nobody could read', async () => {
    const { ports, published } = await aDeployment();
    const world = aPointWorld(['i-1'], errorsOf);
    await resident(world, ports, NOON - 2 * MINUTE, 10, aJob(SPARSE));
    world.unreadable.add('i-1');
    await seldom(world, ports, NOON + 9 * MINUTE, 120, aJob(SPARSE));
    world.unreadable.clear();
    world.at = (host, metric, time) => (metric === 'system.network.errors' ? 40 : healthyAt(host, metric, time));

    await inspect(world, ports, NOON + 130 * MINUTE, aJob(SPARSE));

    expect(published()).toEqual(['opened']);
  });
});

describe('a replay', () => {
  it('has the scores and episodes of the resident job that read the same points', async () => {
    const metrics = ['system.cpu.utilization', 'system.network.errors'];
    const job = aJob({ metrics, keep: 'all', delaySeconds: 0 });
    const { ports, lines } = await aDeployment();
    const world = aPointWorld(['i-1'], (host, metric, time) =>
      metric === 'system.cpu.utilization'
        ? busyFrom(NOON + 30 * MINUTE)(host, metric, time)
        : errorsOf(host, metric, time),
    );
    const window = { start: NOON - 20 * MINUTE, end: NOON + 60 * MINUTE };
    await resident(world, ports, window.start + MINUTE, 79, job);

    const request = {
      window,
      filters: [],
      metrics: metricsOfJob(job).metrics,
      settingsOf: (metric: PointMetric) => settingsOf(job, metric),
    };
    const replayed = await Array.fromAsync(replayPoints(world.source, request, { count: () => undefined }));

    const kept = await lines();
    const states = (await ports.pointStates.get(aJobRef()))?.value?.series.map(({ state }) => state);
    const inspections = replayed.flatMap((one) =>
      one.kind === 'inspected' && one.inspection.kind === 'inspected'
        ? [{ ...one.inspection, metric: one.metric.name }]
        : [],
    );
    for (const { metric, scored } of inspections)
      expect(kept.filter((line) => line.metric === metric)).toMatchObject(
        scored.map(({ time, isAnomaly, type }) => ({ time, is_anomaly: isAnomaly, type })),
      );
    expect(inspections.map(({ state }) => state)).toEqual(states);
    expect(inspections.flatMap(({ episodes }) => episodes).map(({ type, goesOn }) => [type, goesOn])).toEqual([
      ['flat_line', true],
      ['spike', false],
    ]);
  });
});

describe('the end of the points', () => {
  it('is no later than now, if the clock of the sender is ahead', async () => {
    const { ports } = await aDeployment();
    const request = {
      ...{ tenant: 'acme', job: aJob(), feeds: [], filters: [] },
      source: aPointWorld().source,
      policyOf: () => ({ recoverAfter: 2 }),
    };
    const deadline = { now: NOON, totalMs: 300_000, remainingMs: () => 300_000 };

    const { run } = await inspectJob({ ...request, scheduledTime: NOON + 10 * MINUTE }, ports, deadline);

    expect(run.window?.end).toBe(NOON - MINUTE);
  });

  it('is no earlier than they arrive, whatever delay the job has', () => {
    const job = aJob({ delaySeconds: 60 });
    expect(endOfPoints(job, NOON, 5 * MINUTE)).toBe(NOON - 5 * MINUTE);
    expect(endOfPoints(job, NOON, 0)).toBe(NOON - MINUTE);
  });
});

/** Makes the n-th write fail, before or after it has happened. */
function killedAt(ports: JobPorts, at: number, isDone: boolean): JobPorts {
  let writes = 0;
  const killing =
    <Input extends unknown[], Output>(write: (...input: Input) => Promise<Output>) =>
    async (...input: Input): Promise<Output> => {
      const isLast = ++writes === at;
      if (writes > at || (isLast && !isDone)) throw new StoreError('killed');
      const output = await write(...input);
      if (isLast) throw new StoreError('killed');
      return output;
    };
  return {
    ...ports,
    pointStates: {
      ...ports.pointStates,
      put: killing(ports.pointStates.put),
      putRun: killing(ports.pointStates.putRun),
    },
    anomalyResults: { put: killing(ports.anomalyResults.put) },
    incidents: { ...ports.incidents, put: killing(ports.incidents.put) },
    log: { ...ports.log, put: killing(ports.log.put) },
    publisher: { ...ports.publisher, publish: killing(ports.publisher.publish) },
  };
}

describe('an inspection that is killed', () => {
  /** A minute in which an incident opens, found by the undisturbed run. */
  const prepare = async () => {
    const deployment = await aDeployment();
    const world = aPointWorld();
    await inspect(world, deployment.ports, NOON - MINUTE);
    world.at = busyFrom(NOON - 5 * MINUTE);
    return { ...deployment, world };
  };

  it('at any of its writes loses nothing and doubles nothing', async () => {
    const undisturbed = await prepare();
    await inspect(undisturbed.world, undisturbed.ports, NOON + 9 * MINUTE);
    await inspect(undisturbed.world, undisturbed.ports, NOON + 12 * MINUTE);
    const state = (await undisturbed.ports.pointStates.get(aJobRef()))?.value;
    expect(undisturbed.published()[0]).toBe('opened');

    for (const isDone of [false, true])
      for (let at = 1; at <= 8; at++) {
        const { ports, world, lines, published, eventIds } = await prepare();
        await inspect(world, killedAt(ports, at, isDone), NOON + 9 * MINUTE).catch((error: unknown) => {
          if (!(error instanceof StoreError)) throw error;
        });

        // The next one comes later, and takes in more at once.
        await inspect(world, ports, NOON + 12 * MINUTE);

        expect(await lines()).toEqual(await undisturbed.lines());
        expect((await ports.pointStates.get(aJobRef()))?.value).toEqual(state);
        await sweep(ports, { now: NOON + HOUR });
        const open = await Array.fromAsync(ports.incidents.open('acme', world.source.scope));
        expect(open.map(({ value }) => [value.key.host, value.outbox.length])).toEqual([['i-1', 0]]);
        // An event that was sent twice has the same id twice.
        expect(new Set(eventIds()).size).toBe(open[0]?.value.transition ?? 0);
        expect(published()[0]).toBe('opened');
      }
  });

  it('is not hurt by a copy of itself that takes in more', async () => {
    const { ports, world, lines } = await prepare();
    const alone = await prepare();
    await inspect(alone.world, alone.ports, NOON + 12 * MINUTE);
    const slow: JobPorts = {
      ...ports,
      pointStates: {
        ...ports.pointStates,
        async put(...input) {
          await inspect(world, ports, NOON + 12 * MINUTE);
          return ports.pointStates.put(...input);
        },
      },
    };

    const { run } = await inspect(world, slow, NOON + 9 * MINUTE);

    expect(run.outcome).toBe('superseded');
    expect(await lines()).toEqual(await alone.lines());
  });
});
