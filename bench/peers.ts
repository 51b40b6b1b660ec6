/** The detectors of others, in a few lines each: every peer sees the same window as ours, and alerts or not. */
import { corootFlags } from './coroot.ts';
import { etsForecast } from './ets.ts';
import { mannKendall, senSlope, varianceInflation } from './mann-kendall.ts';
import { fiveMinuteMeans, hoursLeft, latestLevel, leastSquares, type PeerSamples } from './samples.ts';

export interface Peer {
  readonly name: string;
  /** Whether it looks at how memory moves, and not only at where it stands. */
  readonly seesTrends: boolean;
  /** Milliseconds a window instead of microseconds. */
  readonly slow?: true;
  flags(samples: PeerSamples): boolean;
}

/** Hours of a window that peers see: what their authors describe, and the usual range of alert rules. */
export const PEER_HOURS = 6;
/** Fewer samples than this are no input for any of them. */
export const LEAST_SAMPLES = 12;

const WEEK_HOURS = 168;
const FULL = 100;

export const PEERS: readonly Peer[] = [
  {
    // Jindal et al., "Memory leak detection algorithms in the cloud-based infrastructure", arXiv 2106.08938: a line that
    // explains the window and meets the limit within a week.
    name: 'line fit, R² ≥ .8, exhaustion ≤ 7 d',
    seesTrends: true,
    flags(samples) {
      const { slope, r2 } = leastSquares(samples);
      return slope > 0 && r2 >= 0.8 && hoursLeft(samples, slope) <= WEEK_HOURS;
    },
  },
  {
    // Sources: mann-kendall.ts.
    name: 'Mann-Kendall + Sen, exhaustion ≤ 7 d',
    seesTrends: true,
    flags(samples) {
      const means = fiveMinuteMeans(samples);
      const slope = senSlope(means);
      const deviations = mannKendall(means.levels) / Math.sqrt(varianceInflation(means, slope));
      return deviations > 1.96 && hoursLeft(samples, slope) <= WEEK_HOURS;
    },
  },
  {
    // https://prometheus.io/docs/prometheus/latest/querying/functions/#predict_linear over six hours of range.
    name: 'predict_linear, 24 h ahead',
    seesTrends: true,
    flags(samples) {
      const { slope, intercept } = leastSquares(samples);
      return intercept + slope * 24 >= FULL;
    },
  },
  {
    // The alarm that every monitoring guide begins with.
    name: 'static threshold, 80 %',
    seesTrends: false,
    flags: ({ levels }) => latestLevel(levels) >= 80,
  },
  {
    // Source: coroot.ts.
    name: 'Coroot’s rule as described',
    seesTrends: true,
    flags: corootFlags,
  },
  {
    // Source: ets.ts.
    name: 'ETS forecast (augurs), 24 h ahead',
    seesTrends: true,
    slow: true,
    flags: (samples) => etsForecast(fiveMinuteMeans(samples), 24) >= FULL,
  },
];
