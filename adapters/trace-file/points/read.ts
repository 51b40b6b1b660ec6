/** Reads points of trace files: those of metrics, and of files of memory its memory. */
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Scope } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { PointsRequest, ReadRequest } from '../../../core/ports/memory-source.ts';
import type { TraceOptions } from '../options.ts';
import { collectPoints, type PointCollection } from './collect.ts';
import { type PointRows, pointRowsOf } from './rows.ts';

export interface PointFiles {
  readonly files: readonly string[];
  readonly options: TraceOptions;
  scopeOf(file: string): Scope;
  /** The readings of a file of memory. */
  readMemory(file: string, request: ReadRequest, signal: AbortSignal | undefined): AsyncIterable<Reading>;
}

/** Throws `SourceError` where no file can be read. */
export async function* readPointFiles(
  sources: PointFiles,
  request: PointsRequest,
  signal?: AbortSignal,
): AsyncGenerator<PointReading> {
  const { files, scopeOf } = sources;
  const failures: { readonly file: string; readonly error: SourceError }[] = [];
  for (const file of files) {
    const error = yield* readFile(sources, file, request, signal);
    if (error !== undefined) failures.push({ file, error });
  }
  const [first] = failures;
  if (first !== undefined && failures.length === files.length) throw first.error;
  for (const { file, error } of failures) {
    yield { kind: 'unreadable', scope: scopeOf(file), metric: null, reason: error.reason, detail: error.message };
  }
}

/** Yields a file's readings, and returns the error where it could not be read at all. */
async function* readFile(
  { options, scopeOf, readMemory }: PointFiles,
  file: string,
  request: PointsRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<PointReading, SourceError | undefined> {
  try {
    const own = request.metrics.flatMap(({ feed }) => (feed === undefined ? [] : [feed.column]));
    const rows = await pointRowsOf(file, new Set(own), options, signal);
    if (rows === undefined) {
      for await (const reading of readMemory(file, memoryRequest(request), signal)) yield* pointsOf(reading, request);
      yield* request.metrics.flatMap((metric) => (metric.feed === undefined ? [] : [noFeed(scopeOf(file), metric)]));
      return undefined;
    }
    const collection = collectPoints(scopeOf(file), request, options);
    yield* collection.finish(await addAll(rows, collection));
    return undefined;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

/** Returns why the rows end early. Throws where the time is over: whoever has none wants no half of a file. */
async function addAll(rows: PointRows, collection: PointCollection): Promise<SourceError | undefined> {
  try {
    for await (const piece of rows) for (const row of piece) collection.add(row);
    return undefined;
  } catch (error) {
    if (error instanceof SourceError && error.reason !== 'timeout') return error;
    throw error;
  }
}

function memoryRequest({ window, periodMs, filters }: PointsRequest): ReadRequest {
  return { metric: MEMORY_UTILIZATION, span: { window, periodMs, statistic: 'average' }, filters };
}

/** A host of a file of memory: its memory, and that there is nothing else. */
function* pointsOf(reading: Reading, { metrics }: PointsRequest): Generator<PointReading> {
  if (reading.kind === 'unreadable') {
    yield { ...reading, metric: null };
    return;
  }
  for (const { name: metric, feed } of metrics) {
    if (feed !== undefined) continue;
    if (metric !== MEMORY_UTILIZATION) yield memoryAlone(reading.resource, metric);
    else if (reading.kind === 'not_monitored') yield { ...reading, metric };
    else if (reading.unit === '1') {
      const { resource, window, periodMs, times, values } = reading;
      yield { kind: 'points', resource, metric, part: {}, unit: '1', window, periodMs, times, values };
    } else yield memoryAlone(reading.resource, metric);
  }
}

function memoryAlone(resource: Resource, metric: string): PointReading {
  const hint = `The file of ${resource.id} holds memory, and no ${metric} as a fraction. Give a file of points: docs/trace-files.md.`;
  return { kind: 'not_monitored', resource, metric, reason: 'not_reported', hint };
}

function noFeed(scope: Scope, { name: metric, feed }: PointMetric): PointReading {
  const detail = `the file holds memory, and no column ${feed?.column}`;
  return { kind: 'unreadable', scope, metric, reason: 'not_found', detail };
}
