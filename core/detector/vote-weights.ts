/** The weights of votes. Written by bench/train/votes.ts on fleets of the seeds 111, 112, 113: do not edit. */
export const VOTE_WEIGHTS = {
  consumers: { base: -0.56, grower: 0.82, host: 0.27, levelled: -1.53, together: -2.09 },
  siblingsBesideConsumers: 0,
} as const;
