/** How the hosts of a metric are asked for: in as few questions as pay for no other host's series. Pure. */
import type { Resource } from '../../core/model/series.ts';
import type { Hosts, MemoryMetric } from './memory-metric.ts';
import { type Condition, isNot, isOneOf, MAX_ALTERNATIVES } from './requests.ts';

/** Hosts that are asked for with one question. */
export interface Batch {
  readonly wanted: readonly Resource[];
  /** All hosts that are known, by the name that a series has them under: also those that are not wanted. */
  readonly known: ReadonlyMap<string, readonly Resource[]>;
  /** What sets the hosts of the batch apart from the others. */
  readonly conditions: readonly Condition[];
}

/**
 * One question for all that the metric has takes the fewest calls: a page for each 100,000 points. A few hosts that are not wanted
 * are left out of it by name. Only where they are many are the wanted ones named, as many at a time as a filter takes.
 */
export function batchesOf({ label, nameOf }: MemoryMetric, { wanted, others }: Hosts): Batch[] {
  if (wanted.length === 0) return [];
  const selector = `resource.labels.${label}`;
  const known = Map.groupBy([...wanted, ...others], nameOf);
  const byName = Map.groupBy(wanted, nameOf);
  const unwanted = [...new Set(others.map(nameOf))].filter((name) => !byName.has(name));
  const isFew = wanted.length > MAX_ALTERNATIVES && unwanted.length <= MAX_ALTERNATIVES;
  if (unwanted.length === 0 || isFew) {
    return [{ wanted, known, conditions: unwanted.map((name) => isNot(selector, name)) }];
  }
  const names = [...byName.keys()];
  return Array.from({ length: Math.ceil(names.length / MAX_ALTERNATIVES) }, (_, index) => {
    const batch = names.slice(index * MAX_ALTERNATIVES, (index + 1) * MAX_ALTERNATIVES);
    return {
      wanted: batch.flatMap((name) => byName.get(name) ?? []),
      known,
      conditions: [isOneOf(selector, batch)],
    };
  });
}
