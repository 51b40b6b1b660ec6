/** Order statistics on small arrays of any numbers. */

/**
 * The k-th smallest value (k from 0), found in expected linear time by Hoare's selection. Reorders `values`.
 * Sorting a few hundred slopes is what a verdict would otherwise spend most of its time on.
 */
export function select(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = at(values, k);
    let i = low;
    let j = high;
    while (i <= j) {
      i = firstNotBelow(values, i, pivot);
      j = lastNotAbove(values, j, pivot);
      if (i <= j) swap(values, i++, j--);
    }
    if (j < k) low = i;
    if (k < i) high = j;
  }
  return at(values, k);
}

function firstNotBelow(values: Float64Array, from: number, pivot: number): number {
  let i = from;
  while (at(values, i) < pivot) i++;
  return i;
}

function lastNotAbove(values: Float64Array, from: number, pivot: number): number {
  let j = from;
  while (at(values, j) > pivot) j--;
  return j;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = at(values, a);
  values[a] = at(values, b);
  values[b] = value;
}

/** The lower quantile `p` in [0, 1] of values without NaN: an observed value, never an interpolated one. NaN when there are none. */
export function quantile(values: Float64Array, p: number): number {
  if (values.length === 0) return Number.NaN;
  return select(values.slice(), Math.floor((values.length - 1) * p));
}

/** The median of values without NaN; the lower one of two. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5);
}

/** The range of values without NaN: the greatest less the least. NaN where there are none. */
export function rangeOf(values: Float64Array): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return values.length === 0 ? Number.NaN : greatest - least;
}

/** The median; of an even number of values the mean of the two in the middle. */
export function middle(values: Float64Array): number {
  return (median(values) - median(values.map((value) => -value))) / 2;
}

/** The index of the first of ascending times that is not before `time`. */
export function firstNotBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const half = (low + high) >>> 1;
    if ((times[half] ?? Number.POSITIVE_INFINITY) < time) low = half + 1;
    else high = half;
  }
  return low;
}
