/**
 * One gzip member (RFC 1952) of many texts, of which each can be unpacked alone. Readers of several members have lost all but some of them
 * (trinodb/trino#18281), and every reader knows files of one. Behind each text the compressor is flushed and forgets what was before, as
 * DEFLATE allows (RFC 1951): so a few bytes of the member are one text.
 */
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, gunzip, inflateRaw } from 'node:zlib';
import type { DayPacker, PackedForm } from '../../core/ports/results-archive.ts';

const [pack, unpackGzip, unpackDeflate] = [promisify(deflateRaw), promisify(gunzip), promisify(inflateRaw)];

/** Deflate, without a name or a time, of an unknown system: equal texts make equal bytes. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** An empty last block. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** What a flush ends with: an empty block that is stored as it is. */
const FLUSHED = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Most bytes of the text of one shard. Lines of a thousand hosts have some 700 KB, and 7 MB where each has the longest reason. */
const MOST_SHARD_BYTES = 32 * 1024 * 1024;

const LINE_FEED = 0x0a;

export function createPacker(): DayPacker {
  const pieces: Buffer[] = [HEADER];
  let length = HEADER.length;
  let checksum = 0;
  let textBytes = 0;
  return {
    async add(text) {
      const piece = await pack(text, { finishFlush: constants.Z_FULL_FLUSH });
      const start = length;
      pieces.push(piece);
      length += piece.length;
      checksum = crc32(text, checksum);
      textBytes += text.length;
      return { start, end: length };
    },
    end() {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(checksum, 0);
      trailer.writeUInt32LE(textBytes % 2 ** 32, 4);
      return Buffer.concat([...pieces, LAST_BLOCK, trailer]);
    },
  };
}

/** The text of a shard; undefined where it is damaged, too large, or ends within a line. */
export async function unpackShard(bytes: Uint8Array, form: PackedForm): Promise<Uint8Array | undefined> {
  const text = await unpack(bytes, form).catch(() => undefined);
  return text === undefined || text.length === 0 || text.at(-1) === LINE_FEED ? text : undefined;
}

async function unpack(bytes: Uint8Array, form: PackedForm): Promise<Uint8Array | undefined> {
  const limit = { maxOutputLength: MOST_SHARD_BYTES };
  if (form === 'gzip') return unpackGzip(bytes, limit);
  // What is part of a member has no end of its own, and no checksum.
  if (!FLUSHED.equals(bytes.subarray(-FLUSHED.length))) return undefined;
  return unpackDeflate(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH });
}
