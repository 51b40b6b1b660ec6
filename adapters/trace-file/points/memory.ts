/** The memory of hosts in a file of points, as the entries of a file of memory: what else its rows have is not inspected for leaks. */
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { Entry } from '../entry.ts';
import type { TraceOptions } from '../options.ts';
import { sampleOf } from '../values/sample.ts';
import { scaleOf } from '../values/unit.ts';
import { rowsOf } from './json-rows.ts';
import { namedMetric } from './names.ts';

export function* memoryEntries(json: object, options: TraceOptions): Generator<Entry> {
  for (const row of rowsOf(json, options.timeZone)) {
    if (row.kind === 'malformed') yield row;
    else {
      const { name, factor } = namedMetric(row.metric);
      if (name !== MEMORY_UTILIZATION) continue;
      const isPercent = row.unit === undefined ? factor !== 1 : row.unit === '%' || row.unit === 'percent';
      const scale = scaleOf(isPercent ? 'percent' : 'fraction');
      yield sampleOf(row.host, row.time, { kind: 'used', scale, number: row.value }, options);
    }
  }
}
