/** The text of a file, gzipped or not, in UTF-8 or UTF-16, a piece at a time: memory holds one piece, whatever the file's size. */
import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { UnreadableReason } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { formOf } from './encoding.ts';
import { fileFault, malformedFile, NO_REGULAR_FILE } from './file-fault.ts';

/** Bytes of a file's text, unpacked: 6 million rows, four days of 15,000 hosts. Beyond it a fleet is better split over files. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Traces unpack to some 20 times their size, constant ones to 100. A file that unpacks to more is refused before the limit above. */
const ZIP_BOMB = { from: 32 * 1024 * 1024, ratio: 200 };

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Yields the text without a byte order mark. Throws `SourceError` where the file cannot be opened or read, or is no text. */
export async function* textOf(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  try {
    let decoder: TextDecoder | undefined;
    let bytes = 0;
    const { chunks, raw } = await openBytes(path, signal);
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES || isZipBomb(bytes, raw.bytesRead)) throw tooLarge(path);
      decoder ??= decoderFor(path, chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    throw error instanceof SourceError ? error : unreadableFile(path, error, signal);
  }
}

interface Bytes {
  readonly chunks: AsyncIterable<Buffer>;
  /** The file itself, which counts the bytes that were read of it. */
  readonly raw: ReadStream;
}

async function openBytes(path: string, signal: AbortSignal | undefined): Promise<Bytes> {
  signal?.throwIfAborted();
  const { isGzipped, size } = await statOf(path);
  if (size > MOST_BYTES) throw tooLarge(path);
  const raw = createReadStream(path, { ...(signal && { signal }) });
  // The reader of the last stream gets the error of either; the callback only keeps it from being thrown twice.
  return { raw, chunks: isGzipped ? pipeline(raw, createGunzip(), () => {}) : raw };
}

async function statOf(path: string): Promise<{ readonly isGzipped: boolean; readonly size: number }> {
  await requireRegularFile(path);
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
  const { size } = await file.stat();
  return { isGzipped: buffer.equals(GZIP_MAGIC), size };
}

/** Opening a pipe would wait for its writer. A folder passes: reading it fails with the error that names it. */
async function requireRegularFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (path === '-') return undefined;
    throw error;
  });
  if (found?.isFile() || found?.isDirectory()) return;
  throw malformedFile(`cannot read ${path}: ${NO_REGULAR_FILE}`);
}

/** Whether so much text comes out of so little that it was made to fill memory. */
function isZipBomb(text: number, packed: number): boolean {
  return text > ZIP_BOMB.from && text > ZIP_BOMB.ratio * packed;
}

/** The decoder for text that begins like this. Throws `SourceError` where it is no text. */
function decoderFor(path: string, head: Buffer): TextDecoder {
  const form = formOf(head);
  if ('encoding' in form) return new TextDecoder(form.encoding);
  throw malformedFile(`${basename(path)} ${form.looksLike}`);
}

function tooLarge(path: string): SourceError {
  const most = MOST_BYTES / 2 ** 20;
  const message = `${basename(path)} holds more than ${most} MiB of text, or is packed as no trace is: split it by host into several files, or record fewer samples an hour`;
  return new SourceError(message, { reason: 'truncated', retryable: false });
}

const REASONS: Readonly<Record<string, UnreadableReason>> = {
  ENOENT: 'not_found',
  EACCES: 'denied',
  EPERM: 'denied',
  EISDIR: 'malformed',
  Z_DATA_ERROR: 'malformed',
  // The compressed data ends before the text does.
  Z_BUF_ERROR: 'truncated',
};

function unreadableFile(path: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    return new SourceError(`the time for reading ${basename(path)} was over`, {
      reason: 'timeout',
      retryable: true,
      cause: error,
    });
  }
  if (!(error instanceof Error)) return error;
  const { code = '' }: NodeJS.ErrnoException = error;
  const reason = REASONS[code] ?? 'unavailable';
  return new SourceError(`cannot read ${path}: ${fileFault(error)}`, { reason, retryable: false, cause: error });
}
