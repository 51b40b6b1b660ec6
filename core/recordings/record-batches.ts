/** Stores what recordings select of samples that hosts sent. */
import type { SampleBatch } from '../model/sample.ts';
import type { RecordedSamples, RecordingStore } from '../ports/recording-store.ts';
import { matchBatch } from './match.ts';

export interface RecordPorts {
  readonly recordings: Pick<RecordingStore, 'list'>;
  readonly samples: Pick<RecordedSamples, 'putLive'>;
}

/** A batch, and a name that is the same whenever the batch comes again: what was recorded of it is then replaced. */
export interface NamedBatch {
  readonly name: string;
  readonly batch: SampleBatch;
}

/** Throws `StoreError`. @param batches Of one tenant. */
export async function recordBatches(
  batches: readonly NamedBatch[],
  { recordings, samples }: RecordPorts,
): Promise<void> {
  const [first] = batches;
  if (first === undefined) return;
  const all = await recordings.list(first.batch.tenant);
  if (all.length === 0) return;
  for (const { name, batch } of batches)
    for (const { of, day, live } of matchBatch(batch, all)) await samples.putLive(of, day, name, live);
}
