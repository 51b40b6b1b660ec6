/** Features in bins, so that the booster tries few values to divide each at. */
import { firstNotBelow } from '../feeds.ts';

/** At most this many different values per feature; the last bin holds unknown values. */
export const BINS = 48;

export interface Binned {
  /** Upper edges: bin b holds values up to `edges[b]`. */
  readonly edges: readonly Float64Array[];
  readonly bins: readonly Uint8Array[];
}

/** Bins of nearly equal numbers of examples. Edges are rounded to three digits: the table stays readable. */
export function binsOf(columns: readonly Float64Array[]): Binned {
  const edges = columns.map((column) => {
    const sorted = column.filter((value) => !Number.isNaN(value)).sort();
    const at = (bin: number) => sorted[Math.floor(((bin + 1) / BINS) * sorted.length)] ?? 0;
    const distinct = new Set(Array.from({ length: BINS - 1 }, (_, bin) => Number(at(bin).toPrecision(3))));
    return Float64Array.from(distinct).sort();
  });
  const bins = columns.map((column, feature) => {
    const upper = edges[feature] ?? new Float64Array();
    return Uint8Array.from(column, (value) => (Number.isNaN(value) ? BINS : firstNotBelow(upper, value)));
  });
  return { edges, bins };
}
