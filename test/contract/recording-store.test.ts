/** The suite of stores of recordings: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { RecordingStore } from '../../core/ports/recording-store.ts';
import { createMemoryRecordingStore } from '../memory/recordings.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { recordingStoreChecks } from './recording-store.ts';

describe('recordings in memory', () => {
  itKeeps(recordingStoreChecks, createMemoryRecordingStore);
});

type Lie = (honest: RecordingStore) => Partial<RecordingStore>;

const LIES: readonly [string, Lie][] = [
  ['lists the oldest first', ({ list }) => ({ list: async (tenant) => (await list(tenant)).toReversed() })],
  [
    'hides what is being deleted',
    ({ list }) => ({ list: async (tenant) => (await list(tenant)).filter((one) => one.deletedAt === undefined) }),
  ],
  [
    'keeps what was put first',
    ({ get, put }) => ({
      put: async (one) => ((await get(one.tenant, one.id)) === undefined ? put(one) : undefined),
    }),
  ],
  [
    'overwrites what another makes of it',
    ({ get, put }) => ({
      async change(tenant, id, change) {
        const one = await get(tenant, id);
        const changed = one && change(one);
        await Promise.resolve();
        if (changed !== undefined) await put(changed);
        return changed;
      },
    }),
  ],
  ['removes nothing', () => ({ remove: async () => undefined })],
  ['mixes tenants', ({ get }) => ({ get: async (_, id) => (await get('round-trip', id)) ?? get('removed', id) })],
  ['forgets who stopped it', ({ put }) => ({ put: ({ stoppedBy: _, ...recording }) => put(recording) })],
];

describe('the suite of stores of recordings', () => {
  it.each(LIES)('catches one that %s', async (_, lie) => {
    const liar = () => {
      const honest = createMemoryRecordingStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(recordingStoreChecks, liar)).not.toEqual([]);
  });
});
