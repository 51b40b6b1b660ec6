/** The hosts of one trace file, put together from its entries as they come: one reading for each. */

import { admits } from '../../core/model/host-filter.ts';
import {
  isResource,
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  type Reading,
  type Resource,
  type Scope,
  type Series,
  type Span,
  type Unit,
} from '../../core/model/series.ts';
import type { SourceError } from '../../core/ports/errors.ts';
import type { ReadRequest } from '../../core/ports/memory-source.ts';
import { createComplaints, describeRows, unusable } from './complaints.ts';
import type { Entry, Fault, Grid, Malformed, Measure, Sample } from './entry.ts';
import { type Fold, startFold } from './fold.ts';
import { rangeFault } from './range.ts';

export interface Trace {
  /** The readings that an entry completes: a grid is a complete host, a sample is not. */
  add(line: number, entry: Entry): Iterable<Reading>;
  /** What is left when the file has ended, or has broken off for the reason that the error gives. */
  finish(brokenOff?: SourceError): Iterable<Reading>;
}

/** What a measure becomes; the metrics' names are OpenTelemetry's. */
const SERIES_OF: Readonly<Record<Measure, { readonly metric: string; readonly unit: Unit; readonly divisor: number }>> =
  {
    fraction: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 1 },
    percent: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 100 },
    bytes: { metric: MEMORY_USAGE, unit: 'By', divisor: 1 },
  };

/** A host whose samples are spread over the file. */
interface Gathering {
  readonly resource: Resource;
  readonly measure: Measure;
  readonly fold: Fold;
  /** Whether any of its rows holds a value, be it outside the window. */
  hasValue: boolean;
  /** Bytes, of the last row with a limit. */
  limit: number | undefined;
}

export function createTrace(scope: Scope, { span, filters }: ReadRequest): Trace {
  const gathering = new Map<string, Gathering>();
  const reported = new Set<string>();
  const complaints = createComplaints(scope);
  const isNew = (host: string) => !reported.has(host) && !gathering.has(host);

  function* addMalformed(line: number, malformed: Malformed, resource?: Resource): Generator<Reading> {
    if (resource === undefined || !malformed.isGrid || !isNew(resource.id)) {
      complaints.add(line, malformed, resource);
      return;
    }
    reported.add(resource.id);
    yield ofOneLine(resource, line, malformed);
  }

  function* addGrid(line: number, grid: Grid, resource: Resource): Generator<Reading> {
    if (!isNew(grid.host)) {
      complaints.add(line, { why: 'its host is in this file already', example: grid.host }, resource);
      return;
    }
    reported.add(grid.host);
    const { percents, fault } = withoutFaults(grid.percents);
    const isEmpty = percents.every((percent) => percent === null);
    if (fault === undefined) complaints.pass();
    else if (!isEmpty) complaints.add(line, inPart(fault), resource);
    const isUnusable = fault !== undefined && isEmpty;
    yield isUnusable ? ofOneLine(resource, line, fault) : seriesOfGrid({ ...grid, percents }, resource, span);
  }

  function addSample(line: number, sample: Sample, resource: Resource): void {
    const { host, time, measure, value, limit } = sample;
    const known = gathering.get(host) ?? { resource, measure, fold: startFold(span), hasValue: false, limit };
    const isOther = reported.has(host) || known.measure !== measure;
    const fault = isOther ? { why: OTHER_FORM, example: host } : rangeFault(sample);
    if (fault) {
      complaints.add(line, fault, resource);
      return;
    }
    complaints.pass();
    gathering.set(host, known);
    known.limit = limit ?? known.limit;
    if (value === null) return;
    known.hasValue = true;
    known.fold.add(time, value / SERIES_OF[measure].divisor);
  }

  function* add(line: number, entry: Entry): Generator<Reading> {
    const resource = entry.host === undefined ? undefined : { ...scope, id: entry.host };
    if (resource !== undefined && !admits(filters, resource)) return;
    if (entry.kind === 'malformed') yield* addMalformed(line, entry, resource);
    else if (resource !== undefined && entry.kind === 'grid') yield* addGrid(line, entry, resource);
    else if (resource !== undefined && entry.kind === 'sample') addSample(line, entry, resource);
  }

  function* finish(brokenOff?: SourceError): Generator<Reading> {
    if (brokenOff) yield { kind: 'unreadable', scope, reason: brokenOff.reason, detail: brokenOff.message };
    for (const reading of complaints.finish((id) => reported.has(id) || gathering.get(id)?.hasValue === true)) {
      if (isResource(reading.scope)) gathering.delete(reading.scope.id);
      yield reading;
    }
    for (const host of gathering.values())
      yield brokenOff ? brokenOffReading(host.resource, brokenOff) : seriesOf(host, span);
  }

  return { add, finish };
}

const OTHER_FORM = 'its host is in this file already, in another layout or unit';

function inPart({ why, ...fault }: Fault): Fault {
  return { ...fault, why: `some values are left out: ${why}` };
}

/** A host whose only line cannot be used. */
function ofOneLine(resource: Resource, line: number, fault: Fault): Reading {
  return unusable(resource, describeRows({ fault, firstLine: line, count: 1 }));
}

/** The values of a grid, null for those that memory cannot have, and what is wrong with the first of these. */
function withoutFaults(values: Grid['percents']): { percents: (number | null)[]; fault: Fault | undefined } {
  const faults = values.map((value) => rangeFault({ measure: 'percent', value }));
  const percents = values.map((value, index) => (faults[index] === undefined ? value : null));
  return { percents, fault: faults.find((fault) => fault !== undefined) };
}

function seriesOfGrid({ start, stepMs, percents }: Grid, resource: Resource, span: Span): Series {
  const fold = startFold(span);
  const first = start ?? span.window.end - percents.length * stepMs;
  percents.forEach((percent, index) => {
    if (percent !== null) fold.add(first + index * stepMs, percent / 100);
  });
  return seriesOf({ resource, measure: 'percent', fold, hasValue: true, limit: undefined }, span);
}

function seriesOf({ resource, measure, fold, limit }: Gathering, { window, periodMs, statistic }: Span): Series {
  const { metric, unit } = SERIES_OF[measure];
  const ofBytes = unit === 'By' && limit !== undefined ? { limit } : {};
  return { kind: 'series', resource, metric, unit, ...ofBytes, statistic, window, periodMs, ...fold.finish() };
}

/** Rows come in any order: where the rest of the file is missing, so may be any part of any host. */
function brokenOffReading(resource: Resource, { reason, message }: SourceError): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail: `some of its rows could not be read: ${message}` };
}
