/** The memory of one host, of what a request states about it: bytes in use and its limit, what is paged out and read back, and a utilization where there are no bytes. */
import type { SampleMetric } from '../model/sample.ts';
import { MEMORY_USAGE, MEMORY_UTILIZATION, PAGING_FAULTS, PAGING_USAGE } from '../model/series.ts';
import { LIMITS } from './limits.ts';

const MEMORY_LIMIT = 'system.memory.limit';
const MEMORY_AVAILABLE = 'system.linux.memory.available';

/** The metrics of a host that are read. */
export const HOST_METRICS: ReadonlySet<string> = new Set([
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  PAGING_USAGE,
  PAGING_FAULTS,
  MEMORY_LIMIT,
  MEMORY_AVAILABLE,
]);

/** States that together are all memory of a host. Slab is a part of the used or the cached memory. */
const STATES: ReadonlySet<string> = new Set(['used', 'free', 'cached', 'buffered', 'inactive']);

/** What is known of one moment. */
interface Moment {
  readonly usage: Map<string, number>;
  readonly utilization: Map<string, number>;
  /** What is paged out, by device. */
  readonly paging: Map<string, number>;
  /** Major page faults since the host was started. */
  faults?: number;
  available?: number;
  limit?: number;
}

/** What the attributes of a point state of it. */
interface PointOf {
  readonly state: string;
  readonly device: string;
  readonly type: string;
}

/** Page faults for which a page had to come from disk. */
const MAJOR = 'major';

export interface HostSeries {
  readonly metric: SampleMetric;
  readonly limit?: number;
  readonly points: ReadonlyMap<number, number>;
}

export class HostMemory {
  readonly #moments = new Map<number, Moment>();
  /** The newest that the sender states, for moments of which it states none. */
  #limit: { readonly time: number; readonly bytes: number } | undefined;

  /**
   * Takes a point of one of `HOST_METRICS`.
   *
   * @param state Of memory or of paging; empty where the sender has none, which is taken for what is used.
   * @param type Of page faults: those that are not known to be major are left out.
   * @returns False where the host has as many moments as are allowed.
   */
  add(metric: string, time: number, value: number, { state, device, type }: PointOf): boolean {
    if (metric === PAGING_FAULTS && type !== MAJOR) return true;
    const moment = this.#momentOf(time);
    if (moment === undefined) return false;
    const used = state === '' ? 'used' : state;
    if (metric === MEMORY_AVAILABLE) moment.available = value;
    else if (metric === MEMORY_LIMIT) this.#addLimit(moment, time, value);
    else if (metric === MEMORY_USAGE && STATES.has(used)) moment.usage.set(used, value);
    else if (metric === MEMORY_UTILIZATION && STATES.has(used)) moment.utilization.set(used, value);
    else if (metric === PAGING_FAULTS) moment.faults = Math.max(value, moment.faults ?? 0);
    else if (metric === PAGING_USAGE && used === 'used' && moment.paging.size < LIMITS.pagingDevices)
      moment.paging.set(device, value);
    return true;
  }

  #momentOf(time: number): Moment | undefined {
    const known = this.#moments.get(time);
    if (known !== undefined || this.#moments.size >= LIMITS.samples) return known;
    const moment: Moment = { usage: new Map(), utilization: new Map(), paging: new Map() };
    this.#moments.set(time, moment);
    return moment;
  }

  #addLimit(moment: Moment, time: number, bytes: number): void {
    if (bytes === 0) return;
    moment.limit = bytes;
    if (this.#limit === undefined || time >= this.#limit.time) this.#limit = { time, bytes };
  }

  /** At most four: bytes in use, or a utilization where there are none, what is paged out, and major page faults. */
  series(): HostSeries[] {
    const usage = new Map<number, number>();
    const utilization = new Map<number, number>();
    const paging = new Map<number, number>();
    const faults = new Map<number, number>();
    let limit: number | undefined;
    for (const [time, moment] of [...this.#moments].toSorted(([a], [b]) => a - b)) {
      const exact = moment.limit ?? this.#limit?.bytes ?? limitOfShares(moment);
      const used = usedOf(moment, exact);
      if (used !== undefined) {
        usage.set(time, used);
        limit = exact ?? limitOfStates(moment) ?? limit;
      } else if (moment.utilization.has('used')) utilization.set(time, moment.utilization.get('used') ?? 0);
      if (moment.paging.size > 0) paging.set(time, sumOf(moment.paging));
      if (moment.faults !== undefined) faults.set(time, moment.faults);
    }
    const all: readonly HostSeries[] = [
      { metric: MEMORY_USAGE, points: usage, ...(limit !== undefined && { limit }) },
      { metric: MEMORY_UTILIZATION, points: utilization },
      { metric: PAGING_USAGE, points: paging },
      { metric: PAGING_FAULTS, points: faults },
    ];
    return all.filter(({ points }) => points.size > 0);
  }
}

/**
 * What is not available, where both are known: the state `used` leaves out what the kernel cannot give back of its caches, in some
 * versions of the collector.
 */
function usedOf({ available, usage }: Moment, limit: number | undefined): number | undefined {
  if (available === undefined || limit === undefined) return usage.get('used');
  return Math.max(0, limit - available);
}

/** The bytes of a state are its share of all: of the largest share the rounding is the smallest. Undefined where no host has so few or so many. */
function limitOfShares({ usage, utilization }: Moment): number | undefined {
  let largest = 0;
  let limit: number | undefined;
  for (const [state, share] of utilization) {
    const bytes = usage.get(state);
    if (bytes === undefined || bytes === 0 || share <= largest) continue;
    largest = share;
    limit = Math.round(bytes / share);
  }
  return limit === undefined || limit < 1 || limit > Number.MAX_SAFE_INTEGER ? undefined : limit;
}

/** Undefined where nothing but what is in use is stated, which is no limit. */
function limitOfStates({ usage }: Moment): number | undefined {
  const sum = sumOf(usage);
  return usage.size > 1 && sum > 0 ? sum : undefined;
}

function sumOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}
