/** Rows that cannot be used: reported once for each way in which they are wrong, with their number and the first of them. */
import type { Resource, Scope, Unreadable } from '../../core/model/series.ts';
import type { Fault } from './entry.ts';

export interface Complaints {
  /** Counts a row that can be used. */
  pass(): void;
  /** Counts a row that cannot, for the host that it names, where that can be read. */
  add(line: number, fault: Fault, host?: Resource): void;
  /**
   * One reading per kind of fault, and one for each host that was named and is not readable: it has no row that can be used.
   * A kind that only such a host has is reported for the host alone.
   */
  finish(isReadable: (host: string) => boolean): Iterable<Unreadable>;
}

/** Rows that have something in common. */
interface Rows {
  /** What is wrong with the first of them. */
  readonly fault: Fault;
  readonly firstLine: number;
  count: number;
}

/** Rows that are wrong in the same way. */
interface Kind extends Rows {
  /** The hosts that they name; null for one that cannot be read. */
  readonly hosts: Set<string | null>;
}

/** Rows of one host. */
interface Spoiled extends Rows {
  readonly resource: Resource;
}

export function createComplaints(scope: Scope): Complaints {
  const kinds = new Map<string, Kind>();
  const spoiled = new Map<string, Spoiled>();
  let rows = 0;
  return {
    pass() {
      rows++;
    },
    add(line, fault, host) {
      rows++;
      const kind = kinds.get(fault.why) ?? { fault, firstLine: line, count: 0, hosts: new Set() };
      kinds.set(fault.why, kind);
      kind.count++;
      kind.hosts.add(host?.id ?? null);
      if (host === undefined) return;
      const known = spoiled.get(host.id) ?? { resource: host, fault, firstLine: line, count: 0 };
      spoiled.set(host.id, known);
      known.count++;
    },
    *finish(isReadable) {
      const hosts = [...spoiled.values()].filter(({ resource }) => !isReadable(resource.id));
      for (const kind of kinds.values()) {
        const [only, another] = kind.hosts;
        const ofOnly = another === undefined && hosts.find(({ resource }) => resource.id === only);
        if (!ofOnly || ofOnly.fault.why !== kind.fault.why) yield unusable(scope, describeKind(kind, rows));
      }
      for (const host of hosts) yield unusable(host.resource, describeHost(host));
    },
  };
}

/** The reading of a file or a host whose rows cannot be used. */
export function unusable(scope: Resource | Scope, detail: string): Unreadable {
  return { kind: 'unreadable', scope, reason: 'malformed', detail };
}

/** `2,880 of 2,880 rows: the time has no zone … (2026-11-20T12:00:00); first at line 2`. */
function describeKind(kind: Kind, all: number): string {
  return `${kind.count.toLocaleString('en')} of ${counted(all)}: ${describeRows(kind)}`;
}

function describeHost(host: Spoiled): string {
  const none = host.count === 1 ? 'its only row cannot' : `none of its ${counted(host.count)} can`;
  return `${none} be used: ${describeRows(host)}`;
}

export function describeRows({ fault, firstLine, count }: Rows): string {
  return `${describeFault(fault)}; ${count === 1 ? 'at' : 'first at'} line ${firstLine}`;
}

/** `400 rows`. */
function counted(rows: number): string {
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
}

/** Characters of the malformed text that are quoted. */
const EXAMPLE_LENGTH = 40;

function describeFault({ why, example = '' }: Fault): string {
  if (example === '') return why;
  return `${why} (${example.length > EXAMPLE_LENGTH ? `${example.slice(0, EXAMPLE_LENGTH)}…` : example})`;
}
