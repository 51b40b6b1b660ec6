/** What a part of the points shows of each host: its anomalies that go on or ended, or that it has no points. */
import { goingOn } from '../detector/anomaly/going-on.ts';
import type { AnomalyEpisode, HostAnomaly } from '../model/anomaly.ts';
import type { SeriesRecord } from '../model/job-state.ts';
import type { Resource } from '../model/series.ts';
import type { InspectedPointMetric, SeriesBook, TakenIn } from './series-book.ts';

export interface ObservedHost {
  readonly resource: Resource;
  /** Undefined: it had no points, so that nothing is known of it. */
  readonly episodes: readonly HostAnomaly[] | undefined;
}

/** All hosts of a job's series. */
export function observedHosts(
  taken: readonly TakenIn[],
  book: Pick<SeriesBook, 'records'>,
  metrics: ReadonlyMap<string, InspectedPointMetric>,
): ObservedHost[] {
  const byRecord = new Map(taken.map((one) => [one.record, one]));
  const reporting = new Set(taken.filter(({ isNew }) => isNew).map(({ record }) => record.host.id));
  const byHost = Map.groupBy(book.records(), ({ host }) => host.id);
  return [...byHost.values()].flatMap((records): ObservedHost[] => {
    const [first] = records;
    if (first === undefined || records.every(({ state }) => state === null)) return [];
    const resource = first.host;
    if (!reporting.has(resource.id)) return [{ resource, episodes: undefined }];
    const episodes = records.flatMap((record) => {
      const own = byRecord.get(record)?.episodes ?? stillGoingOn(record, metrics);
      return own.map((episode) => hostAnomaly(episode, record, metrics));
    });
    return [{ resource, episodes }];
  });
}

/** The episodes that a series is in which was not read. */
function stillGoingOn(
  { state, metric }: SeriesRecord,
  metrics: ReadonlyMap<string, InspectedPointMetric>,
): readonly AnomalyEpisode[] {
  const settings = metrics.get(metric)?.settings;
  return state === null || settings === undefined ? [] : goingOn(state, settings);
}

function hostAnomaly(
  episode: AnomalyEpisode,
  { metric, unit, part }: SeriesRecord,
  metrics: ReadonlyMap<string, InspectedPointMetric>,
): HostAnomaly {
  const label = metrics.get(metric)?.metric.label ?? metric;
  return { ...episode, metric, label, unit, part };
}
