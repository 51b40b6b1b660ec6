/** The body of an answer, of which no more is read than is good: neither as it comes nor as it unpacks. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { IncomingAnswer } from './connection.ts';

/** A body is longer than what is read of one. */
export class TooLongError extends Error {}

/**
 * The text of a body. Rejects with `TooLongError` where it is longer than `maxBytes`, and with the error of the connection, or of what
 * unpacks it, where it ends early.
 */
export async function readText({ headers, body }: IncomingAnswer, maxBytes: number): Promise<string> {
  const unpacked = headers['content-encoding'] === 'gzip' ? unpack(body) : body;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of unpacked) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > maxBytes) throw new TooLongError(`the answer is longer than ${maxBytes / 2 ** 20} MiB`);
      chunks.push(part);
    }
  } finally {
    // A connection of which the rest was not read cannot be used again. One that was read to its end is kept.
    if (!body.readableEnded) body.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unpack(body: Readable): Readable {
  const gunzip = createGunzip();
  // `pipe` hands no errors on: without this one a connection that breaks would never end.
  body.on('error', (error) => gunzip.destroy(error));
  return body.pipe(gunzip);
}
