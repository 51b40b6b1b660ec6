import { describe, expect, it } from 'vitest';
import { PROCESS_MEMORY } from '../../../core/model/series.ts';
import { recordBatches } from '../../../core/recordings/record-batches.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { aBatch, aRecording, aSeries } from '../../fixtures/recordings.ts';
import { createMemoryRecordedSamples, createMemoryRecordingStore } from '../../memory/recordings.ts';

const RECORDING = aRecording();
const NAMED = [0, 1].map((minute) => ({
  name: `of-${minute}`,
  batch: aBatch([aSeries(PROCESS_MEMORY, [[NOON + minute * MINUTE, minute]])]),
}));

describe('recording batches', () => {
  it('stores what recordings select of each under its name, and replaces it where the batch comes again', async () => {
    const [recordings, samples] = [createMemoryRecordingStore(), createMemoryRecordedSamples()];
    await recordings.put(RECORDING);

    await recordBatches(NAMED, { recordings, samples });
    await recordBatches(NAMED.slice(1), { recordings, samples });

    const live = await Array.fromAsync(samples.live(RECORDING, 'web-1', '2026-11-20'));
    expect(live.map(({ name, live: [first] }) => [name, first?.kept])).toEqual([
      ['of-0', [{ time: NOON, resident: 0 }]],
      ['of-1', [{ time: NOON + MINUTE, resident: 1 }]],
    ]);
  });

  it('stores nothing where the tenant has no recording', async () => {
    const samples = createMemoryRecordedSamples();

    await recordBatches(NAMED, { recordings: createMemoryRecordingStore(), samples });
    await recordBatches([], { recordings: createMemoryRecordingStore(), samples });

    expect(await samples.hosts(RECORDING)).toEqual([]);
  });
});
