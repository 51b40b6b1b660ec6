/** Collects the hosts of one trace file from its entries, and turns each into one reading. */

import { admits } from '../../../core/model/host-filter.ts';
import { isResource, type Reading, type Resource, type Scope, type Span } from '../../../core/model/series.ts';
import type { SourceError } from '../../../core/ports/errors.ts';
import type { ReadRequest } from '../../../core/ports/memory-source.ts';
import type { Entry, Fault, Grid, Malformed, Sample } from '../entry.ts';
import { rangeFault } from '../values/range.ts';
import type { Companions } from './companions.ts';
import {
  addSample,
  type HostSamples,
  isOtherUnit,
  readingOf,
  readingOfGrid,
  startHost,
  startOf,
} from './host-samples.ts';
import { createRowFaults, describeRows, type RowFaults, unusable } from './row-faults.ts';

export interface Trace {
  /** The readings that an entry completes: a grid is all of a host, a sample is not. */
  add(line: number | undefined, entry: Entry): Iterable<Reading>;
  /** The remaining readings when the file has ended, or when reading it has failed with this error. */
  finish(brokenOff?: SourceError): Iterable<Reading>;
}

/** Periods of all hosts that are kept at once, 12 bytes each: 100,000 hosts over four days. */
const MOST_PERIODS = 40_000_000;

const OTHER_FORM = 'its host is in this file already, in another layout or unit';
const TOO_MANY = 'the file has more hosts than can be kept at once: split it by host into several files';

/** What is known of a file so far. */
interface Collected {
  readonly span: Span;
  readonly companions: Companions;
  /** Hosts whose samples are spread over the file. */
  readonly hosts: Map<string, HostSamples>;
  /** Ids of the hosts whose reading was yielded. */
  readonly reported: Set<string>;
  readonly rowFaults: RowFaults;
}

/** @param companions Keeps what lines hold beside the memory of their hosts. */
export function createTrace(scope: Scope, { span, filters }: ReadRequest, companions: Companions): Trace {
  const collected: Collected = {
    span,
    companions,
    hosts: new Map(),
    reported: new Set(),
    rowFaults: createRowFaults(scope),
  };
  const { hosts, reported, rowFaults } = collected;
  return {
    *add(line, entry) {
      if (entry.kind === 'remark') return;
      const resource = entry.host === undefined ? undefined : resourceOf(scope, entry.host, entry);
      if (resource !== undefined && !admits(filters, resource)) return;
      if (entry.kind === 'malformed') yield* addMalformed(collected, line, entry, resource);
      else if (resource !== undefined && entry.kind === 'grid') yield* addGrid(collected, line, entry, resource);
      else if (resource !== undefined && entry.kind === 'sample') addRow(collected, line, entry, resource);
    },
    *finish(brokenOff) {
      if (brokenOff) yield { kind: 'unreadable', scope, reason: brokenOff.reason, detail: brokenOff.message };
      for (const reading of rowFaults.finish((id) => reported.has(id) || hosts.get(id)?.hasValue === true)) {
        if (isResource(reading.scope)) hosts.delete(reading.scope.id);
        yield reading;
      }
      for (const host of hosts.values()) {
        yield brokenOff ? incompleteHost(host.resource, brokenOff) : readingOf(host, span);
      }
    },
  };
}

/** A line of all samples may state the group of its host. */
export function resourceOf(scope: Scope, id: string, entry: Exclude<Entry, { kind: 'remark' }>): Resource {
  const group = entry.kind === 'grid' ? entry.group : undefined;
  return { ...scope, id, ...(group !== undefined && { group }) };
}

function isNew({ reported, hosts }: Collected, host: string): boolean {
  return !reported.has(host) && !hosts.has(host);
}

function* addMalformed(
  collected: Collected,
  line: number | undefined,
  malformed: Malformed,
  resource: Resource | undefined,
): Generator<Reading> {
  if (resource === undefined || !malformed.isGrid || !isNew(collected, resource.id)) {
    collected.rowFaults.add(line, malformed, resource);
    return;
  }
  collected.reported.add(resource.id);
  yield unusableHost(resource, line, malformed);
}

function* addGrid(collected: Collected, line: number | undefined, grid: Grid, resource: Resource): Generator<Reading> {
  const { reported, rowFaults, span, companions } = collected;
  if (!isNew(collected, grid.host)) {
    rowFaults.add(line, { why: 'its host is in this file already', example: grid.host }, resource);
    return;
  }
  reported.add(grid.host);
  const { values, fault } = withoutFaults(grid);
  const isEmpty = values.every((value) => value === null);
  if (fault === undefined) rowFaults.pass();
  else if (!isEmpty) rowFaults.add(line, inPart(fault), resource);
  for (const extra of grid.faults ?? []) rowFaults.add(line, extra, resource);
  companions.keep(resource, grid, startOf(grid, span));
  yield fault !== undefined && isEmpty
    ? unusableHost(resource, line, fault)
    : readingOfGrid({ ...grid, values }, resource, span);
}

function addRow(collected: Collected, line: number | undefined, sample: Sample, resource: Resource): void {
  const { hosts, rowFaults, span } = collected;
  const fault = faultOf(collected, sample);
  if (fault !== undefined) {
    rowFaults.add(line, fault, resource);
    return;
  }
  rowFaults.pass();
  const host = hosts.get(sample.host) ?? startHost(resource, span);
  hosts.set(sample.host, host);
  addSample(host, sample);
}

function faultOf({ hosts, reported, span }: Collected, sample: Sample): Fault | undefined {
  const known = hosts.get(sample.host);
  if (reported.has(sample.host) || (known !== undefined && isOtherUnit(known, sample))) {
    return { why: OTHER_FORM, example: sample.host };
  }
  if (known === undefined && hosts.size >= mostHostsOver(span)) return { why: TOO_MANY, example: sample.host };
  return rangeFault(sample);
}

function mostHostsOver({ window, periodMs }: Span): number {
  return Math.max(1, Math.floor((MOST_PERIODS * periodMs) / (window.end - window.start)));
}

/** The values of a grid, null for those that memory cannot have, and what is wrong with the first of these. */
function withoutFaults({ values, ...grid }: Grid): { values: (number | null)[]; fault: Fault | undefined } {
  const faults = values.map((value) => rangeFault({ ...grid, value }));
  const sound = values.map((value, index) => (faults[index] === undefined ? value : null));
  return { values: sound, fault: faults.find((fault) => fault !== undefined) };
}

function inPart({ why, ...fault }: Fault): Fault {
  return { ...fault, why: `some values are left out: ${why}` };
}

/** The reading of a host whose only line cannot be used. */
function unusableHost(resource: Resource, line: number | undefined, fault: Fault): Reading {
  return unusable(resource, describeRows({ fault, firstLine: line, count: 1 }));
}

/** Rows come in any order: where the end of the file is missing, samples of any host may be missing. */
function incompleteHost(resource: Resource, { reason, message }: SourceError): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail: `some of its rows could not be read: ${message}` };
}
