/** The archive of results in memory. */
import { constants, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { type DayIndex, dayIndexSchema } from '../../core/model/day-index.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ArchivedObject, DayFolder, DayPacker, ResultsArchive } from '../../core/ports/results-archive.ts';

export function createMemoryArchive(): ResultsArchive {
  const objects = new Map<string, { of: DayFolder; name: string; bytes: Uint8Array; version: string }>();
  const indices = new Map<string, { of: DayFolder; value: DayIndex; version: string }>();
  let writes = 0;
  const keyOf = ({ tenant, day, folder }: DayFolder, name = '') => JSON.stringify([tenant, day, folder, name]);
  const nextVersion = () => `"v${++writes}"`;
  return {
    async *tenants() {
      yield* [...new Set([...objects.values()].map(({ of }) => of.tenant))].sort();
    },
    async *folders(tenant, day) {
      const own = [...objects.values()].filter(({ of }) => of.tenant === tenant && of.day === day);
      for (const [, group] of Map.groupBy(own, ({ of }) => of.folder)) {
        const listed = group.map(
          ({ name, version, bytes }): ArchivedObject => ({ name, version, bytes: bytes.length }),
        );
        const [first] = group;
        if (first) yield { folder: first.of, objects: listed.sort((a, b) => (a.name < b.name ? -1 : 1)) };
      }
    },
    async index(folder) {
      return indices.get(keyOf(folder));
    },
    async putIndex(folder, value, expected) {
      const parsed = dayIndexSchema.safeParse(value);
      if (!parsed.success) throw new ItemError('The index would not be read back.', { cause: parsed.error });
      if (indices.get(keyOf(folder))?.version !== expected) return 'conflict';
      indices.set(keyOf(folder), { of: folder, value, version: nextVersion() });
      return 'stored';
    },
    async read(folder, name, part) {
      const found = objects.get(keyOf(folder, name));
      return found && { bytes: found.bytes.slice(part?.start, part?.end), version: found.version };
    },
    async unpack(bytes, form) {
      try {
        const text =
          form === 'gzip' ? gunzipSync(bytes) : inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
        const isFlushed = form === 'gzip' || Buffer.from(bytes.slice(-4)).toString('hex') === '0000ffff';
        return isFlushed && (text.length === 0 || text.at(-1) === 0x0a) ? text : undefined;
      } catch {
        return undefined;
      }
    },
    packer,
    async write(folder, name, bytes) {
      const version = nextVersion();
      objects.set(keyOf(folder, name), { of: folder, name, bytes, version });
      return version;
    },
    async remove(folder, removed) {
      for (const { name, version } of removed)
        if (objects.get(keyOf(folder, name))?.version === version) objects.delete(keyOf(folder, name));
    },
    async purge(tenant) {
      const own = [...objects].filter(([, { of }]) => of.tenant === tenant);
      for (const [key] of own) objects.delete(key);
      const ownIndices = [...indices].filter(([, { of }]) => of.tenant === tenant);
      for (const [key] of ownIndices) indices.delete(key);
      return own.length + ownIndices.length;
    },
  };
}

/** The header and the trailer are what zlib writes for all texts at once. */
function packer(): DayPacker {
  const texts: Uint8Array[] = [];
  const pieces: Buffer[] = [];
  let length = 10;
  return {
    async add(text) {
      const piece = deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH });
      texts.push(text);
      pieces.push(piece);
      length += piece.length;
      return { start: length - piece.length, end: length };
    },
    end() {
      const usual = gzipSync(Buffer.concat(texts));
      return Buffer.concat([usual.subarray(0, 10), ...pieces, deflateRawSync(''), usual.subarray(-8)]);
    },
  };
}
