/**
 * What the slow evaluator finds in weeks of a host's memory. Levels and rises are percentage points of the capacity, growth is in
 * percentage points per hour.
 */
import * as z from 'zod';
import { EXACT } from './notation.ts';
import { windowSchema } from './series.ts';
import { exhaustionSchema, intervalSchema } from './verdict.ts';

export const WEEKS_REASONS = [
  /** It has grown since `since`, and still does. */
  'grows',
  /** Restarts give memory back, and each time it comes back to more. */
  'grows_across_restarts',
  /** It grew, and has stood still or come back since. */
  'levelled_off',
  /** It grew in one jump or a few. */
  'steps',
  /** It has come back, after a restart, to where it was before it. */
  'refill',
  /** It moves as it did in the weeks before. */
  'within_habits',
  /** It does not grow. */
  'no_growth',
  /** There are fewer than ten days, or too few hours in them: nothing is said. */
  'too_short',
] as const;
export type WeeksReason = (typeof WEEKS_REASONS)[number];

const { time, figure } = EXACT;

export const weeksOutlookSchema = z
  .strictObject({
    /** What was read. `end` is as of when this holds. */
    window: windowSchema(EXACT),
    /** Share of its hours that have a sample, in [0, 1]. */
    coverage: figure,
    /** What counts as full, in the unit of the series; bytes without a limit count as percentages of the highest sample. */
    capacity: figure,
    /** Probability in [0, 1] of growth of weeks that is a leak, calibrated at `prior`. */
    confidence: figure,
    prior: figure,
    reason: z.enum(WEEKS_REASONS),
    /** About 80 % wide, over the last `hours`. */
    growthPerHour: intervalSchema(EXACT),
    hours: figure,
    /** When the growth began; null where nothing grows. */
    since: time.nullable(),
    /** The floor where it began, and now. */
    from: figure,
    level: figure,
    /** Times at which memory was given back since then. */
    restarts: z.int().min(0),
    exhaustion: exhaustionSchema(EXACT),
  })
  .readonly();

/** In memory times are epoch milliseconds; `encoded(weeksOutlookSchema, …)` writes them as ISO 8601. */
export type WeeksOutlook = z.output<typeof weeksOutlookSchema>;
