/** Scores the reference itself: how much evidence healthy points of this series come to, and how unsteady it is at the end. */
import type { PointState } from '../../model/point-state.ts';
import { NEEDED, widened, withPoint } from './evidence.ts';
import { scoreOf, scorerOf, zOf } from './score.ts';
import type { PointSettings } from './settings.ts';
import type { Distribution } from './tail.ts';

/** Evidence that is needed of a series whose healthy points come to much, over what they came to. */
const MORE_THAN_USUAL = 1.2;
const MOST_NEEDED = 3 * NEEDED;

/** `standard`: residuals in units of the spread. */
export function rehearsed(
  standard: Float64Array,
  distribution: Distribution,
  settings: PointSettings,
): Pick<PointState, 'needed' | 'widening'> {
  const scorer = scorerOf(distribution);
  let widening = { lower: 1, upper: 1 };
  let [evidence, peak] = [0, 0];
  const peaks: number[] = [];
  for (const residual of standard) {
    const z = zOf(residual, widening);
    evidence = withPoint(evidence, scoreOf(scorer, z, settings));
    peak = Math.max(peak, evidence);
    if (evidence === 0 && peak > 0) {
      peaks.push(peak);
      peak = 0;
    }
    widening = {
      lower: widened(widening.lower, z < -scorer.outerDown),
      upper: widened(widening.upper, z > scorer.outerUp),
    };
  }
  peaks.push(peak);
  peaks.sort((a, b) => b - a);
  // The greatest one may have been an anomaly itself.
  const usual = peaks[1] ?? 0;
  return { needed: Math.min(MOST_NEEDED, Math.max(NEEDED, MORE_THAN_USUAL * usual)), widening };
}
