/** What every archive of results promises. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { DayIndex } from '../../core/model/day-index.ts';
import type { DayFolder, ResultsArchive } from '../../core/ports/results-archive.ts';
import type { Check } from './check.ts';

const DAY = '2026-11-29';
const BYTES = gzipSync('{}\n');

export const resultsArchiveChecks: readonly Check<ResultsArchive>[] = [
  {
    message: 'lists the tenants of which results are kept, each once',
    async verify(archive) {
      for (const tenant of ['listed-1', 'listed-2']) {
        await archive.write(folderOf(tenant), 'run/00000.ndjson.gz', BYTES);
        await archive.write(folderOf(tenant), 'run/00001.ndjson.gz', BYTES);
      }

      const tenants = (await Array.fromAsync(archive.tenants())).filter((tenant) => tenant.startsWith('listed-'));

      expect(tenants).toEqual(['listed-1', 'listed-2']);
    },
  },
  {
    message: 'lists the folders of a day with their objects in order',
    async verify(archive) {
      const [first, second] = [folderOf('folders'), { ...folderOf('folders'), folder: 'aws/1/eu-west-10' }];
      for (const name of ['run/00001.ndjson.gz', 'day.x.ndjson.gz', 'run/00000.ndjson.gz'])
        await archive.write(first, name, BYTES);
      await archive.write(second, 'run/00000.ndjson.gz', BYTES);
      await archive.write({ ...first, day: '2026-11-30' }, 'run/00007.ndjson.gz', BYTES);

      const folders = await Array.fromAsync(archive.folders('folders', DAY));

      expect(folders.map(({ folder, objects }) => [folder, objects.map(({ name }) => name)])).toEqual([
        [first, ['day.x.ndjson.gz', 'run/00000.ndjson.gz', 'run/00001.ndjson.gz']],
        [second, ['run/00000.ndjson.gz']],
      ]);
      expect(folders[1]?.objects[0]?.bytes).toBe(BYTES.length);
    },
  },
  {
    message: 'lists thousands of objects',
    async verify(archive) {
      const folder = folderOf('many');
      const names = Array.from({ length: 1100 }, (_, index) => `run/${String(index).padStart(5, '0')}.ndjson.gz`);
      await Promise.all(names.map((name) => archive.write(folder, name, BYTES)));

      const [found] = await Array.fromAsync(archive.folders('many', DAY));

      expect(found?.objects.map(({ name }) => name)).toEqual(names);
    },
  },
  {
    message: 'reads an object, and some of its bytes, with its version',
    async verify(archive) {
      const folder = folderOf('read');
      await archive.write(folder, 'day.x.ndjson.gz', Buffer.from('abcdef'));

      const [all, part] = [
        await archive.read(folder, 'day.x.ndjson.gz'),
        await archive.read(folder, 'day.x.ndjson.gz', { start: 2, end: 4 }),
      ];
      const [listed] = await Array.fromAsync(archive.folders('read', DAY));

      expect([all, part].map((found) => Buffer.from(found?.bytes ?? []).toString())).toEqual(['abcdef', 'cd']);
      expect([all?.version, part?.version]).toEqual([listed?.objects[0]?.version, listed?.objects[0]?.version]);
      expect(await archive.read(folder, 'day.y.ndjson.gz')).toBeUndefined();
    },
  },
  {
    message: 'recognises what is not gzip, ends early, or ends within a line',
    async verify(archive) {
      const wrong = [Buffer.from('hello'), gzipSync('{"a":1}\n').subarray(0, 12), gzipSync('{"a":'), Buffer.alloc(0)];

      expect(await archive.isReadable(gzipSync('{"a":1}\n'))).toBe(true);
      expect(await archive.isReadable(gzipSync(''))).toBe(true);
      expect(await Promise.all(wrong.map((bytes) => archive.isReadable(bytes)))).toEqual(wrong.map(() => false));
    },
  },
  {
    message: 'keeps an index that has another version than the expected one',
    async verify(archive) {
      const folder = folderOf('index');
      expect(await archive.index(folder)).toBeUndefined();

      const stored = await archive.putIndex(folder, indexOf(1), undefined);
      const again = await archive.putIndex(folder, indexOf(2), undefined);
      const version = (await archive.index(folder))?.version;
      const replaced = await archive.putIndex(folder, indexOf(3), version);
      const late = await archive.putIndex(folder, indexOf(4), version);

      expect([stored, again, replaced, late]).toEqual(['stored', 'conflict', 'stored', 'conflict']);
      expect((await archive.index(folder))?.value).toEqual(indexOf(3));
    },
  },
  {
    message: 'removes what has the version alone',
    async verify(archive) {
      const folder = folderOf('removed');
      for (const name of ['a/00000.ndjson.gz', 'a/00001.ndjson.gz']) await archive.write(folder, name, BYTES);
      const [before] = await Array.fromAsync(archive.folders('removed', DAY));
      await archive.write(folder, 'a/00001.ndjson.gz', gzipSync('{"again":true}\n'));

      await archive.remove(folder, [...(before?.objects ?? []), { name: 'a/00009.ndjson.gz', version: '"v"' }]);

      const [after] = await Array.fromAsync(archive.folders('removed', DAY));
      expect(after?.objects.map(({ name }) => name)).toEqual(['a/00001.ndjson.gz']);
    },
  },
  {
    message: 'purges everything of one tenant and nothing of another',
    async verify(archive) {
      for (const tenant of ['purge', 'purge-not']) {
        await archive.write(folderOf(tenant), 'a/00000.ndjson.gz', BYTES);
        await archive.putIndex(folderOf(tenant), indexOf(1), undefined);
      }

      const removed = await archive.purge('purge');

      expect(removed).toBe(2);
      expect(await Array.fromAsync(archive.folders('purge', DAY))).toEqual([]);
      expect(await archive.index(folderOf('purge'))).toBeUndefined();
      expect(await Array.fromAsync(archive.folders('purge-not', DAY))).toHaveLength(1);
      expect((await archive.index(folderOf('purge-not')))?.value).toEqual(indexOf(1));
    },
  },
];

function folderOf(tenant: string): DayFolder {
  return { tenant, day: DAY, folder: 'aws/1/eu-west-1' };
}

function indexOf(generation: number): DayIndex {
  const member = { name: 'run/00000.ndjson.gz', version: '"v"', object: 'day.x.ndjson.gz', start: 0, end: 9 };
  return { version: 1, generation, members: [member] };
}
