/** Turns a score into the probability of a leak at a stated prior. */

/**
 * Knots of a piecewise linear function from scores to log-odds, measured on series that the model had not seen. Before and after
 * the knots it is constant: nothing was measured there.
 */
export interface Calibration {
  readonly scores: readonly number[];
  readonly logOdds: readonly number[];
  /** Share of leaking windows where it was measured. */
  readonly prior: number;
}

/** Log-odds of a leak at a prior in (0, 1). */
export function logOddsOf(score: number, { scores, logOdds, prior: measuredAt }: Calibration, prior: number): number {
  return interpolate(scores, logOdds, score) + logit(prior) - logit(measuredAt);
}

/** Log-odds as a probability. */
export function sigmoid(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

/** A probability as log-odds. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** How much of something counts: nothing up to the first bound, all from the second on, and its share of the way between them. */
export function partBetween([none, all]: readonly [number, number], value: number): number {
  return Math.min(1, Math.max(0, (value - none) / (all - none)));
}

/** Linear interpolation at `x` between knots with increasing `xs`. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const next = xs.findIndex((knot) => knot >= x);
  if (next < 0) return ys.at(-1) ?? 0;
  const [x0, x1] = [xs[next - 1], xs[next] ?? x];
  const [y0, y1] = [ys[next - 1], ys[next] ?? 0];
  if (x0 === undefined || y0 === undefined) return y1;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/**
 * The lesser of the score now and its mean with the scores before: growth that fades is no longer a leak, growth that
 * just began not yet.
 */
export function scoreOver(now: number, before: readonly number[]): number {
  const mean = before.reduce((sum, score) => sum + score, now) / (before.length + 1);
  return Math.min(now, mean);
}
