/**
 * Written by bench/gate/fit.ts: do not edit. Fitted on 14 programs at up to 8 lengths, and on 1101 made jobs.
 */
import type { JobFeature } from './gate-features.ts';

export const JOB_BASE = 0.15;

export const JOB_WEIGHTS: Readonly<Record<JobFeature, number>> = {
  steadiest: 2.501,
  last: 0.287,
  decay: 0.31,
  tau: 0.95,
  step: -0.993,
  returned: 0.228,
  peaks: 1.791,
  share: 0.929,
  rate: -0.006,
  minutes: 0.53,
};
