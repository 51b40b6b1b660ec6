/** How hard generated fleets are: every figure that decides it, by name. */

export interface Difficulty {
  /** Share of groups in which all siblings leak, because what they all run was released. */
  readonly sharedLeaks: number;
  /** Share of groups in which one host leaks, or some of a large group. */
  readonly ownLeaks: number;
  /** Share of groups to which something harmless happens on all siblings at once. */
  readonly fleetWide: number;
  /** Least and greatest share of the load's variance that siblings have in common. */
  readonly rho: readonly [number, number];
  /** Deviation of the load, in points: of the drawn movement, but at least and at most so much, times `loadSize`. */
  readonly loadSize: number;
  readonly loadDeviation: readonly [number, number];
  /** Harmless events of one host, by chance: drawn from this list. */
  readonly events: readonly number[];
  /** Multiplies the rates of leaks. */
  readonly leakSize: number;
  /** Tiers of leaks, drawn from this list. */
  readonly tiers: readonly ('slow' | 'medium' | 'fast')[];
  /** Leaks that end before the series does. */
  readonly stopped: number;
  /** Hours from the onset to the stop of these. */
  readonly stopAfter: readonly [number, number];
  /** Latest onset, in hours from the first evaluated one. */
  readonly latestOnset: number;
  /** Share of hosts that are nearly full without a leak. */
  readonly full: number;
  /** Share of hosts whose processes are not collected. */
  readonly withoutConsumers: number;
  /** Share of leaks that grow in no process. */
  readonly kernelLeaks: number;
  /** Restarts of processes per host and day. */
  readonly restartsPerDay: number;
  /** Greatest share of a consumer's samples that is missing. */
  readonly missing: number;
  /** Deviation of a consumer's own movements, as a share of what it holds. */
  readonly consumerNoise: number;
}

/** Groups of siblings, as hard as sets of others are said to be. */
export const GROUPS: Difficulty = {
  sharedLeaks: 0.12,
  ownLeaks: 0.55,
  fleetWide: 0.2,
  rho: [0.5, 0.8],
  loadSize: 1,
  loadDeviation: [0.2, 5],
  events: [0, 0, 0, 0, 1, 1],
  leakSize: 0.55,
  tiers: ['slow', 'medium', 'medium', 'fast'],
  stopped: 0.45,
  stopAfter: [5, 40],
  latestOnset: 54,
  full: 0.08,
  withoutConsumers: 0.25,
  kernelLeaks: 0.03,
  restartsPerDay: 0.15,
  missing: 0.08,
  consumerNoise: 0.02,
};

/** Hosts without siblings, as hard as the labelled ones are today. */
export const SINGLES: Difficulty = {
  ...GROUPS,
  leakSize: 1.3,
  stopped: 0.15,
  latestOnset: 40,
  full: 0.05,
};
