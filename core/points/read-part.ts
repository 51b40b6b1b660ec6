/** Reads one part of the points of a job into its series: first those that are known, then the reference of new ones. */
import type { HostFilter } from '../model/host-filter.ts';
import type { PointMetric, PointReading, PointSeries } from '../model/points.ts';
import { isResource, type Unreadable, type Window } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import type { JobRequest } from './job-request.ts';
import type { JobTally } from './job-tally.ts';
import { learningWindow, periodMsOf, readWindow } from './job-window.ts';
import type { SeriesBook, Taken, TakenIn } from './series-book.ts';

/** Hosts whose reference is read in one go: 100 hosts with five series of 2,016 points are a million points, of 16 bytes each. */
const LEARNED_AT_ONCE = 100;

/** What readings are added to. */
export interface PartWork {
  readonly request: Pick<JobRequest, 'job' | 'source' | 'filters'>;
  readonly metrics: readonly PointMetric[];
  readonly book: SeriesBook;
  readonly tally: JobTally;
  /** What was read after it is thrown away by the source. */
  readonly signal: AbortSignal;
  /** Whether there is time to read the reference of further hosts. */
  hasTime(): boolean;
}

export interface PartRead {
  /** In the order of the readings; a series occurs once. */
  readonly taken: readonly TakenIn[];
  /** Whether something could not be read that may be read later. */
  readonly hasUnread: boolean;
  /** Ids of hosts of which something could not be read. */
  readonly unread: ReadonlySet<string>;
}

/** The metrics of which a host has series that are new. */
type Unknown = Map<string, Set<string>>;

interface Reading {
  readonly taken: TakenIn[];
  readonly unread: Set<string>;
  readonly unknown: Unknown;
  hasUnread: boolean;
  /** Whether it is not known of which hosts something could not be read. */
  isIncomplete: boolean;
  /** Readings of any kind. */
  count: number;
}

const NOTHING_READ = { hasUnread: false, isIncomplete: false, count: 0 };

/** Undefined where nothing at all could be read: then nothing was taken in either. */
export async function readPart(work: PartWork, part: Window, unreadFrom: number | null): Promise<PartRead | undefined> {
  const { request, tally } = work;
  const reading: Reading = { taken: [], unread: new Set(), unknown: new Map(), ...NOTHING_READ };
  const window = readWindow(request.job, part, unreadFrom);
  const failure = await readInto(reading, work, { window, meter: tally.meter }, (series) =>
    added(reading, series, work.book.take(series, part), tally),
  );
  if (failure !== undefined) tally.fail(failure);
  if (failure !== undefined && reading.count === 0) return undefined;
  reading.isIncomplete ||= failure !== undefined;
  addSilence(reading, work, { window, part });
  await learn(reading, work, part);
  const { taken, unread } = reading;
  const hasUnread = reading.hasUnread || failure !== undefined;
  return { taken, hasUnread, unread };
}

interface Wanted {
  readonly window: Window;
  readonly meter: Meter;
  readonly metrics?: readonly PointMetric[];
  readonly only?: HostFilter;
}

/** @returns Why the read ended early; undefined where it did not. */
async function readInto(
  reading: Reading,
  { request, metrics: all, tally, signal }: PartWork,
  { window, meter, metrics = all, only }: Wanted,
  take: (series: PointSeries) => void,
): Promise<Unreadable | undefined> {
  const { job, source, filters } = request;
  const admitted = only === undefined ? filters : [...filters, only];
  try {
    const read = source.points?.({ metrics, window, periodMs: periodMsOf(job), filters: admitted }, meter, signal);
    for await (const one of read ?? []) {
      reading.count++;
      if (one.kind === 'points') take(one);
      else notRead(reading, one, tally);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return unreadableScope(source, error);
  }
}

function unreadableScope({ scope }: MemorySource, { reason, message }: SourceError): Unreadable {
  return { kind: 'unreadable', scope, reason, detail: message };
}

function notRead(reading: Reading, one: Exclude<PointReading, PointSeries>, tally: JobTally): void {
  if (one.kind === 'not_monitored') {
    tally.count('notMonitored');
    return;
  }
  tally.fail(one);
  reading.hasUnread = true;
  if (isResource(one.scope)) reading.unread.add(one.scope.id);
  else reading.isIncomplete = true;
}

function added(reading: Reading, { resource, metric }: PointSeries, result: Taken, tally: JobTally): void {
  const { taken, unknown } = reading;
  if (result.kind === 'taken') taken.push(result);
  if (result.kind === 'crowded_out') tally.count('crowdedOut');
  if (result.kind !== 'unknown') return;
  const metrics = unknown.get(resource.id) ?? new Set();
  unknown.set(resource.id, metrics.add(metric));
}

/** Sparse series that were not given had nothing to count, where their host was read and reports at all. */
function addSilence(
  reading: Reading,
  { book, metrics }: PartWork,
  { window, part }: { readonly window: Window; readonly part: Window },
): void {
  if (reading.isIncomplete) return;
  const given = new Set(reading.taken.map(({ record }) => record));
  const reports = new Set(reading.taken.filter(({ isNew }) => isNew).map(({ record }) => record.host.id));
  const areAllSparse = metrics.every(({ sparse }) => sparse);
  for (const record of book.records()) {
    const isAlive = areAllSparse || reports.has(record.host.id);
    if (given.has(record) || reading.unread.has(record.host.id) || !isAlive) continue;
    const silence = book.takeSilence(record, window, part);
    if (silence) reading.taken.push(silence);
  }
}

/** Reads what new series are learned from, some hosts at a time, until time is up: the next inspection goes on. */
async function learn(reading: Reading, work: PartWork, part: Window): Promise<void> {
  const { request, book, tally } = work;
  const hosts = [...reading.unknown.keys()].sort();
  for (let at = 0; at < hosts.length; at += LEARNED_AT_ONCE) {
    if (!work.hasTime()) return leave(tally, hosts.length - at);
    const some = hosts.slice(at, at + LEARNED_AT_ONCE);
    const wanted = new Set(some.flatMap((host) => [...(reading.unknown.get(host) ?? [])]));
    const of = {
      window: learningWindow(request.job, part),
      meter: tally.learning,
      metrics: work.metrics.filter(({ name }) => wanted.has(name)),
      only: { include: some.map((id) => ({ id })) },
    };
    const failure = await readInto(reading, work, of, (series) => {
      const result = book.learn(series, part);
      if (result.kind === 'crowded_out') tally.count('crowdedOut');
      if (result.kind !== 'taken') return;
      reading.taken.push(result);
      tally.count('learned');
    });
    if (failure === undefined) continue;
    tally.fail(failure);
    return leave(tally, hosts.length - at);
  }
}

/** The next inspection reads the reference of these hosts. */
function leave(tally: JobTally, hosts: number): void {
  tally.count('left', hosts);
}
