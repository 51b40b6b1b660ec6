/** Major page faults of one host as points: a number a second. */
import type { PointSeries } from '../../core/model/points.ts';
import { PAGING_FAULTS, type Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { type Points, pointSeries } from './points.ts';

const PAGE_FAULTS = { name: PAGING_FAULTS, unit: '{fault}/s' };

export function pageFaultSeries(host: Resource, { window, periodMs }: MeanSpan, points: Points): PointSeries {
  return pointSeries(host, PAGE_FAULTS, { part: {}, points }, { window, periodMs });
}
