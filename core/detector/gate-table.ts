/**
 * Written by bench/gate/fit.ts: do not edit. Fitted on 23 programs at up to 8 lengths, and on 1104 made jobs.
 */
import type { JobFeature } from './gate-features.ts';

export const JOB_BASE = -0.647;

export const JOB_WEIGHTS: Readonly<Record<JobFeature, number>> = {
  steadiest: 2.153,
  step: -0.442,
  peaks: 1.71,
  rise: 0.327,
};
