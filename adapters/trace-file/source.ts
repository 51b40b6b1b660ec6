/** Recorded memory of hosts, from files: for replays, and for whoever has no cloud account at hand. */
import { basename } from 'node:path';
import { InvalidInputError, SourceError } from '../../inspection/errors.ts';
import type { MemorySource, Meter, ReadRequest } from '../../inspection/ports.ts';
import type { Reading, Scope } from '../../model/series.ts';
import { entriesOf } from './entries.ts';
import { createTrace } from './trace.ts';

export interface TraceFileOptions {
  /** Paths of CSV or NDJSON files, gzipped or not. Their base names become the accounts and must differ. */
  readonly files: readonly string[];
}

/**
 * Reads hosts from trace files and folds their samples as a cloud would.
 *
 * - CSV: a header with `time`, `host` and one of `fraction`, `percent` or `bytes` (then perhaps `limit`), one sample a line.
 * - NDJSON: the same fields in an object a line, or a whole host a line: `{id, step (s), v: [percent | null …], start?}`.
 *   Without `start` the last sample ends where the window ends.
 *
 * Lines that cannot be used are told as one `unreadable` per way in which they are wrong, with their number and the
 * first of them; a host that has no other line is `unreadable` as well.
 */
export function traceFileSource({ files }: TraceFileOptions): MemorySource {
  refuseNamesakes(files);
  const [only, another] = files;
  const account = only !== undefined && another === undefined ? basename(only) : `${files.length} files`;

  async function* read(request: ReadRequest, _meter: Meter, signal?: AbortSignal): AsyncGenerator<Reading> {
    const failures: { readonly file: string; readonly error: SourceError }[] = [];
    for (const file of files) {
      const error = yield* readFile(file, request, signal);
      if (error) failures.push({ file, error });
    }
    const [first] = failures;
    if (first && failures.length === files.length) throw first.error;
    for (const { file, error } of failures) {
      yield { kind: 'unreadable', scope: scopeOf(file), reason: error.reason, detail: error.message };
    }
  }

  // A file does not change while it is read.
  return { scope: { provider: 'local', account, region: REGION }, ingestionDelayMs: 0, read };
}

const REGION = 'file';

function scopeOf(file: string): Scope {
  return { provider: 'local', account: basename(file), region: REGION };
}

/** Yields a file's readings, and returns the error where it could not be read at all. */
async function* readFile(
  file: string,
  request: ReadRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Reading, SourceError | undefined> {
  const trace = createTrace(scopeOf(file), request);
  let begun = false;
  try {
    for await (const { line, entry } of entriesOf(file, signal)) {
      begun = true;
      yield* trace.add(line, entry);
    }
    yield* trace.finish();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (!begun) return error;
    yield* trace.finish(error);
  }
  return undefined;
}

/** The base name is the account: hosts of two files that share it could not be told apart. */
function refuseNamesakes(files: readonly string[]): void {
  const names = files.map((file) => basename(file));
  const repeated = files.filter((_, index) => names.indexOf(names[index] ?? '') !== index);
  if (repeated.length === 0) return;
  throw new InvalidInputError(
    'list of trace files',
    repeated.map((file) => `${file}: another file has this base name`),
  );
}
