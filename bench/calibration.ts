/** Whether a confidence means what it says: of the windows that are told 70 %, do 70 % leak? And at another prior? */

/** One judged window. */
export interface Reported {
  readonly confidence: number;
  readonly leak: boolean;
  /** How many windows it stands for. */
  readonly weight: number;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly windows: number;
  /** Share of all weight. */
  readonly weight: number;
  /** Weighted means of what was told and what was true; NaN for an empty bin. */
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
export function priorOf(reported: readonly Reported[]): number {
  return meanOf(reported, ({ leak }) => (leak ? 1 : 0));
}

/** The same windows where leaks are as rare as `prior` says: healthy ones count for more, confidences are read at it. */
export function atPrior(reported: readonly Reported[], from: number, prior: number): Reported[] {
  const now = priorOf(reported);
  const healthyWeight = ((1 - prior) / prior) * (now / (1 - now));
  return reported.map(({ confidence, leak, weight }) => ({
    confidence: shiftPrior(confidence, from, prior),
    leak,
    weight: weight * (leak ? 1 : healthyWeight),
  }));
}

/** Ten bins of equal width. */
export function reliability(reported: readonly Reported[]): Bin[] {
  const total = weightOf(reported);
  return Array.from({ length: BINS }, (_, bin) => {
    const inBin = reported.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
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

/** Expected calibration error: how far told and true are apart, on average (Naeini et al., AAAI 2015). */
export function calibrationError(bins: readonly Bin[]): number {
  return bins.reduce((error, { windows, weight, confidence, leaks }) => {
    return windows === 0 ? error : error + weight * Math.abs(confidence - leaks);
  }, 0);
}

function weightOf(reported: readonly Reported[]): number {
  return reported.reduce((sum, { weight }) => sum + weight, 0);
}

function meanOf(reported: readonly Reported[], of: (one: Reported) => number): number {
  return reported.reduce((sum, one) => sum + one.weight * of(one), 0) / weightOf(reported);
}
