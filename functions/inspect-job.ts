/** What every inspect function does with a message that names a job of anomaly inspection. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { InspectedJob } from '../core/points/inspect-job.ts';
import { type JobMessage, type RunJobPorts, runJob } from '../core/points/run-job.ts';
import { type EmitMetrics, jobMetrics } from './metrics.ts';

export interface InspectJobOptions {
  readonly ports: RunJobPorts;
  readonly logger: Logger;
  readonly context: { getRemainingTimeInMillis(): number };
  /** Absent where nothing is emitted. */
  readonly metrics?: EmitMetrics | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Puts a message, or a part of it, on the dead-letter queue. */
  putAside(rest: string, reason: string): Promise<void>;
}

/** Throws what `runJob` does: the message goes back to its queue. */
export async function inspectJobMessage(message: JobMessage, options: InspectJobOptions): Promise<void> {
  const { ports, logger, context, metrics, now, putAside } = options;
  const { tenant, account, job, scheduledTime } = message;
  const about = { tenant, account, job, scheduledTime };
  const totalMs = context.getRemainingTimeInMillis();
  const outcome = await runJob(message, ports, {
    now,
    totalMs,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  if (outcome.kind === 'refused') return putAside(JSON.stringify(message), outcome.reason);
  if (outcome.kind === 'skipped') {
    logger.warn('Skipped an inspection.', { ...about, reason: outcome.reason });
    metrics?.({ Skipped: 1 });
    return;
  }
  for (const inspected of outcome.jobs) logJob(logger, about, inspected);
  metrics?.(jobMetrics(outcome));
  const { left, paused, setAside } = outcome;
  if (paused.length > 0)
    logger.warn('Did not inspect a job: the cost cap of its tenant pauses it.', { ...about, regions: paused });
  if (left.length > 0)
    logger.warn('Had no time for some regions of a job; the next inspection catches up.', { ...about, regions: left });
  if (setAside) await putAside(JSON.stringify({ ...message, regions: setAside.regions }), setAside.reason);
}

function logJob(logger: Logger, about: object, { run, deliveries }: InspectedJob): void {
  const { scope, outcome, series, points, anomalousPoints, hosts, failures, metricsBilled, cost, stateBytes } = run;
  const published = deliveries.reduce((sum, delivery) => sum + delivery.published, 0);
  const counts = {
    series,
    points,
    anomalousPoints,
    hosts,
    metricsBilled,
    calls: run.calls,
    usd: cost.perRun,
    stateBytes,
  };
  const facts = { ...about, region: scope.region, outcome, ...counts, published, first: failures };
  for (const { id, detail } of deliveries.flatMap(({ undeliverable }) => undeliverable))
    logger.error('Dropped an event that its topic will never accept.', { ...about, event: id, detail });
  if (outcome === 'failed') logger.error('A job could read nothing; the next inspection begins where it did.', facts);
  else if (outcome === 'partial') logger.warn('Inspected a job in part.', facts);
  else if (outcome === 'superseded') logger.info('Another function has inspected this job meanwhile.', facts);
  else if (series.stopped > 0)
    logger.warn('Inspected a job of which series no longer report.', { ...facts, first: run.stopped });
  else logger.info('Inspected a job.', facts);
}
