/** What the detector finds in one series, and everything that it rests on: facts and reason codes, no sentences. */
import * as z from 'zod';
import { EXACT, type FigureNotation, type Notation, type TimeNotation } from './notation.ts';
import { windowSchema } from './series.ts';
import { EVALUATORS, voteSchema } from './vote.ts';

/** An estimate with the bounds of its confidence interval, in the unit that its field names. */
export function intervalSchema<Figure extends z.ZodType>({ figure }: FigureNotation<Figure>) {
  return z.strictObject({ low: figure, estimate: figure, high: figure }).readonly();
}

/** Stable identifiers of checks, in the order in which a verdict lists them. */
export const CHECK_NAMES = [
  'history',
  'coverage',
  'rise_3h',
  'rise_48h',
  'trend_48h',
  'above_same_hour',
  'above_two_days_ago',
  'above_three_days_ago',
  'above_6h',
  'above_36h',
  'above_highs',
  'range_24h',
  'change_point_rise',
  'change_point_to_noise',
  'jump_1h',
  'jump_2h',
  'fall_back',
  'new_highs',
  'line_over_two_steps',
  'line_over_step_48h',
  'line_over_ramp_48h',
  'held_48h',
  'line_over_fill_near',
  'line_over_two_steps_near',
  'line_over_two_steps_24h',
  'flat_share_24h',
  // Of hosts in their first day.
  'young_rise',
  'young_rise_8h',
  'young_rise_4h',
  'young_rise_2h',
  'young_rise_1h',
  'young_above_6h',
  'young_above_3h',
  'young_trend',
  'young_new_highs',
  'young_never_below',
  'young_range',
  'young_peak_range',
  'young_deviation',
  'young_noise',
  'young_unchanged',
  'young_fall',
  'young_jump_30min',
  'young_jump_2h',
  'young_bend_over_step',
  'young_bend_over_ramp',
  'young_bend_over_fill',
  'young_line_over_step',
  'young_line_over_two_steps',
  'young_line_over_wave',
  'young_correlation',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * One condition of the decision, listed whether it passed or not, so that a reader can see what would have changed the verdict.
 * `value` is null where the series has no answer; such a check counts as passed where that is no evidence against growth.
 */
export function checkSchema<Figure extends z.ZodType>({ figure }: FigureNotation<Figure>) {
  return z
    .strictObject({
      name: z.enum(CHECK_NAMES),
      value: figure.nullable(),
      comparison: z.enum(['at_least', 'at_most']),
      limit: figure,
      /** UCUM where it has a code (`h`, `1`, `%`), else a plain word. */
      unit: z.string(),
      passed: z.boolean(),
    })
    .readonly();
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

/** How much a feature adds to the score, which is the log-odds of a leak before calibration. */
export interface FeatureWeight {
  readonly name: CheckName;
  readonly weight: number;
}

/** What a score rests on: `value` is `reference` and all weights together. */
export interface ScoreWeights {
  readonly value: number;
  /** The score where no feature is known. */
  readonly reference: number;
  /** Of every feature, the strongest first. */
  readonly weights: readonly FeatureWeight[];
}

/** Of two shapes that fit equally well the first is named. */
export const PATTERN_NAMES = ['sawtooth', 'staircase', 'exponential', 'creep', 'load_proportional', 'linear'] as const;
export type PatternName = (typeof PATTERN_NAMES)[number];

/** The shape of the growth, with a confidence of its own in [0, 1]: on noisy hosts a pattern's name is weak. */
export function patternSchema<Figure extends z.ZodType>({ figure }: FigureNotation<Figure>) {
  return z.strictObject({ name: z.enum(PATTERN_NAMES), confidence: figure }).readonly();
}

/** Why it is not known when the limit is reached. `too_far`: more than a year away at the present rate. */
export const EXHAUSTION_UNKNOWN = ['capacity_unknown', 'no_growth', 'too_far'] as const;
export type ExhaustionUnknown = (typeof EXHAUSTION_UNKNOWN)[number];

/** The times by which the limit is reached with a probability of 10, 50 and 90 %; no `latest` where that is over a year away. */
export function expectedExhaustionSchema<Time extends z.ZodType>({ time }: TimeNotation<Time>) {
  return z
    .strictObject({ kind: z.literal('expected'), earliest: time, likely: time, latest: time.nullable() })
    .readonly();
}

/** When the limit is reached if the leak goes on, or why that is not known. */
export function exhaustionSchema<Time extends z.ZodType>(notation: TimeNotation<Time>) {
  return z.discriminatedUnion('kind', [
    expectedExhaustionSchema(notation),
    z.strictObject({ kind: z.literal('cannot_say'), reason: z.enum(EXHAUSTION_UNKNOWN) }).readonly(),
  ]);
}

/** Samples that were dropped by the stated cleaning rules, counted by rule. */
const cleanedSchema = z
  .strictObject({ notFinite: z.int(), outOfRange: z.int(), outsideWindow: z.int(), duplicate: z.int() })
  .readonly();

/**
 * When growth began: between two times, or, where `leftCensored`, at any time before the end, perhaps before the
 * evaluated samples.
 */
export function onsetSchema<Time extends z.ZodType>(notation: TimeNotation<Time>) {
  return windowSchema(notation).unwrap().extend({ leftCensored: z.boolean() }).readonly();
}

/** Everything a verdict rests on. Values are in the series' unit. */
export function evidenceSchema<Time extends z.ZodType, Figure extends z.ZodType>(notation: Notation<Time, Figure>) {
  const { time, figure } = notation;
  return z
    .strictObject({
      /** The evaluated segment: samples between two restarts or gaps, ending at the window's end. */
      evaluated: windowSchema(notation),
      /** Hours since the change point of the rising line that fits best: how long the growth has been visible. */
      horizonHours: figure,
      /** Hours of history before the end of the window, gaps included. */
      historyHours: figure,
      /** Fraction of the evaluated segment's 15-minute blocks that hold a sample, in [0, 1]. */
      coverage: figure,
      /** The restarts that split the series. */
      restarts: z.array(time).readonly(),
      /** The latest floor, in the series' unit. */
      level: figure,
      /** Growth per hour of the floor with an interval about 80 % wide, in the series' unit … */
      growthPerHour: intervalSchema(notation),
      /** … over so many hours before the end: since the change point of a leak, and up to the last day of a steady series. */
      growthHours: figure,
      /** When the growth began, as an interval; null for a steady series. */
      onset: onsetSchema(notation).nullable(),
      pattern: patternSchema(notation).nullable(),
      /**
       * Probability that the series grows like a leak, in [0, 1], calibrated at the policy's prior: by all votes together. Of the
       * curve it is that of now, and no more than on average with two hours ago.
       */
      confidence: figure,
      /** The same with five hours ago included, by which a page is decided; null for a steady series. */
      lastingConfidence: figure.nullable(),
      /** How each evaluator voted that had something to go by, the host's own curve first … */
      votes: z.array(voteSchema(notation)).min(1).max(EVALUATORS.length).readonly(),
      /** … and the one that decided: without its vote the verdict would be another. See `decidedBy` of the detector. */
      decidedBy: z.enum(EVALUATORS),
      exhaustion: exhaustionSchema(notation),
      /**
       * The features of a leak, each with the limit from which it speaks for one. The confidence rests on all of them
       * together: one may fail while the verdict is leaking.
       */
      checks: z.array(checkSchema(notation)).readonly(),
      /** What cleaning removed from the series before it was evaluated. */
      cleaned: cleanedSchema,
    })
    .readonly();
}

/**
 * `confirmed` is far above the threshold (four times the odds, or 95 %), now and with two and five hours ago included, and has a day of
 * history; `suspected` is all else, and pages only where it is critical and 90 % sure.
 */
export const GRADES = ['suspected', 'confirmed'] as const;
export type Grade = (typeof GRADES)[number];

export const INSUFFICIENT_REASONS = ['no_samples', 'too_short', 'stale', 'too_many_gaps', 'malformed'] as const;
export type InsufficientReason = (typeof INSUFFICIENT_REASONS)[number];

/** Encodes the evidence of a verdict for programs: ISO times, all digits. */
export const evidenceCodec = evidenceSchema(EXACT);

/** Verdicts are computed here and never parsed: the schema is the home of their types. */
const verdictSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('leaking'), grade: z.enum(GRADES), evidence: evidenceCodec }).readonly(),
  z.strictObject({ state: z.literal('steady'), evidence: evidenceCodec }).readonly(),
  z
    .strictObject({
      state: z.literal('insufficient_data'),
      reason: z.enum(INSUFFICIENT_REASONS),
      checks: z.array(checkSchema(EXACT)).readonly(),
      cleaned: cleanedSchema,
    })
    .readonly(),
]);

export type Verdict = z.output<typeof verdictSchema>;
export type Leaking = Extract<Verdict, { readonly state: 'leaking' }>;
export type Steady = Extract<Verdict, { readonly state: 'steady' }>;
export type InsufficientData = Extract<Verdict, { readonly state: 'insufficient_data' }>;
export type Evidence = z.output<typeof evidenceCodec>;
export type Interval = Evidence['growthPerHour'];
export type Check = Evidence['checks'][number];
export type Onset = NonNullable<Evidence['onset']>;
export type Pattern = NonNullable<Evidence['pattern']>;
export type Exhaustion = Evidence['exhaustion'];
export type Cleaned = Evidence['cleaned'];
