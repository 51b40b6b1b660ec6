/** Records what a job observes of hosts in their incidents, and settles what changed. Repeating it changes nothing. */
import { observeAnomalies } from '../incidents/observation.ts';
import type { Delivery } from '../incidents/outbox.ts';
import { createRecorder, type RecorderOptions } from '../incidents/recorder.ts';
import { type SettlePorts, settle } from '../incidents/settle.ts';
import { type Clock, whenOnlyLeft } from '../inspection/deadline.ts';
import { NO_DELIVERY } from '../inspection/region-run.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { Unreadable, Window } from '../model/series.ts';
import { StoreError } from '../ports/errors.ts';
import type { ObservedHost } from './observe-hosts.ts';

export interface ReportRequest extends Pick<RecorderOptions, 'tenant' | 'scope' | 'policyOf'> {
  readonly job: AnomalyJob;
  readonly part: Window;
}

export interface Reported {
  readonly delivery: Delivery;
  /** Incidents that were written. */
  readonly written: number;
  readonly failures: readonly Unreadable[];
}

/** Throws `StoreError` where not all could be recorded: the points are then taken in again. */
export async function reportHosts(
  hosts: readonly ObservedHost[],
  { tenant, scope, policyOf, job, part }: ReportRequest,
  ports: SettlePorts,
  clock: Clock,
): Promise<Reported> {
  if (!job.report || hosts.length === 0) return { delivery: NO_DELIVERY, written: 0, failures: [] };
  const options = { tenant, scope, policyOf, endsIncidents: true, asOf: part.end, now: clock.now };
  const isNeverSuperseded = async () => false;
  const timeIsUp = whenOnlyLeft(clock, 'recordUntil');
  const recorder = await createRecorder(options, ports.incidents, isNeverSuperseded, timeIsUp);
  for (const { resource, episodes } of hosts)
    await recorder.observe(observeAnomalies(tenant, job, resource, episodes, part.end), resource);
  const { left, failure, written } = await recorder.finish(whenOnlyLeft(clock, 'giveUp'));
  if (failure !== undefined) throw failure;
  if (left > 0) throw new StoreError(unrecordedText(left, job, scope));
  const changed = recorder.changed();
  const delivery =
    changed.length === 0
      ? NO_DELIVERY
      : await settle(changed, ports, { now: clock.now, timeIsUp: whenOnlyLeft(clock, 'publishUntil') });
  return { delivery, written, failures: recorder.failures };
}

function unrecordedText(left: number, { name }: AnomalyJob, { account, region }: ReportRequest['scope']): string {
  return (
    `${left} hosts of job ${name} in ${account} ${region ?? ''} could not be recorded in time: the table answers too slowly. ` +
    'Their points are taken in again by the next inspection.'
  );
}
