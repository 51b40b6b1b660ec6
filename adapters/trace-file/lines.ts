/** The lines of a text file, gzipped or not, one at a time: memory holds one chunk and one line, whatever the file's size. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { fileFault } from './file-fault.ts';

/** A line with its number, from 1. `text` is undefined where the line is too long to be kept. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/** Characters of a line: a year of samples a minute takes 4 million. A longer line is no line of a trace. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Reads the lines without their line ends. Throws `SourceError` where the file cannot be opened or read to its end. */
export async function* linesOf(path: string, signal?: AbortSignal): AsyncGenerator<Line> {
  try {
    const splitter = createSplitter();
    for await (const chunk of await openText(path, signal)) {
      yield* splitter.push(chunk);
    }
    yield* splitter.end();
  } catch (error) {
    throw unreadableFile(path, error, signal);
  }
}

async function openText(path: string, signal: AbortSignal | undefined): Promise<AsyncIterable<string>> {
  signal?.throwIfAborted();
  const gzipped = await startsWith(path, GZIP_MAGIC);
  const raw: Readable = createReadStream(path, { ...(signal && { signal }) });
  // The reader of the last stream gets the error of either; the callback only keeps it from being thrown twice.
  const text = gzipped ? pipeline(raw, createGunzip(), () => {}) : raw;
  return text.setEncoding('utf8');
}

async function startsWith(path: string, magic: Buffer): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
  return buffer.subarray(0, bytesRead).equals(magic);
}

/** Splits chunks into lines. */
function createSplitter() {
  let number = 0;
  let kept = '';
  let tooLong = false;

  function take(rest: string): Line {
    const text = tooLong ? undefined : (kept + rest).replace(/\r$/, '');
    kept = '';
    tooLong = false;
    number++;
    // Editors on Windows begin a file with a byte order mark.
    return { number, text: number === 1 ? text?.replace(/^\uFEFF/, '') : text };
  }

  return {
    *push(chunk: string): Generator<Line> {
      let start = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        yield take(chunk.slice(start, end));
        start = end + 1;
      }
      kept += chunk.slice(start);
      if (kept.length > MAX_LINE_LENGTH) {
        tooLong = true;
        kept = '';
      }
    },
    *end(): Generator<Line> {
      if (kept !== '' || tooLong) yield take('');
    },
  };
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
