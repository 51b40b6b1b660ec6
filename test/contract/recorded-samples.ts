/** What every store of recorded samples promises. */
import { expect } from 'vitest';
import type { ArchivedHour, RecordedSample } from '../../core/model/recording.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { ArchivedDay, LivePart, RecordedProcess, RecordedSamples } from '../../core/ports/recording-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aProcess } from '../fixtures/recordings.ts';
import type { Check } from './check.ts';

const ID = 'r-aaaaaaaaaaaaaaaa';
const DAY = '2026-11-20';
const NEXT = '2026-11-21';

function liveOf(host: string, data: number, fields: Partial<RecordedSample> = {}): RecordedProcess<RecordedSample> {
  return { host, process: aProcess(), kept: [{ time: NOON, data, ...fields }] };
}

function archiveOf(max: number, parts: readonly string[] = ['a']): ArchivedDay {
  const hour: ArchivedHour = { hour: NOON, samples: 60, data: { min: 1, max }, used: { min: 2, max: max + 1 } };
  return { hours: [{ host: 'web-1', process: aProcess(), kept: [hour, { ...hour, hour: NOON + HOUR }] }], parts };
}

const partsOf = (store: RecordedSamples, tenant: string, host = 'web-1', day = DAY): Promise<LivePart[]> =>
  Array.fromAsync(store.live({ tenant, id: ID }, host, day));

