/** The coefficients of the three times of exhaustion. Written by `node bench/exhaustion-fit.ts --data DIR`: do not edit. */

export interface Coefficients {
  readonly constant: number;
  readonly ahead: number;
  readonly curved: number;
  readonly observed: number;
  readonly late: number;
  readonly noise: number;
  readonly jumps: number;
  readonly unsure: number;
}

export const COEFFICIENTS: Readonly<Record<'earliest' | 'likely' | 'latest', Coefficients>> = {
  earliest: {
    constant: 0.314,
    ahead: -0.219,
    curved: 0.124,
    observed: -0.494,
    late: -0.054,
    noise: -0.755,
    jumps: -1.749,
    unsure: -0.144,
  },
  likely: {
    constant: -0.264,
    ahead: -0.089,
    curved: 0.454,
    observed: -0.073,
    late: -0.249,
    noise: -2.143,
    jumps: 0.77,
    unsure: -0.096,
  },
  latest: {
    constant: 0.1,
    ahead: -0.135,
    curved: 0.466,
    observed: 0.035,
    late: -0.363,
    noise: -1.39,
    jumps: 1.578,
    unsure: 0.091,
  },
};
