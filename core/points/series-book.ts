/** The states of all series of a job, while one inspection goes on: what readings add to them, and what becomes of those without any. */
import { advance } from '../detector/anomaly/advance.ts';
import { goingOn } from '../detector/anomaly/going-on.ts';
import { beginState } from '../detector/anomaly/learn.ts';
import type { PointSettings } from '../detector/anomaly/settings.ts';
import { firstNotBefore } from '../detector/order.ts';
import type { AnomalyEpisode, ScoredPoint } from '../model/anomaly.ts';
import { MOST_SERIES, type SeriesRecord } from '../model/job-state.ts';
import type { PointState } from '../model/point-state.ts';
import { type PointMetric, type PointSeries, partText } from '../model/points.ts';
import type { Resource, Window } from '../model/series.ts';

/** A metric of the job, and how it is inspected. */
export interface InspectedPointMetric {
  readonly metric: PointMetric;
  readonly settings: PointSettings;
}

/** What one series came to. */
export interface TakenIn {
  readonly record: SeriesRecord;
  readonly metric: PointMetric;
  readonly scored: readonly ScoredPoint[];
  /** Those that began, went on, or ended in the points; of a series without new points those that go on. */
  readonly episodes: readonly AnomalyEpisode[];
  /** Whether anything is new: points, or periods of a sparse series in which nothing was counted. */
  readonly isNew: boolean;
}

/**
 * `unknown`: its reference is to be read. `waiting`: it has too few points yet. `nothing_new`: it is sparse and has no new point, which is no news of its
 * host. `crowded_out`: there are too many series.
 */
export type Taken =
  | ({ readonly kind: 'taken' } & TakenIn)
  | { readonly kind: 'unknown' | 'waiting' | 'nothing_new' | 'crowded_out' };

/** Milliseconds without a point after which a series has stopped, and periods: whichever is longer. */
const STOPPED_MS = 15 * 60_000;
const STOPPED_PERIODS = 10;

/** Milliseconds after which a series that has stopped is forgotten: a host that comes back later is learned anew. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** Periods after which a series that had too few points is read again, at the least. */
const RETRY_PERIODS = 10;

function seriesKey(host: string, metric: string, part: PointSeries['part']): string {
  return JSON.stringify([host, metric, partText(part)]);
}

export type SeriesBook = ReturnType<typeof createSeriesBook>;

