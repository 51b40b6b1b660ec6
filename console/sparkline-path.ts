/** The path of a sparkline. */

const PADDING = 2;
/** Changes that are smaller than this share of the level fill less of the height: noise shall not look like growth. */
const LEAST_RANGE = 0.15;

/**
 * SVG path data for values, oldest first, in a box. A gap (null) breaks the line; a single value between gaps is a dot.
 * @returns an empty text where no value is known.
 */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const range = Math.max(high - low, Math.abs(high) * LEAST_RANGE, Number.MIN_VALUE);
  const middle = (high + low) / 2;
  const step = values.length > 1 ? (width - 2 * PADDING) / (values.length - 1) : 0;
  const y = (value: number) => height / 2 - ((value - middle) / range) * (height - 2 * PADDING);
  let path = '';
  let isPenDown = false;
  values.forEach((value, index) => {
    if (value === null) {
      isPenDown = false;
      return;
    }
    const point = `${rounded(PADDING + index * step)} ${rounded(y(value))}`;
    const isAlone = !isPenDown && (values[index + 1] ?? null) === null;
    path += isPenDown ? `L${point}` : `M${point}`;
    if (isAlone) path += 'h0.01';
    isPenDown = true;
  });
  return path;
}

function rounded(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
