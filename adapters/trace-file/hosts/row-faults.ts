/** Rows that cannot be used: reported once for each kind of fault, with the number of rows and the first of them. */
import type { Resource, Scope, Unreadable } from '../../../core/model/series.ts';
import type { Fault } from '../entry.ts';
import { printable } from '../printable.ts';

export interface RowFaults {
  /** Counts a row that can be used. */
  pass(): void;
  /** Counts a row that cannot be used, for the host that it names where that can be read. */
  add(line: number | undefined, fault: Fault, host?: Resource): void;
  /**
   * One reading for each kind of fault, and one for each named host without a usable row. A kind of fault that occurs at one
   * such host only is reported at the host alone.
   */
  finish(isReadable: (host: string) => boolean): Iterable<Unreadable>;
}

/** Rows that are reported together. */
interface Rows {
  /** What is wrong with the first of them. */
  readonly fault: Fault;
  /** Undefined in a document. */
  readonly firstLine: number | undefined;
  count: number;
}

/** Rows with the same kind of fault. */
interface FaultKind extends Rows {
  /** The hosts that they name; null for one that cannot be read. */
  readonly hosts: Set<string | null>;
}

/** The malformed rows of one host. */
interface UnusableHost extends Rows {
  readonly resource: Resource;
}

/** Hosts without a usable row that are reported one by one: without a limit, memory would grow with the number of malformed rows. */
const MOST_HOSTS = 100_000;

/** Two hosts suffice to know that a kind of fault concerns more than one. */
const MOST_HOSTS_OF_KIND = 2;

export function createRowFaults(scope: Scope): RowFaults {
  const kinds = new Map<string, FaultKind>();
  const unusableHosts = new Map<string, UnusableHost>();
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
      const known = unusableHosts.get(host.id) ?? { resource: host, fault, firstLine: line, count: 0 };
      if (unusableHosts.size < MOST_HOSTS) unusableHosts.set(host.id, known);
      known.count++;
    },
    *finish(isReadable) {
      const hosts = [...unusableHosts.values()].filter(({ resource }) => !isReadable(resource.id));
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
function describeKind(kind: FaultKind, all: number): string {
  return `${kind.count.toLocaleString('en')} of ${counted(all)}: ${describeRows(kind)}`;
}

function describeHost(host: UnusableHost): string {
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

/** Characters of the found text that are shown. */
const EXAMPLE_LENGTH = 40;

function describeFault({ why, example = '' }: Fault): string {
  return example === '' ? why : `${why} (${printable(example, EXAMPLE_LENGTH)})`;
}
