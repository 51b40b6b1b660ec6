/** A series in one line of text. */
import type { Series } from '../../core/model/series.ts';
import { bucketMeans } from './buckets.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The least span of a fraction that fills the full height: the noise of a flat host stays flat. */
const LEAST_SPAN = 0.08;

/** `cells` characters over the series' window; a cell without a sample is blank. */
export function sparkline(series: Series, cells: number): string {
  const means = bucketMeans(series, cells);
  const present = means.filter((value) => value !== null);
  const low = Math.min(...present);
  const high = Math.max(...present);
  const span = Math.max(high - low, leastSpan(series, high));
  // Where the span is wider than the data the line runs near the middle, not along the floor, and off the edge of a level.
  const floor = low - (span - (high - low)) * 0.45;
  return means.map((value) => (value === null ? ' ' : levelOf((value - floor) / span))).join('');
}

function leastSpan({ unit, limit }: Series, high: number): number {
  if (unit === '1') return LEAST_SPAN;
  return (limit ?? high) * LEAST_SPAN || 1;
}

/** @param share Height in [0, 1]. */
function levelOf(share: number): string {
  const index = Math.min(LEVELS.length - 1, Math.max(0, Math.floor(share * LEVELS.length)));
  return LEVELS[index] ?? LEVELS[0];
}
