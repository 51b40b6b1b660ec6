/** Scores the reference itself: how much evidence healthy points of this series come to, and how unsteady it is at the end. */
import type { PointState } from '../../model/point-state.ts';
import { NEEDED, stretched, withPoint } from './evidence.ts';
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
): Pick<PointState, 'needed' | 'stretch'> {
  const scorer = scorerOf(distribution);
  let stretch = { lower: 1, upper: 1 };
  let [evidence, peak] = [0, 0];
  const peaks: number[] = [];
  for (const residual of standard) {
    const z = zOf(residual, stretch);
    evidence = withPoint(evidence, scoreOf(scorer, z, settings));
    peak = Math.max(peak, evidence);
    if (evidence === 0 && peak > 0) {
      peaks.push(peak);
      peak = 0;
    }
    stretch = {
      lower: stretched(stretch.lower, z < -scorer.outerDown),
      upper: stretched(stretch.upper, z > scorer.outerUp),
    };
  }
  peaks.push(peak);
  peaks.sort((a, b) => b - a);
  // The greatest one may have been an anomaly itself.
  const usual = peaks[1] ?? 0;
  return { needed: Math.min(MOST_NEEDED, Math.max(NEEDED, MORE_THAN_USUAL * usual)), stretch };
}
