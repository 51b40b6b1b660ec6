/** The hosts of one trace file, put together from its entries as they come: one reading for each. */

import { admits } from '../../core/model/host-filter.ts';
import {
  isResource,
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  OVER_FULL,
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
import { actualFull, rangeFault } from './range.ts';
import { createUnitCheck, type UnitCheck } from './unit-check.ts';

export interface Trace {
  /** The readings that an entry completes: a grid is all of a host, a sample is not. */
  add(line: number | undefined, entry: Entry): Iterable<Reading>;
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

/** Periods of all hosts that are kept at once, 12 bytes each: 100,000 hosts over four days. */
const MOST_PERIODS = 40_000_000;

/** A host whose samples are spread over the file. */
interface Gathering {
  readonly resource: Resource;
  readonly fold: Fold;
  readonly unitCheck: UnitCheck;
  /** Of the first value. */
  measure: Measure | undefined;
  /** Whether any of its rows holds a value, be it outside the window. */
  hasValue: boolean;
  /** Bytes, as the last row with a limit states. */
  limit: number | undefined;
}

export function createTrace(scope: Scope, { span, filters }: ReadRequest): Trace {
  const gathering = new Map<string, Gathering>();
  const reported = new Set<string>();
  const complaints = createComplaints(scope);
  const isNew = (host: string) => !reported.has(host) && !gathering.has(host);

  function* addMalformed(line: number | undefined, malformed: Malformed, resource?: Resource): Generator<Reading> {
    if (resource === undefined || !malformed.isGrid || !isNew(resource.id)) {
      complaints.add(line, malformed, resource);
      return;
    }
    reported.add(resource.id);
    yield ofOneLine(resource, line, malformed);
  }

  function* addGrid(line: number | undefined, grid: Grid, resource: Resource): Generator<Reading> {
    if (!isNew(grid.host)) {
      complaints.add(line, { why: 'its host is in this file already', example: grid.host }, resource);
      return;
    }
    reported.add(grid.host);
    const { values, fault } = withoutFaults(grid);
    const isEmpty = values.every((value) => value === null);
    if (fault === undefined) complaints.pass();
    else if (!isEmpty) complaints.add(line, inPart(fault), resource);
    yield fault !== undefined && isEmpty
      ? ofOneLine(resource, line, fault)
      : readingOfGrid({ ...grid, values }, resource, span);
  }

  function addSample(line: number | undefined, sample: Sample, resource: Resource): void {
    const known = gathering.get(sample.host) ?? startGathering(resource, span);
    const fault = faultOf(sample, known);
    if (fault) complaints.add(line, fault, resource);
    else {
      complaints.pass();
      gathering.set(sample.host, known);
      addValue(known, sample);
    }
  }

  function faultOf(sample: Sample, known: Gathering): Fault | undefined {
    const isOther = known.measure !== undefined && sample.value !== null && !isSameUnit(known.measure, sample.measure);
    if (reported.has(sample.host) || isOther) return { why: OTHER_FORM, example: sample.host };
    if (!gathering.has(sample.host) && gathering.size >= mostHostsOver(span))
      return { why: TOO_MANY, example: sample.host };
    return rangeFault(sample);
  }

  function* add(line: number | undefined, entry: Entry): Generator<Reading> {
    if (entry.kind === 'remark') return;
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
    for (const host of gathering.values()) yield brokenOff ? lost(host.resource, brokenOff) : readingOf(host, span);
  }

  return { add, finish };
}

function mostHostsOver({ window, periodMs }: Span): number {
  return Math.max(1, Math.floor((MOST_PERIODS * periodMs) / (window.end - window.start)));
}

const OTHER_FORM = 'its host is in this file already, in another layout or unit';
const TOO_MANY = 'the file has more hosts than can be kept at once: split it by host into several files';

/** Percent and fractions are one unit, once they are divided. */
function isSameUnit(one: Measure, other: Measure): boolean {
  return SERIES_OF[one].unit === SERIES_OF[other].unit;
}

function startGathering(resource: Resource, span: Span): Gathering {
  return {
    resource,
    fold: startFold(span),
    unitCheck: createUnitCheck(),
    measure: undefined,
    hasValue: false,
    limit: undefined,
  };
}

function addValue(known: Gathering, sample: Sample): void {
  const { time, measure, value, limit } = sample;
  known.limit = limit ?? known.limit;
  if (value === null) return;
  known.measure ??= measure;
  known.hasValue = true;
  known.unitCheck.add(sample);
  known.fold.add(time, value / SERIES_OF[measure].divisor);
}

function inPart({ why, ...fault }: Fault): Fault {
  return { ...fault, why: `some values are left out: ${why}` };
}

/** A host whose only line cannot be used. */
function ofOneLine(resource: Resource, line: number | undefined, fault: Fault): Reading {
  return unusable(resource, describeRows({ fault, firstLine: line, count: 1 }));
}

/** The values of a grid, null for those that memory cannot have, and what is wrong with the first of these. */
function withoutFaults({ values, ...grid }: Grid): { values: (number | null)[]; fault: Fault | undefined } {
  const faults = values.map((value) => rangeFault({ ...grid, value }));
  const sound = values.map((value, index) => (faults[index] === undefined ? value : null));
  return { values: sound, fault: faults.find((fault) => fault !== undefined) };
}

function readingOfGrid(grid: Grid, resource: Resource, span: Span): Reading {
  const { host, start, stepMs, values, measure, limit, isUnitCertain = false } = grid;
  const known = startGathering(resource, span);
  const first = start ?? span.window.end - values.length * stepMs;
  for (const [index, value] of values.entries()) {
    const time = first + index * stepMs;
    addValue(known, {
      kind: 'sample',
      host,
      time,
      measure,
      value,
      ...(limit !== undefined && { limit }),
      isUnitCertain,
    });
  }
  return readingOf(known, span);
}

/** The series, unless all of its values look like another unit than the one that they are stated in. */
function readingOf(host: Gathering, span: Span): Reading {
  const fault = host.unitCheck.finish();
  return fault === undefined ? seriesOf(host, span) : unusable(host.resource, fault);
}

function seriesOf({ resource, measure = 'percent', fold, limit }: Gathering, span: Span): Series {
  const { window, periodMs, statistic } = span;
  const { metric, unit } = SERIES_OF[measure];
  const { times, values } = fold.finish();
  const stated = unit === '1' ? 1 : limit;
  const full = stated === undefined ? undefined : actualFull(values, stated);
  const series = { kind: 'series', resource, metric, unit, statistic, window, periodMs, times } as const;
  if (full === undefined) return { ...series, values };
  const bounded = values.map((value) => Math.min(value, full * OVER_FULL));
  return unit === '1'
    ? { ...series, values: bounded.map((value) => value / full) }
    : { ...series, values: bounded, limit: full };
}

/** Rows come in any order: where the rest of the file is missing, so may be any part of any host. */
function lost(resource: Resource, { reason, message }: SourceError): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail: `some of its rows could not be read: ${message}` };
}
