/** Whether confidences are calibrated: do 70 % of the windows with a confidence of 70 % leak? And at another prior? */

/** One evaluated window whose truth is known. */
export interface ScoredWindow {
  readonly confidence: number;
  readonly leak: boolean;
  /** How many windows it counts as. */
  readonly weight: number;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly windows: number;
  /** Share of all weight. */
  readonly weight: number;
  /** Weighted mean confidence, and weighted share that leaks; NaN for an empty bin. */
  readonly confidence: number;
  readonly leaks: number;
}

const BINS = 10;

/**
 * A probability at one prior, read at another: the odds are multiplied by how the odds of the priors differ, because the
 * evidence is the same (Saerens et al., "Adjusting the outputs of a classifier to new a priori probabilities", 2002).
 */
export function shiftPrior(probability: number, from: number, to: number): number {
  const leak = (probability * to) / from;
  const healthy = ((1 - probability) * (1 - to)) / (1 - from);
  return leak / (leak + healthy);
}

/** Share of the weight that leaks. */
export function priorOf(windows: readonly ScoredWindow[]): number {
  return meanOf(windows, ({ leak }) => (leak ? 1 : 0));
}

/** The same windows where a share `prior` of them leaks: healthy ones are reweighted, confidences shifted to it. */
export function atPrior(windows: readonly ScoredWindow[], from: number, prior: number): ScoredWindow[] {
  const now = priorOf(windows);
  const healthyWeight = ((1 - prior) / prior) * (now / (1 - now));
  return windows.map(({ confidence, leak, weight }) => ({
    confidence: shiftPrior(confidence, from, prior),
    leak,
    weight: weight * (leak ? 1 : healthyWeight),
  }));
}

/** Ten bins of equal width. */
export function reliability(windows: readonly ScoredWindow[]): Bin[] {
  const total = weightOf(windows);
  return Array.from({ length: BINS }, (_, bin) => {
    const inBin = windows.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      windows: inBin.length,
      weight: weightOf(inBin) / total,
      confidence: meanOf(inBin, ({ confidence }) => confidence),
      leaks: priorOf(inBin),
    };
  });
}

/** Expected calibration error: the mean distance of confidence and share that leaks (Naeini et al., AAAI 2015). */
export function calibrationError(bins: readonly Bin[]): number {
  return bins.reduce((error, { windows, weight, confidence, leaks }) => {
    return windows === 0 ? error : error + weight * Math.abs(confidence - leaks);
  }, 0);
}

function weightOf(windows: readonly ScoredWindow[]): number {
  return windows.reduce((sum, { weight }) => sum + weight, 0);
}

function meanOf(windows: readonly ScoredWindow[], of: (window: ScoredWindow) => number): number {
  return windows.reduce((sum, window) => sum + window.weight * of(window), 0) / weightOf(windows);
}