/** @param records As they are stored. Of metrics that the job has no more they are left out. */
export function createSeriesBook(records: readonly SeriesRecord[], metrics: ReadonlyMap<string, InspectedPointMetric>) {
  const known = new Map<string, SeriesRecord>();
  for (const record of records)
    if (metrics.has(record.metric)) known.set(seriesKey(record.host.id, record.metric, record.part), record);

  function keep(key: string, record: SeriesRecord): SeriesRecord {
    known.set(key, record);
    return record;
  }

  return {
    records: (): SeriesRecord[] => [...known.values()],

    /** Takes in points up to the end of a part. Those that were taken in before are passed over. */
    take(reading: PointSeries, part: Window): Taken {
      const key = seriesKey(reading.resource.id, reading.metric, reading.part);
      const record = known.get(key);
      const of = metrics.get(reading.metric);
      if (of === undefined) return { kind: 'waiting' };
      if (record === undefined) return { kind: known.size >= MOST_SERIES ? 'crowded_out' : 'unknown' };
      if (record.state === null) return { kind: isDue(record, part) ? 'unknown' : 'waiting' };
      if (of.settings.sparse && !hasNew(reading, record.state.last, part.end)) return { kind: 'nothing_new' };
      return { kind: 'taken', ...advanced(record, record.state, reading, of, part.end, (next) => keep(key, next)) };
    },

    /** Learns from what is before a part, and takes in the part. Series that are known already are passed over. */
    learn(reading: PointSeries, part: Window): Taken {
      const key = seriesKey(reading.resource.id, reading.metric, reading.part);
      const of = metrics.get(reading.metric);
      if (of === undefined || known.get(key)?.state) return { kind: 'waiting' };
      if (!known.has(key) && known.size >= MOST_SERIES) return { kind: 'crowded_out' };
      const reference = upTo(reading, part.start);
      const begun = beginState(reference, of.settings, { start: reading.window.start, end: part.start });
      const begins = { ...recordOf(reading), seen: reference.times.at(-1) ?? part.start };
      if (begun.kind === 'insufficient') {
        const periods = Math.max(RETRY_PERIODS, begun.needed - begun.points);
        keep(key, { ...begins, state: null, retryAt: part.end + periods * of.settings.periodMs });
        return { kind: 'waiting' };
      }
      const record = { ...begins, state: begun, retryAt: null };
      return { kind: 'taken', ...advanced(record, begun, reading, of, part.end, (next) => keep(key, next)) };
    },

    /** Of sparse series of which a read of a window had no point: nothing was counted, which is a point of 0 in each period. */
    takeSilence(record: SeriesRecord, window: Window, part: Window): TakenIn | undefined {
      const of = metrics.get(record.metric);
      if (of === undefined || record.state === null || !of.settings.sparse) return undefined;
      const none = { times: new Float64Array(), values: new Float64Array(), window };
      const key = seriesKey(record.host.id, record.metric, record.part);
      return advanced(record, record.state, none, of, part.end, (next) => keep(key, next));
    },

    /** Series that used to report and do not any more, at a time; those that have not for a day are forgotten. */
    stopped(at: number): SeriesRecord[] {
      const stopped: SeriesRecord[] = [];
      for (const [key, record] of known) {
        const { settings } = metrics.get(record.metric) ?? {};
        if (settings === undefined) continue;
        if (record.seen < at - FORGOTTEN_MS) known.delete(key);
        const allowed = Math.max(STOPPED_MS, STOPPED_PERIODS * settings.periodMs);
        if (record.state !== null && !settings.sparse && record.seen < at - allowed) stopped.push(record);
      }
      return stopped;
    },
  };
}

function advanced(
  record: SeriesRecord,
  state: PointState,
  points: Pick<PointSeries, 'times' | 'values' | 'window'>,
  { metric, settings }: InspectedPointMetric,
  end: number,
  keep: (record: SeriesRecord) => SeriesRecord,
): TakenIn {
  const own = upTo(points, end);
  // What nobody read is not zero: those periods are passed over.
  const from = settings.sparse ? Math.max(state.last, points.window.start - settings.periodMs) : state.last;
  const next = advance({ ...state, last: from }, own, settings, end);
  const seen = Math.max(record.seen, own.times.at(-1) ?? record.seen);
  const isNew = next.state.last > from;
  const episodes = isNew ? next.episodes : goingOn(next.state, settings);
  return { record: keep({ ...record, state: next.state, seen }), metric, scored: next.scored, episodes, isNew };
}

function isDue({ retryAt }: SeriesRecord, part: Window): boolean {
  return (retryAt ?? part.end) <= part.end;
}

function hasNew(points: Points, last: number, end: number): boolean {
  return (upTo(points, end).times.at(-1) ?? last) > last;
}

/** Points before a time, epoch milliseconds. */
function upTo({ times, values }: Points, end: number): Points {
  const count = firstNotBefore(times, end);
  return { times: times.subarray(0, count), values: values.subarray(0, count) };
}

type Points = Pick<PointSeries, 'times' | 'values'>;

function recordOf({
  resource,
  metric,
  part,
  unit,
}: PointSeries): Pick<SeriesRecord, 'host' | 'metric' | 'part' | 'unit'> {
  return { host: hostOf(resource), metric, part, unit };
}

function hostOf({ labels: _, ...host }: Resource): SeriesRecord['host'] {
  return host;
}