export const recordedSamplesChecks: readonly Check<RecordedSamples>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      expect(await store.hosts({ tenant: 'never', id: ID })).toEqual([]);
      expect(await partsOf(store, 'never')).toEqual([]);
      expect(await store.archive({ tenant: 'never', id: ID }, 'web-1', DAY)).toBeUndefined();
    },
  },
  {
    message: 'gives back live parts by host in order of their names, each as it was put',
    async verify(store) {
      const of = { tenant: 'live', id: ID };
      const other = { ...liveOf('web-1', 3), process: { name: 'größe/x y', pid: 0 } };
      const full = liveOf('web-1', 1, { stack: 0, resident: 2.5, swap: 7 });
      await store.putLive(of, DAY, 'b', [other, full]);
      await store.putLive(of, DAY, 'a', [liveOf('web-1', 2), liveOf('db/1 ü', 4)]);

      expect(await partsOf(store, 'live')).toEqual([
        { name: 'a', live: [liveOf('web-1', 2)] },
        { name: 'b', live: [other, full] },
      ]);
      expect(await partsOf(store, 'live', 'db/1 ü')).toEqual([{ name: 'a', live: [liveOf('db/1 ü', 4)] }]);
    },
  },
  {
    message: 'replaces a part of the same name, of that host and day alone',
    async verify(store) {
      const of = { tenant: 'replaced', id: ID };
      await store.putLive(of, DAY, 'a', [liveOf('web-1', 1), liveOf('web-2', 1)]);
      await store.putLive(of, NEXT, 'a', [liveOf('web-1', 5)]);
      await store.putLive(of, DAY, 'a', [liveOf('web-1', 2)]);

      expect(await partsOf(store, 'replaced')).toEqual([{ name: 'a', live: [liveOf('web-1', 2)] }]);
      expect(await partsOf(store, 'replaced', 'web-2')).toEqual([{ name: 'a', live: [liveOf('web-2', 1)] }]);
      expect(await partsOf(store, 'replaced', 'web-1', NEXT)).toEqual([{ name: 'a', live: [liveOf('web-1', 5)] }]);
    },
  },
  {
    message: 'lists hosts with their live days, how many parts these have, and archived days',
    async verify(store) {
      const of = { tenant: 'hosts', id: ID };
      await store.putLive(of, NEXT, 'a', [liveOf('web-1', 1)]);
      for (const name of ['a', 'b']) await store.putLive(of, DAY, name, [liveOf('web-1', 1), liveOf('..', 1)]);
      await store.putArchive(of, 'web-1', '2026-11-19', archiveOf(9), undefined);
      await store.putArchive(of, 'old/%', '2026-11-18', archiveOf(9), undefined);
      await store.putLive({ tenant: 'hosts', id: 'r-bbbbbbbbbbbbbbbb' }, DAY, 'a', [liveOf('other', 1)]);
      await store.putLive({ tenant: 'hosts-2', id: ID }, DAY, 'a', [liveOf('other', 1)]);

      expect(await store.hosts(of)).toEqual([
        { host: '..', liveDays: [{ day: DAY, parts: 2 }], archivedDays: [] },
        { host: 'old/%', liveDays: [], archivedDays: ['2026-11-18'] },
        {
          host: 'web-1',
          liveDays: [
            { day: DAY, parts: 2 },
            { day: NEXT, parts: 1 },
          ],
          archivedDays: ['2026-11-19'],
        },
      ]);
    },
  },
  {
    message: 'replaces an archive only where it is the one that was read',
    async verify(store) {
      const of = { tenant: 'archive', id: ID };

      expect(await store.putArchive(of, 'web-1', DAY, archiveOf(5), 'none')).toBe('conflict');
      expect(await store.putArchive(of, 'web-1', DAY, archiveOf(5), undefined)).toBe('stored');
      const first = await store.archive(of, 'web-1', DAY);
      expect(first).toEqual({ ...archiveOf(5), version: first?.version });
      expect(await store.putArchive(of, 'web-1', DAY, archiveOf(6), undefined)).toBe('conflict');
      expect(await store.putArchive(of, 'web-1', DAY, archiveOf(7, ['a', 'b']), first?.version)).toBe('stored');
      expect(await store.putArchive(of, 'web-1', DAY, archiveOf(8), first?.version)).toBe('conflict');
      expect(await store.archive(of, 'web-1', DAY)).toMatchObject(archiveOf(7, ['a', 'b']));
      expect(await store.archive(of, 'web-2', DAY)).toBeUndefined();
      expect(await store.archive(of, 'web-1', NEXT)).toBeUndefined();
    },
  },
  {
    message: 'removes the live parts that are named, and no other',
    async verify(store) {
      const of = { tenant: 'remove-live', id: ID };
      for (const name of ['a', 'b', 'ab']) await store.putLive(of, DAY, name, [liveOf('web-1', 1), liveOf('web-2', 1)]);
      await store.putLive(of, NEXT, 'a', [liveOf('web-1', 1)]);
      await store.putArchive(of, 'web-1', DAY, archiveOf(5), undefined);

      await store.removeLive(of, 'web-1', DAY, ['a', 'gone', 'b']);

      expect((await partsOf(store, 'remove-live')).map(({ name }) => name)).toEqual(['ab']);
      expect((await partsOf(store, 'remove-live', 'web-2')).map(({ name }) => name)).toEqual(['a', 'ab', 'b']);
      expect(await partsOf(store, 'remove-live', 'web-1', NEXT)).toHaveLength(1);
      expect(await store.archive(of, 'web-1', DAY)).toMatchObject(archiveOf(5));
    },
  },
  {
    message: 'removes the archive of a day, and what is gone is removed',
    async verify(store) {
      const of = { tenant: 'remove-archive', id: ID };
      for (const day of [DAY, NEXT]) await store.putArchive(of, 'web-1', day, archiveOf(5), undefined);
      await store.putLive(of, DAY, 'a', [liveOf('web-1', 1)]);

      await store.removeArchive(of, 'web-1', DAY);
      await store.removeArchive(of, 'web-1', DAY);

      const liveDays = [{ day: DAY, parts: 1 }];
      expect(await store.hosts(of)).toEqual([{ host: 'web-1', liveDays, archivedDays: [NEXT] }]);
    },
  },
  {
    message: 'removes everything of one recording of one tenant',
    async verify(store) {
      const of = { tenant: 'all', id: ID };
      const others = [
        { tenant: 'all', id: 'r-bbbbbbbbbbbbbbbb' },
        { tenant: 'all-2', id: ID },
      ];
      for (const one of [of, ...others]) {
        await store.putLive(one, DAY, 'a', [liveOf('web-1', 1)]);
        await store.putArchive(one, 'web-2', DAY, archiveOf(5), undefined);
      }

      await store.removeAll(of);
      await store.removeAll(of);

      expect(await store.hosts(of)).toEqual([]);
      for (const one of others) expect(await store.hosts(one)).toHaveLength(2);
    },
  },
  {
    message: 'refuses what could not be read back',
    async verify(store) {
      const of = { tenant: 'refused', id: ID };

      const live = await store.putLive(of, DAY, 'a', [liveOf('web-1', Number.NaN)]).catch((thrown: unknown) => thrown);
      const archive = await store
        .putArchive(of, 'web-1', DAY, archiveOf(-1), undefined)
        .catch((thrown: unknown) => thrown);

      for (const error of [live, archive]) expect(error).toBeInstanceOf(StoreError);
      expect(await store.hosts(of)).toEqual([]);
    },
  },
];
