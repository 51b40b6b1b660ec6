/** A recording as a trace file: how its hosts are named. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { RecordedProcess } from '../../../core/ports/recording-store.ts';
import { exportedLines } from '../../../core/recordings/export.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aProcess, aRecording } from '../../fixtures/recordings.ts';
import { createMemoryRecordedSamples } from '../../memory/recordings.ts';

const RECORDING = aRecording();
const [DAY, DAY_BEFORE] = ['2026-11-20', '2026-11-19'];
const lineSchema = z.object({ host: z.string() });

function of(host: string, hostName?: string): Omit<RecordedProcess<unknown>, 'kept'> {
  return { host, ...(hostName !== undefined && { hostName }), process: aProcess() };
}

/** The names of all hosts in the file. */
async function exported(samples: ReturnType<typeof createMemoryRecordedSamples>): Promise<string[]> {
  const lines = await Array.fromAsync(exportedLines(RECORDING, await samples.hosts(RECORDING), samples));
  const texts = lines.join('').trimEnd().split('\n');
  return [...new Set(texts.map((line) => lineSchema.parse(JSON.parse(line)).host))];
}

async function live(...hosts: Omit<RecordedProcess<unknown>, 'kept'>[]) {
  const samples = createMemoryRecordedSamples();
  const kept = [{ time: NOON, resident: 1 }];
  await samples.putLive(
    RECORDING,
    DAY,
    'one',
    hosts.map((host) => ({ ...host, kept })),
  );
  return samples;
}

describe('the hosts of an exported recording', () => {
  it('are named as people call them', async () => {
    const samples = await live(of('a1b2', 'web-1'), of('c3d4', 'web-2'));

    expect(await exported(samples)).toEqual(['web-1 java 100', 'web-2 java 100']);
  });

  it('are named by their ids where two have the same name, or one has no name', async () => {
    const samples = await live(of('a1b2', 'web'), of('c3d4', 'web'), of('e5f6'));

    expect(await exported(samples)).toEqual(['a1b2 java 100', 'c3d4 java 100', 'e5f6 java 100']);
  });

  it('are not named as the id of another one', async () => {
    const samples = await live(of('a1b2', 'c3d4'), of('c3d4', 'c3d4'), of('e5f6', 'g7h8'), of('g7h8'));

    expect(await exported(samples)).toEqual(['a1b2 java 100', 'c3d4 java 100', 'e5f6 java 100', 'g7h8 java 100']);
  });

  it('have their newest name on all of their days, and that of the archive where nothing is live', async () => {
    const samples = await live(of('a1b2', 'renamed'));
    const kept = [{ hour: NOON - 24 * HOUR, samples: 1, resident: { min: 1, max: 2 } }];
    for (const before of [of('a1b2', 'before'), of('c3d4', 'gone')])
      await samples.putArchive(
        RECORDING,
        before.host,
        DAY_BEFORE,
        { hours: [{ ...before, kept }], parts: [] },
        undefined,
      );

    expect(await exported(samples)).toEqual(['renamed java 100', 'gone java 100']);
  });
});
