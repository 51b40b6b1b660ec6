/** What every archive of results promises. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { type DayIndex, MOST_MERGED_SHARDS } from '../../core/model/day-index.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { DayFolder, ResultsArchive } from '../../core/ports/results-archive.ts';
import { inflateFirstMember } from '../fixtures/gzip-members.ts';
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
    message: 'unpacks lines, and nothing that is not gzip, ends early, or ends within a line',
    async verify(archive) {
      const wrong = [Buffer.from('hello'), gzipSync('{"a":1}\n').subarray(0, 12), gzipSync('{"a":'), Buffer.alloc(0)];

      expect(textOf(await archive.unpack(gzipSync('{"a":1}\n'), 'gzip'))).toBe('{"a":1}\n');
      expect(textOf(await archive.unpack(gzipSync(''), 'gzip'))).toBe('');
      for (const form of ['gzip', 'deflate'] as const)
        expect(await Promise.all(wrong.map((bytes) => archive.unpack(bytes, form)))).toEqual(
          wrong.map(() => undefined),
        );
    },
  },
  {
    message: 'packs texts into one gzip member',
    async verify(archive) {
      const { bytes } = await packed(archive);

      expect(await inflateFirstMember(bytes)).toEqual({ text: TEXTS.join(''), bytesBehind: 0 });
    },
  },
  {
    message: 'packs each text so that its bytes alone are unpacked',
    async verify(archive) {
      const { bytes, parts } = await packed(archive);

      const texts = parts.map(({ start, end }) => archive.unpack(bytes.subarray(start, end), 'deflate'));
      const early = parts.map(({ start, end }) => archive.unpack(bytes.subarray(start, end - 1), 'deflate'));

      expect((await Promise.all(texts)).map(textOf)).toEqual(TEXTS);
      expect(await Promise.all(early)).toEqual(TEXTS.map(() => undefined));
    },
  },
  {
    message: 'packs the same texts into the same bytes',
    async verify(archive) {
      const [first, second] = [await packed(archive), await packed(archive)];

      expect(second).toEqual(first);
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
    message: 'refuses an index that could not be read back',
    async verify(archive) {
      const [shard] = indexOf(1).shards;
      if (shard === undefined) throw new Error('There is no shard.');
      const index = { ...indexOf(1), shards: Array.from({ length: MOST_MERGED_SHARDS + 1 }, () => shard) };

      await expect(archive.putIndex(folderOf('too-many'), index, undefined)).rejects.toThrow(ItemError);
      expect(await archive.index(folderOf('too-many'))).toBeUndefined();
    },
  },
  {
    message: 'removes what it has written by the version that it gave',
    async verify(archive) {
      const folder = folderOf('own');
      const version = await archive.write(folder, 'a/00000.ndjson.gz', BYTES);

      await archive.remove(folder, [{ name: 'a/00000.ndjson.gz', version }]);

      expect(await Array.fromAsync(archive.folders('own', DAY))).toEqual([]);
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

/** One is empty, and one longer than what the compressor looks back to. */
const TEXTS = ['{"a":1}\n', '', '{"a":1}\n{"b":2}\n', Array.from({ length: 9000 }, (_, n) => `{"n":${n}}\n`).join('')];

async function packed(archive: ResultsArchive) {
  const packer = archive.packer();
  const parts = [];
  for (const text of TEXTS) parts.push(await packer.add(Buffer.from(text)));
  return { bytes: packer.end(), parts };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

function folderOf(tenant: string): DayFolder {
  return { tenant, day: DAY, folder: 'aws/1/eu-west-1' };
}

function indexOf(generation: number): DayIndex {
  const shard = { name: 'run/00000.ndjson.gz', version: '"v"', object: 'day.x.ndjson.gz', start: 0, end: 9 };
  return { version: 1, generation, shards: [shard] };
}
