/** Folds what hosts have sent of themselves, hour by hour: what is held of a host is what is evaluated, and not what it sent. */
import type { SampleSeries, SentHost } from '../../core/model/sample.ts';
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import {
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  type Resource,
  type Scope,
  type Span,
  type Unit,
} from '../../core/model/series.ts';
import { hourByHour } from './hours.ts';
import { type Folded, PeriodFold } from './periods.ts';

/** A host, and its memory in periods: fractions, or bytes where it states neither its memory nor a fraction of it. */
export interface FoldedHost extends Folded {
  readonly resource: Resource;
  readonly unit: Unit;
  /** Its memory in bytes, of its newest sample that states it. */
  readonly limit?: number;
}

export interface HostsRequest {
  readonly scope: Scope;
  readonly span: Span;
  readonly isAdmitted: (host: Resource) => boolean;
  readonly mostHosts: number;
}

/** In order of their ids. `beyond`: how many further hosts there are. */
export async function foldHosts(
  chunks: AsyncIterable<SampleChunk>,
  request: HostsRequest,
): Promise<{ readonly hosts: readonly FoldedHost[]; readonly beyond: number }> {
  const { scope, isAdmitted } = request;
  const known = new KnownHosts(request);
  for await (const { hosts, series } of hourByHour(chunks)) {
    for (const host of hosts) known.add(host);
    for (const [id, own] of Map.groupBy(series, ({ host }) => host)) known.get(id)?.addHour(own);
  }
  const hosts = [...known.all()]
    .map(({ sent, fold }) => ({ resource: resourceOf(scope, sent), ...fold.result() }))
    // As it is described now.
    .filter(({ resource }) => isAdmitted(resource))
    .toSorted((a, b) => (a.resource.id < b.resource.id ? -1 : 1));
  return { hosts, beyond: known.beyond.size };
}

/** The hosts that filters admit, as far as there is room for them: those that were seen first. */
class KnownHosts {
  /** Ids of hosts for which there is no room. */
  readonly beyond = new Set<string>();
  readonly #request: HostsRequest;
  readonly #hosts = new Map<string, { sent: SentHost; readonly fold: HostFold }>();

  constructor(request: HostsRequest) {
    this.#request = request;
  }

  add(sent: SentHost): void {
    const { scope, span, isAdmitted, mostHosts } = this.#request;
    const known = this.#hosts.get(sent.id);
    if (known !== undefined) known.sent = sent;
    else if (!isAdmitted(resourceOf(scope, sent))) return;
    else if (this.#hosts.size >= mostHosts) this.beyond.add(sent.id);
    else this.#hosts.set(sent.id, { sent, fold: new HostFold(span) });
  }

  get(id: string): HostFold | undefined {
    return this.#hosts.get(id)?.fold;
  }

  all(): Iterable<{ readonly sent: SentHost; readonly fold: HostFold }> {
    return this.#hosts.values();
  }
}

function resourceOf(scope: Scope, host: SentHost): Resource {
  return { ...scope, ...host };
}

class HostFold {
  readonly #fractions: PeriodFold;
  readonly #bytes: PeriodFold;
  #limit: number | undefined;

  constructor(span: Span) {
    this.#fractions = new PeriodFold(span);
    this.#bytes = new PeriodFold(span);
  }

  /** Bytes of a known limit go before a fraction that was sent: what is available counts in them. */
  addHour(series: readonly SampleSeries[]): void {
    const memory = series.filter(({ metric }) => metric === MEMORY_USAGE || metric === MEMORY_UTILIZATION);
    const [only, another] = memory;
    if (only?.limit !== undefined && another === undefined) {
      this.#addAll(only, only.limit);
      return;
    }
    const fractions = new Map<number, number>();
    const bytes = new Map<number, number>();
    for (const one of memory) if (one.metric === MEMORY_UTILIZATION) addSamples(fractions, one, 1);
    for (const one of memory.filter(({ metric }) => metric === MEMORY_USAGE)) {
      if (one.limit === undefined) addSamples(bytes, one, 1);
      else {
        addSamples(fractions, one, one.limit);
        this.#limit = one.limit;
      }
    }
    addInOrder(this.#fractions, fractions);
    addInOrder(this.#bytes, bytes);
  }

  /** What most hosts send: bytes in order of time, of one limit. */
  #addAll({ times, values }: SampleSeries, limit: number): void {
    this.#limit = limit;
    for (let index = 0; index < times.length; index++)
      this.#fractions.add(times[index] ?? Number.NaN, (values[index] ?? Number.NaN) / limit);
  }

  result(): Omit<FoldedHost, 'resource'> {
    const fractions = this.#fractions.result();
    const limit = this.#limit === undefined ? {} : { limit: this.#limit };
    if (fractions.last !== undefined) return { ...fractions, unit: '1', ...limit };
    return { ...this.#bytes.result(), unit: 'By', ...limit };
  }
}

function addSamples(samples: Map<number, number>, { times, values }: SampleSeries, divisor: number): void {
  for (const [index, time] of times.entries()) {
    const value = values[index];
    if (value !== undefined) samples.set(time, value / divisor);
  }
}

function addInOrder(fold: PeriodFold, samples: ReadonlyMap<number, number>): void {
  for (const [time, value] of [...samples].sort(([a], [b]) => a - b)) fold.add(time, value);
}
