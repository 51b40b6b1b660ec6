export const T = {
  levelHours: 2, mostDeviations: 3, gain: 0.05, gainPoints: 50, drift: 3.2, mostEvidence: 8, needed: 20, leastAnomalies: 3, quiet: 6,
  settleHours: 24, profileRate: 0.3, refFactor: 1.2, refCap: 3, effect: 0.02, freeze: true,
};
