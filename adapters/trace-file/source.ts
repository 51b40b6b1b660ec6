/**
 * Recorded memory of hosts, from files: for replays, and where no cloud account is at hand. Bytes become lines (`file/`), lines
 * become entries (`entries.ts` finds the form, `csv/` and `json/` read it), names and texts become times and values (`values/`), and
 * entries become readings, one for each host (`hosts/`).
 */
import { basename } from 'node:path';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan, MemorySource, Meter, PointsRequest, ReadRequest } from '../../core/ports/memory-source.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { accountsOf } from './accounts.ts';
import { entriesOf } from './entries.ts';
import { createCompanions } from './hosts/companions.ts';
import { createTrace, resourceOf, type Trace } from './hosts/trace.ts';
import type { TraceOptions } from './options.ts';
import { readPointFiles } from './points/read.ts';

export interface TraceFileOptions extends TraceOptions {
  /** Paths of CSV or JSON files, gzipped or not. Their base names become the accounts, with folders where these do not differ. */
  readonly files: readonly string[];
}

/**
 * Reads hosts from trace files and folds their samples as a cloud would.
 *
 * - CSV: a header with a time and a value, and a host in each row, in each column, or in the name of the file.
 * - JSON, an object a line: a sample (`time`, `host` and a value), or all samples of a host: `{id, step (s), v: [percent | null …],
 *   start?}`. Without `start` the last sample ends where the window ends. It may hold the host's `group`, its `consumers` and its
 *   `deployments`.
 * - JSON documents as other tools print them, see `json/readers.ts`.
 *
 * - Points of other metrics, of the catalogue or of feeds: `points` alone reads them, see `points/`.
 *
 * Rows that cannot be used are reported as one `unreadable` for each kind of fault, with the number of rows and the first of
 * them; a host that has no other row is `unreadable` as well.
 */
export function traceFileSource({ files, ...options }: TraceFileOptions): MemorySource {
  const accounts = accountsOf(files);
  const companions = createCompanions(options.capacity);
  const scopeOf = (file: string) => scopeOfAccount(accounts.get(file) ?? basename(file));
  const [only, another] = files;
  const account = only !== undefined && another === undefined ? basename(only) : `${files.length} files`;

  async function* read(request: ReadRequest, _meter: Meter, signal?: AbortSignal): AsyncGenerator<Reading> {
    requireMetric(request.metric, [MEMORY_UTILIZATION]);
    const failures: { readonly file: string; readonly error: SourceError }[] = [];
    for (const file of files) {
      const trace = createTrace(scopeOf(file), request, companions);
      const error = yield* readFile(file, trace, options, signal);
      if (error) failures.push({ file, error });
    }
    const [first] = failures;
    if (first && failures.length === files.length) throw first.error;
    for (const { file, error } of failures) {
      yield { kind: 'unreadable', scope: scopeOf(file), reason: error.reason, detail: error.message };
    }
  }

  /** Reads the files once more, which takes a small part of the time that evaluating their hosts does. */
  async function countHosts(filters: readonly HostFilter[], _meter: Meter, signal?: AbortSignal): Promise<number> {
    let hosts = 0;
    for (const file of files) hosts += await hostsIn(file, scopeOf(file), options, filters, signal);
    return hosts;
  }

  async function* consumers(host: Resource, span: MeanSpan): AsyncGenerator<Reading> {
    yield* companions.consumers(host, span);
  }

  async function* readMemory(file: string, request: ReadRequest, signal?: AbortSignal): AsyncGenerator<Reading> {
    const error = yield* readFile(file, createTrace(scopeOf(file), request, companions), options, signal);
    if (error) throw error;
  }

  const points = (request: PointsRequest, _meter: Meter, signal?: AbortSignal) =>
    readPointFiles({ files, options, scopeOf, readMemory }, request, signal);

  const { deployments } = companions;
  // A file does not change while it is read.
  return {
    scope: { provider: 'local', account, region: REGION },
    ingestionDelayMs: 0,
    read,
    countHosts,
    points,
    consumers,
    deployments,
  };
}

const REGION = 'file';

function scopeOfAccount(account: string): Scope {
  return { provider: 'local', account, region: REGION };
}

/** Yields a file's readings, and returns the error where it could not be read at all. */
async function* readFile(
  file: string,
  trace: Trace,
  options: TraceOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Reading, SourceError | undefined> {
  let begun = false;
  try {
    for await (const piece of entriesOf(file, options, signal)) {
      for (const { line, entry } of piece) {
        begun = true;
        yield* trace.add(line, entry);
      }
    }
    yield* trace.finish();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (!begun) return error;
    yield* trace.finish(error);
  }
  return undefined;
}

/** Most hosts that are counted for a progress bar: more would take too much memory. */
const MOST_COUNTED = 200_000;

/** How many hosts a file names; none where it cannot be read, which `read` reports. */
async function hostsIn(
  file: string,
  scope: Scope,
  options: TraceOptions,
  filters: readonly HostFilter[],
  signal?: AbortSignal,
): Promise<number> {
  const hosts = new Map<string, Resource>();
  try {
    for await (const piece of entriesOf(file, options, signal)) {
      for (const { entry } of piece) {
        if (entry.kind === 'remark' || entry.host === undefined || hosts.size >= MOST_COUNTED) continue;
        hosts.set(entry.host, resourceOf(scope, entry.host, entry));
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
  return [...hosts.values()].filter((host) => admits(filters, host)).length;
}
