/**
 * What an incident remembers of its leak between inspections: the growth of the present cycle, how the one before ended, and what the
 * lookback window no longer shows. Bounded: it is a part of the incident's item. Levels are percent of the capacity ("points").
 */
import * as z from 'zod';
import { CYCLE_ENDS } from './change.ts';
import { SEVERITIES } from './finding.ts';

/** `suspected` and `open`: it grows. `watched`: nothing grows, and what grows next is the next cycle of the same leak. */
const STORY_PHASES = ['suspected', 'open', 'watched'] as const;

/** Rates that are remembered of a cycle, daily floors, and cycles: what is older counts no more. */
export const MOST_RATES = 32;
export const MOST_DAYS = 30;
export const MOST_CYCLES = 10;

const points = z.number().min(0).max(200);
const time = z.int();
const count = z.int().min(0);

/** The growth of one cycle. */
const growthSchema = z
  .strictObject({
    /** When it began, as its first finding estimates it, and when that finding was. */
    since: time,
    foundAt: time,
    /** The level from which it grew. */
    base: points,
    /** As it was reported last, and the greatest that was. */
    severity: z.enum(SEVERITIES),
    greatest: z.enum(SEVERITIES),
    /** Since when every finding has been less severe than was reported, and the greatest of these severities; null where one was not. */
    lesser: z
      .strictObject({ since: time, severity: z.enum(SEVERITIES) })
      .readonly()
      .nullable(),
    /** Points an hour, as the findings state them, the newest last. */
    rates: z.array(z.number()).max(MOST_RATES).readonly(),
    /** Whether it was confirmed, and reported as opened. */
    hasPaged: z.boolean(),
  })
  .readonly();

export const storySchema = z
  .strictObject({
    phase: z.enum(STORY_PHASES),
    /** The end of the newest window that was taken in: what is not newer changes nothing. */
    asOf: time,
    /** What 100 points are in the unit of the series. Without a known limit it changes, and the levels with it. */
    capacity: z.number().positive(),
    /** 1 for the first growth that was reported, 0 where none was. */
    cycle: count,
    /** When the first cycle was found. */
    firstAt: time,
    /** Hours that earlier cycles took from their beginning to their end, the newest last. */
    lastedHours: z.array(z.number().min(0)).max(MOST_CYCLES).readonly(),
    /** Whether a cycle of it has paged. */
    hasPaged: z.boolean(),
    /** Of the present cycle; of a watched story that of the one before, null where none was reported. */
    growth: growthSchema.nullable(),
    /** Hours with samples since the last inspection that was leaking, doubtful or full. */
    quietHours: z.number().min(0),
    /** Inspections in a row with a verdict and without a finding. */
    steadyRuns: count,
    /** Inspections in a row that saw a watched story grow. */
    growing: count,
    /** Floors of complete days (UTC) since the last restart, in order; `day` counts them from 1970. */
    days: z
      .array(z.strictObject({ day: z.int(), floor: points }).readonly())
      .max(MOST_DAYS)
      .readonly(),
    restartedAt: time.nullable(),
    /** The plateau that a restarted host may fill again without being reported; null where there is none. */
    plateau: points.nullable(),
    /** How the cycle before ended; null before the first end. */
    ended: z
      .strictObject({ at: time, how: z.enum(CYCLE_ENDS) })
      .readonly()
      .nullable(),
    /** Until when it is watched; null where it grows. */
    watchedUntil: time.nullable(),
    /** Whether it was reported that there are no verdicts. */
    isWithoutVerdict: z.boolean(),
  })
  .readonly();

export type Story = z.output<typeof storySchema>;
export type Growth = z.output<typeof growthSchema>;
