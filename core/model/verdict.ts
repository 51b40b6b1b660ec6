/** What the detector says of one series, and everything it says it with. */
import type { Window } from './series.ts';

/** An estimate with the bounds of its confidence interval, in the unit that its field names. */
export interface Interval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/**
 * One condition of the decision, listed whether it passed or not, so that a reader can say what would have changed the verdict.
 * `value` is null where the series could not answer; such a gate says in `passed` how it was counted.
 */
export interface Check {
  /** A stable identifier in snake case, for example `knee_rise`. */
  readonly name: string;
  readonly value: number | null;
  readonly comparison: 'at_least' | 'at_most';
  readonly limit: number;
  /** UCUM where it has a code (`h`, `1`, `%`), else a plain word. */
  readonly unit: string;
  readonly passed: boolean;
  /** One sentence that says what was compared and why it matters. */
  readonly message: string;
}

/** The growth at which a verdict would have turned, everything else being as it was. In the unit of the series. */
export interface Counterfactual {
  /** For how many hours before the end of the window growth is meant. */
  readonly hours: number;
  /** What was found. */
  readonly growthPerHour: number;
  /** The nearest growth that turns the verdict: less than what was found of a leaking host, more of a steady one. */
  readonly turnsAt: number;
}

export type PatternName = 'linear' | 'exponential' | 'staircase' | 'sawtooth' | 'creep' | 'load_proportional';

/** The shape of the growth, with a confidence of its own in [0, 1]: on noisy hosts a pattern's name is weak. */
export interface Pattern {
  readonly name: PatternName;
  readonly confidence: number;
}

/**
 * When the limit is reached if the leak goes on: epoch milliseconds, or why that cannot be said. `earliest`, `likely` and `latest` are
 * the times by which it is reached with a probability of 10, 50 and 90 %; no `latest` when that is more than a year away.
 */
export type Exhaustion =
  | { readonly kind: 'expected'; readonly earliest: number; readonly likely: number; readonly latest: number | null }
  | { readonly kind: 'cannot_say'; readonly reason: string };

/** Everything a verdict rests on. Values are in the series' unit. */
export interface Evidence {
  /** The stretch that was judged: samples between two restarts or gaps, ending at the window's end. */
  readonly evaluated: Window;
  /** Hours since the knee of the rising line that fits best: how long the growth has been seen for. */
  readonly horizonHours: number;
  /** Hours of history before the end of the window, gaps included. */
  readonly historyHours: number;
  /** Fraction of the judged stretch's 15-minute blocks that hold a sample, in [0, 1]. */
  readonly coverage: number;
  /** Epoch milliseconds of the restarts that split the series. */
  readonly restarts: readonly number[];
  /** The latest floor, in the series' unit. */
  readonly level: number;
  /** Growth per hour of the floor with an interval about 80 % wide, in the series’ unit … */
  readonly growthPerHour: Interval;
  /** … over so many hours before the end: since the knee of a leak, and the last day of a steady series, or what there is of it. */
  readonly growthHours: number;
  /** When the growth began, as an interval of epoch milliseconds; null for a steady series. */
  readonly onset: Window | null;
  readonly pattern: Pattern | null;
  /** Probability that the series grows like a leak, in [0, 1], calibrated at the policy's prior: now, and no more than on average with two hours ago. */
  readonly confidence: number;
  /** The same with five hours ago counted in, which is what a page is decided by; null for a steady series. */
  readonly lastingConfidence: number | null;
  readonly exhaustion: Exhaustion;
  /**
   * The signs of a leak, each with the limit from which it speaks for one. The confidence rests on all of them together:
   * one may fail while the verdict is leaking.
   */
  readonly checks: readonly Check[];
  /** What cleaning removed from the series before it was judged. */
  readonly cleaned: Cleaned;
}

/** Samples that were dropped by the stated cleaning rules, counted by rule. */
export interface Cleaned {
  readonly notFinite: number;
  readonly outOfRange: number;
  readonly outsideWindow: number;
  readonly duplicate: number;
}

/**
 * `suspected` never pages; `confirmed` is far surer than the threshold asks for (four times the odds, or 95 %), with two and five hours
 * ago counted in, and has a day of history.
 */
export const GRADES = ['suspected', 'confirmed'] as const;
export type Grade = (typeof GRADES)[number];

export type InsufficientReason = 'no_samples' | 'too_short' | 'stale' | 'too_many_gaps' | 'malformed';

export interface Leaking {
  readonly state: 'leaking';
  readonly grade: Grade;
  readonly evidence: Evidence;
}
export interface Steady {
  readonly state: 'steady';
  readonly evidence: Evidence;
}
export interface InsufficientData {
  readonly state: 'insufficient_data';
  readonly reason: InsufficientReason;
  readonly checks: readonly Check[];
  readonly cleaned: Cleaned;
}

export type Verdict = Leaking | Steady | InsufficientData;
