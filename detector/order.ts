/** Order statistics on small arrays. Nothing here knows what a sample means. */

/**
 * The k-th smallest value (k from 0), found in expected linear time by Hoare's selection. Reorders `values`.
 * Sorting a few hundred slopes per horizon is what a verdict would otherwise spend most of its time on.
 */
export function select(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const [lowEnd, highStart] = partition(values, low, high);
    if (k <= lowEnd) high = lowEnd;
    else if (k >= highStart) low = highStart;
    else break;
  }
  return values[k] ?? Number.NaN;
}

/** Moves what is not greater than the middle value before what is not less; returns where the one ends and the other begins. */
function partition(values: Float64Array, low: number, high: number): [lowEnd: number, highStart: number] {
  const pivot = values[(low + high) >> 1] ?? Number.NaN;
  let i = low;
  let j = high;
  while (i <= j) {
    while ((values[i] ?? Number.NaN) < pivot) i++;
    while ((values[j] ?? Number.NaN) > pivot) j--;
    if (i > j) break;
    const swap = values[i] ?? Number.NaN;
    values[i++] = values[j] ?? Number.NaN;
    values[j--] = swap;
  }
  return [j, i];
}

/** The lower quantile `p` in [0, 1] of values without NaN: an observed value, never an interpolated one. NaN when there are none. */
export function quantile(values: Float64Array, p: number): number {
  if (values.length === 0) return Number.NaN;
  return select(Float64Array.from(values), Math.floor((values.length - 1) * p));
}

/** The median of values without NaN; the lower one of two. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5);
}

/** Copies the values that are numbers. */
export function present(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}
