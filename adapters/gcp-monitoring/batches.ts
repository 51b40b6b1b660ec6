/** The requests for the hosts of a metric: as few as possible without paying for another host's series. Pure. */
import type { Resource } from '../../core/model/series.ts';
import { chunksOf } from '../reading/in-flight.ts';
import type { Hosts, MemoryMetric } from './memory-metric.ts';
import { type Condition, isNot, isOneOf, MAX_ALTERNATIVES } from './requests.ts';

/** Hosts that one request covers. */
export interface Batch {
  readonly wanted: readonly Resource[];
  /** All hosts that are known, by the name that a series has them under: also those that are not wanted. */
  readonly known: ReadonlyMap<string, readonly Resource[]>;
  /** The conditions of the filter that select the hosts of the batch. */
  readonly conditions: readonly Condition[];
}

/**
 * One request for everything that the metric has takes the fewest calls: a page for each 100,000 points. A few hosts that are not
 * wanted are excluded by name. Where they are many or not known, the wanted ones are named instead, as many at a time as a filter takes.
 */
export function batchesOf(
  { label, nameOf }: Pick<MemoryMetric, 'label' | 'nameOf'>,
  { wanted, others, isPart = false }: Hosts,
): Batch[] {
  if (wanted.length === 0) return [];
  const selector = `resource.labels.${label}`;
  const known = Map.groupBy([...wanted, ...others], nameOf);
  const byName = Map.groupBy(wanted, nameOf);
  const unwanted = [...new Set(others.map(nameOf))].filter((name) => !byName.has(name));
  const isFew = wanted.length > MAX_ALTERNATIVES && unwanted.length <= MAX_ALTERNATIVES;
  if (!isPart && (unwanted.length === 0 || isFew)) {
    return [{ wanted, known, conditions: unwanted.map((name) => isNot(selector, name)) }];
  }
  return Array.from(chunksOf([...byName.keys()], MAX_ALTERNATIVES), (names) => ({
    wanted: names.flatMap((name) => byName.get(name) ?? []),
    known,
    conditions: [isOneOf(selector, names)],
  }));
}
