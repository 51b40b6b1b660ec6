/** The body of an answer, of which no more is read than is good: neither as it comes nor as it unpacks. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { IncomingAnswer } from './connection.ts';

/** A body is longer, or has more in it, than what is read of one. */
export class TooLongError extends Error {}

/**
 * Objects and lists in an answer: some 60 bytes each once they are parsed, for 3 in the text. An answer of 100,000 points or series
 * has fewer than a tenth of them.
 */
const MAX_PARTS = 2_000_000;

/** The bytes with which an object and a list begin. */
const OBJECT = 0x7b;
const LIST = 0x5b;

/**
 * The text of a body. Rejects with `TooLongError` where it is longer than `maxBytes` or has too many parts, and with the error of the
 * connection, or of what unpacks it, where it ends early.
 */
export async function readText({ headers, body }: IncomingAnswer, maxBytes: number): Promise<string> {
  const unpacked = headers['content-encoding'] === 'gzip' ? unpack(body) : body;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let parts = 0;
  try {
    for await (const chunk of unpacked) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > maxBytes) throw new TooLongError(`the answer is longer than ${maxBytes / 2 ** 20} MiB`);
      parts += partsIn(part);
      if (parts > MAX_PARTS) throw new TooLongError(`the answer has more than ${MAX_PARTS} lists and groups`);
      chunks.push(part);
    }
  } finally {
    // A connection of which the rest was not read cannot be used again. One that was read to its end is kept.
    if (!body.readableEnded) body.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** How many objects and lists begin in it; brackets in texts count as well. */
function partsIn(bytes: Buffer): number {
  let count = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === OBJECT || byte === LIST) count++;
  }
  return count;
}

function unpack(body: Readable): Readable {
  const gunzip = createGunzip();
  // `pipe` hands no errors on: without this one a connection that breaks would never end.
  body.on('error', (error) => gunzip.destroy(error));
  return body.pipe(gunzip);
}
