/** What is to be inspected of one account and region. */
import type { RecorderOptions } from '../incidents/recorder.ts';
import type { AnomalyJob, Feed } from '../model/anomaly-job.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { MemorySource } from '../ports/memory-source.ts';

export interface JobRequest {
  readonly tenant: string;
  readonly job: AnomalyJob;
  /** Of the account. */
  readonly feeds: readonly Feed[];
  readonly source: MemorySource;
  /** Those of the config and of the job: all of them must admit a host. */
  readonly filters: readonly HostFilter[];
  readonly policyOf: RecorderOptions['policyOf'];
  /** When the inspection was due, epoch milliseconds: a retry takes in the same points. */
  readonly scheduledTime: number;
}
