/** Rows that cannot be used: reported once for each way in which they are wrong, with their number and the first of them. */
import type { Resource, Scope, Unreadable } from '../../core/model/series.ts';
import type { Fault } from './entry.ts';
import { printable } from './printable.ts';

export interface Complaints {
  /** Counts a row that can be used. */
  pass(): void;
  /** Counts a row that cannot, for the host that it names, where that can be read. */
  add(line: number | undefined, fault: Fault, host?: Resource): void;
  /**
   * One reading per kind of fault, and one for each host that was named and is not readable: it has no row that can be used.
   * A kind that only such a host has is reported at the host alone.
   */
  finish(isReadable: (host: string) => boolean): Iterable<Unreadable>;
}

/** Rows that have something in common. */
interface Rows {
  /** What is wrong with the first of them. */
  readonly fault: Fault;
  /** Undefined in a document. */
  readonly firstLine: number | undefined;
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

/** Hosts without a row that can be used which are reported each on its own. Beyond it memory would grow with what is wrong. */
const MOST_HOSTS = 100_000;

/** Hosts by which a kind of fault is known to concern more than one. */
const MOST_HOSTS_OF_KIND = 2;

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
      if (kind.hosts.size < MOST_HOSTS_OF_KIND) kind.hosts.add(host?.id ?? null);
      if (host === undefined) return;
      const known = spoiled.get(host.id) ?? { resource: host, fault, firstLine: line, count: 0 };
      if (spoiled.size < MOST_HOSTS) spoiled.set(host.id, known);
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
  const where = firstLine === undefined ? '' : `; ${count === 1 ? 'at' : 'first at'} line ${firstLine}`;
  return `${describeFault(fault)}${where}`;
}

/** `400 rows`. */
function counted(rows: number): string {
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
}

/** Characters of what was found that are shown. */
const EXAMPLE_LENGTH = 40;

function describeFault({ why, example = '' }: Fault): string {
  return example === '' ? why : `${why} (${printable(example, EXAMPLE_LENGTH)})`;
}
