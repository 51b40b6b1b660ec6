/**
 * Answers a request to read one metric of a host: the tenant's config decides what may be read, and its cost cap whether it is, as of the memory
 * of a host. It is inspected by the job of the config that has the metric. Nothing is recorded.
 */
import { settingsOf } from '../detector/anomaly/settings.ts';
import type { HostReadPorts } from '../inspection/answer-host-read.ts';
import { type Located, locate, whenReadEnds, whyAhead, whyOverCap } from '../inspection/answer-host-read.ts';
import type { Deadline } from '../inspection/deadline.ts';
import { createMeter, estimateCost } from '../inspection/run-summary.ts';
import { clip } from '../messages/plain-text.ts';
import { notReadText } from '../messages/readings.ts';
import { type AnomalyJob, anomalyJobSchema } from '../model/anomaly-job.ts';
import { MOST_READ_DAYS, type PointReadAnswer, type PointReadRequest, refusedPoints } from '../model/point-read.ts';
import { type PointMetric, partText } from '../model/points.ts';
import type { Window } from '../model/series.ts';
import { monthOf } from '../model/spend.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { composeView } from './compose-view.ts';
import { metricsOfJob } from './metrics-of-job.ts';
import { type Replayed, replayPoints } from './replay.ts';

/** Points that are scored of one series: a day of seconds. */
const MOST_READ_POINTS = 86_400;

const DAY_MS = 86_400_000;
const REASON_LENGTH = 1000;

/** Throws `StoreError` when a store fails. */
export async function answerPointRead(
  request: PointReadRequest,
  ports: HostReadPorts,
  deadline: Deadline,
): Promise<PointReadAnswer> {
  const stored = await ports.configs.get(request.tenant);
  const ahead = whyAhead(request.to, deadline.now);
  if (ahead !== undefined) return refusedPoints('malformed', ahead);
  const located = locate(request, stored, ports.provider);
  if ('refusal' in located) return refusedPoints(located.refusal, located.reason);
  const overCap = await whyOverCap(located.tenant, ports, deadline.now);
  if (overCap !== undefined) return refusedPoints('over_cap', overCap);
  const { tenant, account } = located;
  const task = taskOf(request, located, ports.openSource(tenant, account, request.region));
  if ('outcome' in task) return task;
  const meter = createMeter();
  const answer = await read(task, meter, whenReadEnds(deadline));
  const usd = estimateCost(meter.metricsBilled, task.source.price, 0).perRun;
  if (usd > 0) await ports.spend.addRead(tenant.config.tenant, monthOf(deadline.now), usd);
  return answer;
}

interface PointTask {
  readonly request: PointReadRequest;
  readonly located: Located;
  readonly source: MemorySource;
  readonly metric: PointMetric;
  readonly job: AnomalyJob;
  /** Whether the job is one of the config. */
  readonly isKnown: boolean;
  readonly window: Window;
}

/** What is to be read, or why it is not. */
function taskOf(request: PointReadRequest, located: Located, source: MemorySource): PointTask | PointReadAnswer {
  const { metric: name, account: id, tenant } = request;
  const { account } = located;
  const [metric] = metricsOfJob({ metrics: [name] }, account.feeds).metrics;
  if (metric === undefined)
    return refusedPoints('not_configured', `metric: neither the catalogue nor a feed of account ${id} has ${name}.`);
  const jobs = account.anomalies ?? [];
  const known = jobs.find((job) =>
    request.job === undefined ? job.metrics.includes(name) : job.name === request.job && job.metrics.includes(name),
  );
  if (request.job !== undefined && known === undefined)
    return refusedPoints(
      'not_configured',
      `job: account ${id} of tenant ${tenant} has no job ${request.job} with ${name}.`,
    );
  const job = known ?? anomalyJobSchema.parse({ name: 'read', metrics: [name] });
  const window = windowOf(request, job, source);
  if (window === undefined)
    return refusedPoints(
      'malformed',
      `from: it must be before the end, and at most ${MOST_READ_DAYS} days and ${MOST_READ_POINTS.toLocaleString('en')} periods before it.`,
    );
  return { request, located, source, metric, job, isKnown: known !== undefined, window };
}

/** Full periods that have arrived; undefined where there are none, or too many. */
function windowOf({ from, to }: PointReadRequest, job: AnomalyJob, source: MemorySource): Window | undefined {
  const periodMs = job.periodSeconds * 1000;
  const floor = (time: number) => Math.floor(time / periodMs) * periodMs;
  const end = floor(Date.parse(to) - source.ingestionDelayMs);
  const start = floor(from === undefined ? end - DAY_MS : Date.parse(from));
  const most = Math.min(MOST_READ_DAYS * DAY_MS, MOST_READ_POINTS * periodMs) + periodMs;
  return start >= end || end - start > most ? undefined : { start, end };
}

/** The first series of the metric and part; else why there is none. */
async function read(task: PointTask, meter: Meter, signal: AbortSignal): Promise<PointReadAnswer> {
  const { request, located, source, metric, job, window } = task;
  const { config } = located.tenant;
  const only = { include: [{ id: request.host }] };
  const filters = [config.hosts, located.account.hosts, only].filter((filter) => filter !== undefined);
  const replay = { metrics: [metric], window, filters, settingsOf: () => settingsOf(job, metric) };
  let missed: PointReadAnswer | undefined;
  try {
    for await (const replayed of replayPoints(source, replay, meter, signal)) {
      const answer = answerOf(replayed, task);
      if (answer?.outcome === 'read') return answer;
      missed ??= answer;
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return refusedPoints('unreadable', clip(error.message, REASON_LENGTH));
  }
  return missed ?? refusedPoints('not_found', whyNotFound(request));
}

/** Undefined of another part. */
function answerOf(replayed: Replayed, { request, job, isKnown, window }: PointTask): PointReadAnswer | undefined {
  if (replayed.kind === 'unreadable') return refusedPoints('unreadable', clip(notReadText(replayed), REASON_LENGTH));
  if (replayed.kind === 'not_monitored') return refusedPoints('not_monitored', clip(replayed.hint, REASON_LENGTH));
  const { series, inspection } = replayed;
  if (request.part !== undefined && partText(series.part) !== request.part) return undefined;
  if (inspection.kind === 'insufficient') {
    const { points, needed } = inspection;
    return refusedPoints(
      'insufficient',
      `there are ${points} points before the span, and a comparison takes ${needed}. Let it begin later, or wait.`,
    );
  }
  return {
    version: 1,
    outcome: 'read',
    view: composeView({ ...replayed, inspection, window, job: isKnown ? job.name : null }),
  };
}

function whyNotFound({ host, account, region, metric, part }: PointReadRequest): string {
  const what = part === undefined || part === '' ? metric : `${metric} ${part}`;
  return `host: ${account} in ${region} has no ${what} of ${host} that the config lets in. Take its id from a list, or another span.`;
}
