/** What a deployment does hourly with samples and recordings, over a folder: merges, archives, purges, and forgets what is too old. */
import { expireSamples } from '../../adapters/folder/expire-samples.ts';
import type { Bucket } from '../../adapters/s3/bucket.ts';
import { keepSamples } from '../../core/ingest/keep-samples.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import type { RecordedSamples, RecordingStore } from '../../core/ports/recording-store.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { keepRecordings } from '../../core/recordings/keep-recordings.ts';

export interface KeeperPorts {
  readonly bucket: Bucket;
  readonly configs: Pick<ConfigStore, 'list'>;
  readonly samples: Pick<SampleStore, 'merge'>;
  readonly recordings: RecordingStore;
  readonly recorded: RecordedSamples;
}

/** Nothing is thrown: what failed is noted, and tried again by the next call. */
export function createKeeper(
  { bucket, configs, samples, recordings, recorded }: KeeperPorts,
  note: (text: string) => void,
): (now: number) => Promise<void> {
  return async (now) => {
    const ports = {
      configs,
      samples,
      async keepRecordings(tenant: string) {
        const { failures } = await keepRecordings(tenant, { recordings, samples: recorded }, now);
        return failures.map(({ error }) => error);
      },
    };
    const { failures } = await keepSamples(ports, { now, remainingMs: () => Number.POSITIVE_INFINITY });
    const errors = failures.map(({ error }) => error);
    await expireSamples(bucket, now).catch((error: unknown) => errors.push(error));
    for (const error of errors)
      note(`error: what was received could not be kept: ${error instanceof Error ? error.message : String(error)}`);
  };
}
