/** The parabola through evenly spaced values, by least squares: which way growth bends, and how sure that is. */

export interface Curve {
  /** Slope at the last value, per step. */
  readonly slope: number;
  /** How much the slope changes in half a step: the coefficient of the square, per step squared. */
  readonly bend: number;
  /** Share of the squares about the straight line that the bend explains, in [0, 1]. */
  readonly explained: number;
}

/**
 * Fits orthogonal polynomials on the centred index (Draper and Smith, Applied Regression Analysis, on equally spaced points), so
 * that line and bend are found apart. Fewer than four values have no bend. `values` has no NaN.
 */
export function curveOf(values: Float64Array): Curve {
  const n = values.length;
  if (n < 4) return { slope: n < 2 ? 0 : ((values[n - 1] ?? 0) - (values[0] ?? 0)) / (n - 1), bend: 0, explained: 0 };
  const middle = (n - 1) / 2;
  const meanSquare = (n * n - 1) / 12;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [total, byLine, byBend, lineSquares, bendSquares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const value = (values[i] ?? 0) - mean;
    const line = i - middle;
    const square = line * line - meanSquare;
    total += value * value;
    byLine += value * line;
    byBend += value * square;
    lineSquares += line * line;
    bendSquares += square * square;
  }
  const bend = byBend / bendSquares;
  const aboutLine = total - byLine ** 2 / lineSquares;
  return {
    slope: byLine / lineSquares + 2 * bend * middle,
    bend,
    explained: aboutLine > 1e-12 ? Math.min(1, byBend ** 2 / bendSquares / aboutLine) : 0,
  };
}

/** Steps until the curve has risen by `rise` from its last value: 0 where it need not rise, Infinity where it never does. */
export function stepsUntil(rise: number, { slope, bend }: Curve): number {
  if (rise <= 0) return 0;
  const discriminant = slope * slope + 4 * bend * rise;
  if (discriminant < 0) return Infinity;
  const root = Math.sqrt(discriminant);
  // Of the two forms of the solution that one which does not subtract numbers of about the same size.
  if (slope < 0) return bend > 0 ? (root - slope) / (2 * bend) : Infinity;
  return slope + root > 0 ? (2 * rise) / (slope + root) : Infinity;
}
