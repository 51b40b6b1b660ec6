/** Gzipped NDJSON: a value a line. Written at once, and read back line by line, whatever the size of the text. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, createInflateRaw, gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { PackedForm } from '../../core/ports/results-archive.ts';

const compress = promisify(gzip);
const unpack = promisify(gunzip);

/** Most bytes of the text of one object: a small object could unpack into one that fills the memory. */
const MAX_TEXT_BYTES = 1024 * 1024 * 1024;

/** Most bytes of a line. A line of results has 1 KB, and a host of a listing as much as its tags. */
const MAX_LINE_BYTES = 1024 * 1024;

/** Most bytes of a document. The head of a run has 10 MB where it lists as many hosts as it may. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Bytes of text that are unpacked at a time. */
const UNPACKED_AT_ONCE = 256 * 1024;

const LINE_FEED = 0x0a;

/** One document, gzipped. */
export async function jsonGzip(value: unknown): Promise<Uint8Array> {
  return compress(JSON.stringify(value));
}

/** @param values As JSON takes them. */
export async function ndjsonGzip(values: readonly unknown[]): Promise<Uint8Array> {
  return compress(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** A value as it is stored. One that could not be read back is refused: throws `ItemError`. */
export function storable<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  address: string,
): z.input<Schema> {
  const result = z.safeEncode(schema, value);
  if (result.success) return result.data;
  throw new ItemError(`What ${address} is to hold would not be read back: ${z.prettifyError(result.error)}`, {
    cause: result.error,
  });
}

export interface Packed<Value> {
  readonly bytes: Uint8Array;
  /** Gzip, unless the bytes are part of a merged object. */
  readonly form?: PackedForm;
  /** Of the object, for messages. */
  readonly address: string;
  readonly schema: z.ZodType<Value>;
}

/**
 * The values of an object, which may consist of several gzip members (RFC 1952, section 2.2). Throws `ItemError` that names the object
 * and the line where one cannot be read.
 */
export async function* ndjsonValues<Value>({ schema, ...packed }: Packed<Value>): AsyncGenerator<Value> {
  let number = 0;
  for await (const line of linesOf(packed)) {
    number++;
    yield parseJson(line, schema, `Line ${number} of ${packed.address}`);
  }
}

/** The document of an object. Throws `ItemError` that names the object. */
export async function jsonValue<Value>({ bytes, address, schema }: Packed<Value>): Promise<Value> {
  let text: Buffer;
  try {
    text = await unpack(bytes, { maxOutputLength: MAX_DOCUMENT_BYTES });
  } catch (error) {
    throw damaged(address, error);
  }
  return parseJson(text.toString('utf8'), schema, address);
}

function damaged(address: string, cause: unknown): ItemError {
  return new ItemError(`${address} is not gzip, damaged, or too large; delete it.`, { cause });
}

function parseJson<Value>(text: string, schema: z.ZodType<Value>, where: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ItemError(`${where} is not JSON; correct it, or delete the object.`, { cause: error });
  }
  const parsed = parseInput(schema, value);
  if (parsed.success) return parsed.data;
  const fields = describeIssues(parsed.error).map((issue) => `  ${issue}`);
  throw new ItemError(
    [`${where} is not as Plimsoll writes it; correct it, or delete the object.`, ...fields].join('\n'),
    {
      cause: parsed.error,
    },
  );
}

type PackedText = Omit<Packed<unknown>, 'schema'>;

async function* linesOf(packed: PackedText): AsyncGenerator<string> {
  const splitter = createSplitter(packed.address);
  for await (const chunk of unpacked(packed)) yield* splitter.push(chunk);
  yield* splitter.end();
}

/** Splits pieces of text into lines. */
function createSplitter(address: string) {
  let kept: Buffer[] = [];
  let length = 0;
  let read = 0;

  function keep(part: Buffer): void {
    kept.push(part);
    length += part.length;
    read += part.length;
    if (length > MAX_LINE_BYTES) throw new ItemError(`${address} has a line of more than ${MAX_LINE_BYTES} bytes.`);
    if (read > MAX_TEXT_BYTES) throw new ItemError(`${address} unpacks to more than ${MAX_TEXT_BYTES} bytes.`);
  }

  function take(): string {
    const line = Buffer.concat(kept).toString('utf8');
    kept = [];
    length = 0;
    return line;
  }

  return {
    *push(chunk: Buffer): Generator<string> {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        keep(chunk.subarray(start, end));
        yield take();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    *end(): Generator<string> {
      if (length > 0) yield take();
    },
  };
}

async function* unpacked({ bytes, form = 'gzip', address }: PackedText): AsyncGenerator<Buffer> {
  const chunkSize = UNPACKED_AT_ONCE;
  // Part of a merged object ends with a flush: more blocks come behind it.
  const unpacker =
    form === 'gzip'
      ? createGunzip({ chunkSize })
      : createInflateRaw({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  const text = Readable.from([bytes]).pipe(unpacker);
  try {
    for await (const chunk of text) yield chunk;
  } catch (error) {
    throw damaged(address, error);
  }
}
