/** What every store of recordings promises. */
import { expect } from 'vitest';
import type { RecordingStore } from '../../core/ports/recording-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aRecording } from '../fixtures/recordings.ts';
import type { Check } from './check.ts';

const [A, B, C] = ['r-aaaaaaaaaaaaaaaa', 'r-bbbbbbbbbbbbbbbb', 'r-cccccccccccccccc'];

export const recordingStoreChecks: readonly Check<RecordingStore>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      expect(await store.get('never', A)).toBeUndefined();
      expect(await store.list('never')).toEqual([]);
    },
  },
  {
    message: 'gives back a recording as it was put',
    async verify(store) {
      const rules = {
        hosts: [{ id: 'größe “x”', labels: { __proto__x: '*' } }],
        processes: [{ name: 'ja?a', tree: true }],
      };
      const recording = aRecording(
        {
          tenant: 'round-trip',
          name: 'naïve',
          stoppedBy: 'bob',
          stoppedAt: NOON,
          deletedBy: 'eve',
          deletedAt: NOON + 1,
        },
        rules,
      );
      await store.put(recording);

      expect(await store.get('round-trip', recording.id)).toEqual(recording);
    },
  },
  {
    message: 'overwrites a recording that is put again',
    async verify(store) {
      const recording = aRecording({ tenant: 'again' });
      await store.put(recording);
      await store.put({ ...recording, stoppedAt: NOON });

      expect(await store.list('again')).toEqual([{ ...recording, stoppedAt: NOON }]);
    },
  },
  {
    message: 'lists the recordings of one tenant, the newest first, those that are being deleted among them',
    async verify(store) {
      const first = aRecording({ tenant: 'listed', id: C, startedAt: NOON });
      const second = aRecording({ tenant: 'listed', id: A, startedAt: NOON + HOUR, deletedAt: NOON + HOUR });
      const third = aRecording({ tenant: 'listed', id: B, startedAt: NOON + 2 * HOUR });
      for (const one of [second, third, first, aRecording({ tenant: 'listed-2' })]) await store.put(one);

      expect(await store.list('listed')).toEqual([third, second, first]);
    },
  },
  {
    message: 'removes one recording of one tenant, and takes what is gone for removed',
    async verify(store) {
      const [kept, gone] = [aRecording({ tenant: 'removed', id: A }), aRecording({ tenant: 'removed', id: B })];
      const other = aRecording({ tenant: 'removed-2', id: B });
      for (const one of [kept, gone, other]) await store.put(one);

      await store.remove('removed', B);
      await store.remove('removed', B);

      expect(await store.list('removed')).toEqual([kept]);
      expect(await store.get('removed-2', B)).toEqual(other);
    },
  },
  {
    message: 'changes a recording as it is at that time, and none that is gone',
    async verify(store) {
      const recording = aRecording({ tenant: 'changed' });
      await store.put(recording);
      const [stoppedAt, deletedAt] = [NOON, NOON + 1];

      const [stopped] = await Promise.all([
        store.change('changed', recording.id, (one) => ({ ...one, stoppedAt })),
        store.change('changed', recording.id, (one) => ({ ...one, deletedAt })),
      ]);

      expect(stopped?.stoppedAt).toBe(stoppedAt);
      expect(await store.list('changed')).toEqual([{ ...recording, stoppedAt, deletedAt }]);
      await store.remove('changed', recording.id);
      expect(await store.change('changed', recording.id, (one) => ({ ...one, stoppedAt }))).toBeUndefined();
      expect(await store.list('changed')).toEqual([]);
    },
  },
];
