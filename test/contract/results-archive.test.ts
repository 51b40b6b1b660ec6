/** The suite of archives of results: kept by the archive in memory, and broken by each archive that lies. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DayPacker, ResultsArchive } from '../../core/ports/results-archive.ts';
import { createMemoryArchive } from '../memory/results-archive.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { resultsArchiveChecks } from './results-archive.ts';

describe('the archive of results in memory', () => {
  itKeeps(resultsArchiveChecks, createMemoryArchive);
});

const TENANTS = 'lists the tenants of which results are kept, each once';
const FOLDERS = 'lists the folders of a day with their objects in order';
const MANY = 'lists thousands of objects';
const READ = 'reads an object, and some of its bytes, with its version';
const UNPACKS = 'unpacks lines, and nothing that is not gzip, ends early, or ends within a line';
const MEMBER = 'packs texts into one gzip member';
const ALONE = 'packs each text so that its bytes alone are unpacked';
const SAME = 'packs the same texts into the same bytes';
const INDEX = 'keeps an index that has another version than the expected one';
const REMOVED = 'removes what has the version alone';
const PURGE = 'purges everything of one tenant and nothing of another';

type Lie = (honest: ResultsArchive) => Partial<ResultsArchive>;

const LIES: readonly [string, string, Lie][] = [
  ['lists no tenants', TENANTS, () => ({ async *tenants() {} })],
  [
    'mixes days',
    FOLDERS,
    ({ write }) => ({ write: (folder, name, bytes) => write({ ...folder, day: '2026-11-29' }, name, bytes) }),
  ],
  [
    'lists the first thousand',
    MANY,
    ({ folders }) => ({
      async *folders(tenant, day) {
        for await (const { folder, objects } of folders(tenant, day)) yield { folder, objects: objects.slice(0, 1000) };
      },
    }),
  ],
  ['ignores the part', READ, ({ read }) => ({ read: (folder, name) => read(folder, name) })],
  [
    'unpacks what ends within a line',
    UNPACKS,
    () => ({ unpack: async (bytes, form) => (form === 'gzip' ? gunzipSync(bytes) : undefined) }),
  ],
  ['packs a member for each text', MEMBER, () => ({ packer: () => packerOf(gzipSync) })],
  ['does not compress what it packs', ALONE, () => ({ packer: () => packerOf((text) => text) })],
  [
    'packs the time with the texts',
    SAME,
    ({ packer }) => {
      let packers = 0;
      return {
        packer() {
          const { add, end } = packer();
          packers++;
          return { add, end: () => Buffer.concat([end(), Buffer.from([packers])]) };
        },
      };
    },
  ],
  [
    'overwrites the index of others',
    INDEX,
    ({ index, putIndex }) => ({
      putIndex: async (folder, value) => putIndex(folder, value, (await index(folder))?.version),
    }),
  ],
  [
    'removes what was written again',
    REMOVED,
    ({ read, remove }) => ({
      async remove(folder, objects) {
        for (const { name } of objects) {
          const found = await read(folder, name);
          if (found) await remove(folder, [{ name, version: found.version }]);
        }
      },
    }),
  ],
  ['purges nothing', PURGE, () => ({ purge: async () => 2 })],
];

/** Concatenates what becomes of each text. */
function packerOf(pack: (text: Uint8Array) => Uint8Array): DayPacker {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    async add(text) {
      const piece = pack(text);
      pieces.push(piece);
      length += piece.length;
      return { start: length - piece.length, end: length };
    },
    end: () => Buffer.concat(pieces),
  };
}

describe('the suite of archives of results', () => {
  it.each(LIES)('catches an archive that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryArchive();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(resultsArchiveChecks, liar)).toContain(promise);
  });
});
