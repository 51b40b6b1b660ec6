/** The hosts of one trace file, put together from its entries as they come: one reading for each. */
import type { SourceError } from '../../inspection/errors.ts';
import type { ReadRequest } from '../../inspection/ports.ts';
import { admits } from '../../model/host-filter.ts';
import {
  MEMORY_UTILIZATION,
  type Reading,
  type Resource,
  type Scope,
  type Series,
  type Span,
  type Unit,
} from '../../model/series.ts';
import { createComplaints } from './complaints.ts';
import type { Entry, Grid, Malformed, Measure, Sample } from './entry.ts';
import { type Fold, startFold } from './fold.ts';

export interface Trace {
  /** The readings that an entry completes: a grid is a whole host, a sample is not. */
  add(line: number, entry: Entry): Iterable<Reading>;
  /** What is left when the file has ended, or has broken off for the reason that the error gives. */
  finish(brokenOff?: SourceError): Iterable<Reading>;
}

/** What a measure becomes; the metrics' names are OpenTelemetry's. */
const SERIES_OF: Readonly<Record<Measure, { readonly metric: string; readonly unit: Unit; readonly divisor: number }>> =
  {
    fraction: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 1 },
    percent: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 100 },
    bytes: { metric: 'system.memory.usage', unit: 'By', divisor: 1 },
  };

/** A host whose samples are spread over the file. */
interface Gathering {
  readonly resource: Resource;
  readonly measure: Measure;
  readonly fold: Fold;
  /** Bytes, as the last row with a limit says. */
  limit: number | undefined;
}

export function createTrace(scope: Scope, { span, filters }: ReadRequest): Trace {
  const gathering = new Map<string, Gathering>();
  const told = new Set<string>();
  const complaints = createComplaints(scope);
  const isNew = (host: string) => !told.has(host) && !gathering.has(host);

  function* addMalformed(line: number, { host, why }: Malformed): Generator<Reading> {
    if (host === undefined || !isNew(host)) {
      yield* complaints.add(line, why);
      return;
    }
    const resource = { ...scope, id: host };
    told.add(host);
    if (!admits(filters, resource)) return;
    yield { kind: 'unreadable', scope: resource, reason: 'malformed', detail: complaints.say(line, why) };
  }

  function* addGrid(line: number, grid: Grid): Generator<Reading> {
    if (!isNew(grid.host)) {
      yield* complaints.add(line, `${grid.host} is in this file already`);
      return;
    }
    const resource = { ...scope, id: grid.host };
    told.add(grid.host);
    if (admits(filters, resource)) yield seriesOfGrid(grid, resource, span);
  }

  function* addSample(line: number, { host, time, measure, value, limit }: Sample): Generator<Reading> {
    const resource = { ...scope, id: host };
    if (!admits(filters, resource)) return;
    const known = gathering.get(host) ?? { resource, measure, fold: startFold(span), limit };
    if (told.has(host) || known.measure !== measure) {
      yield* complaints.add(line, `${host} is in this file already, not as rows of ${measure}`);
      return;
    }
    gathering.set(host, known);
    known.limit = limit ?? known.limit;
    if (value !== null) known.fold.add(time, value / SERIES_OF[measure].divisor);
  }

  function* finish(brokenOff?: SourceError): Generator<Reading> {
    if (brokenOff) yield { kind: 'unreadable', scope, reason: brokenOff.reason, detail: brokenOff.message };
    yield* complaints.finish();
    for (const host of gathering.values()) yield brokenOff ? cutShort(host.resource, brokenOff) : seriesOf(host, span);
  }

  return {
    add(line, entry) {
      switch (entry.kind) {
        case 'malformed':
          return addMalformed(line, entry);
        case 'grid':
          return addGrid(line, entry);
        case 'sample':
          return addSample(line, entry);
      }
    },
    finish,
  };
}

function seriesOfGrid({ start, stepMs, percents }: Grid, resource: Resource, span: Span): Series {
  const fold = startFold(span);
  const first = start ?? span.window.end - percents.length * stepMs;
  percents.forEach((percent, index) => {
    if (percent !== null) fold.add(first + index * stepMs, percent / 100);
  });
  return seriesOf({ resource, measure: 'percent', fold, limit: undefined }, span);
}

function seriesOf({ resource, measure, fold, limit }: Gathering, { window, periodMs, statistic }: Span): Series {
  const { metric, unit } = SERIES_OF[measure];
  const ofBytes = unit === 'By' && limit !== undefined ? { limit } : {};
  return { kind: 'series', resource, metric, unit, ...ofBytes, statistic, window, periodMs, ...fold.finish() };
}

/** Rows come in any order: where the rest of the file is missing, so may be any part of any host. */
function cutShort(resource: Resource, { reason, message }: SourceError): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail: `some of its rows could not be read: ${message}` };
}
