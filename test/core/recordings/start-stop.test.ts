/** Stopping and deleting a recording at the same time. */
import { describe, expect, it } from 'vitest';
import { deleteRecording, findRecording, stopRecording } from '../../../core/recordings/start-stop.ts';
import { NOON } from '../../fixtures/builders.ts';
import { aRecording } from '../../fixtures/recordings.ts';
import { createMemoryRecordingStore } from '../../memory/recordings.ts';

async function arrange() {
  const [recordings, recording] = [createMemoryRecordingStore(), aRecording()];
  await recordings.put(recording);
  const { tenant, id } = recording;
  return { ports: { recordings }, recording, find: () => findRecording(tenant, id, recordings, NOON) };
}

describe('a recording that is stopped by one and deleted by another', () => {
  it('stays deleted, although it was there when the one who stops it looked', async () => {
    const { ports, recording, find } = await arrange();
    await deleteRecording(recording, 'eve', ports, NOON);

    await stopRecording(recording, 'bob', ports, NOON + 1);

    expect(await find()).toBeUndefined();
  });

  it('has who stopped it, although it ran when the one who deletes it looked', async () => {
    const { ports, recording } = await arrange();
    await stopRecording(recording, 'bob', ports, NOON);

    await deleteRecording(recording, 'eve', ports, NOON + 1);

    const kept = await ports.recordings.get(recording.tenant, recording.id);
    expect(kept).toMatchObject({ stoppedBy: 'bob', deletedBy: 'eve', deletedAt: NOON + 1 });
  });

  it('does not come back where nothing is left of it', async () => {
    const { ports, recording, find } = await arrange();
    await ports.recordings.remove(recording.tenant, recording.id);

    await stopRecording(recording, 'bob', ports, NOON);

    expect(await find()).toBeUndefined();
  });
});
