/** What files call the metrics that are inspected, and in which unit they state them. */
import { pointMetric } from '../../../core/model/point-metrics.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';

/** A metric by the name that findings have, and the factor from a value to its unit. */
export interface NamedMetric {
  readonly name: string;
  readonly factor: number;
}

const PERCENT = 0.01;

/** Short names that simulators and agents use. What is called a utilisation there is percent. */
const SHORT_NAMES: Readonly<Record<string, NamedMetric>> = {
  cpu_util: { name: 'system.cpu.utilization', factor: PERCENT },
  mem_util: { name: MEMORY_UTILIZATION, factor: PERCENT },
  disk_util: { name: 'system.filesystem.utilization', factor: PERCENT },
  net_err_util: { name: 'system.network.errors', factor: 1 },
  system_load1: { name: 'system.cpu.load_average.1m', factor: 1 },
};

/** The metric of a name: of the catalogue by its short name too, any other as it is. */
export function namedMetric(name: string): NamedMetric {
  return (Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined) ?? { name, factor: 1 };
}

/** Whether a name is one of the catalogue's, short or not. */
export function isCatalogued(name: string): boolean {
  return pointMetric(namedMetric(name).name) !== undefined;
}

const FRACTION_UNITS: ReadonlyMap<string, number> = new Map([
  ['1', 1],
  ['fraction', 1],
  ['ratio', 1],
  ['%', PERCENT],
  ['percent', PERCENT],
]);

/** The factor from a stated unit to that of a metric; undefined where they are of different things. */
export function factorOf(stated: string, unit: string): number | undefined {
  if (unit === '1') return FRACTION_UNITS.get(stated.toLowerCase());
  return stated === unit ? 1 : undefined;
}
