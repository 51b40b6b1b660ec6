/**
 * The vote of the slow evaluator: growth of weeks in the last deep read, as long as the host holds what it had then. A host without a deep
 * read is looked at over its own window: a steady rise of days far above its noise, or a refill after a restart.
 */
import type { WeeksOutlook } from '../model/weeks-outlook.ts';
import { levelOf } from './clean.ts';
import type { Opinion } from './combine.ts';
import { logit } from './confidence.ts';
import { HOUR_MS } from './deep-read.ts';
import { hourlyLeast } from './hourly-least.ts';
import type { Knowledge } from './knowledge.ts';
import { median } from './order.ts';
import { refillOf } from './refill.ts';
import { clearRiseOf } from './steady-rise.ts';
import type { Subject } from './subject.ts';
import { weeksOutlookOf } from './weeks.ts';

/** An outlook counts for two days: one deep read may fail. */
const COUNTS_HOURS = 48;
/** Below this log-likelihood ratio the weeks do not vote: on hosts that nothing was fitted on, it added false alarms and no leaks. */
const LEAST_RATIO = 5.6;
/** On the same hosts the ratio beside the host's own curve is a line: what both see is counted once (bench/weeks.ts). */
const RATIO = { slope: 0.64, offset: 1.4, most: 8 };
/** The host still holds at least this share of what it had grown by. */
const HELD_SHARE = 0.5;
const LEVEL_HOURS = 3;

/** Null where weeks and window show neither. `prior` is the policy's. */
export function weeksVote(subject: Subject, knowledge: Knowledge, prior: number): Opinion | null {
  const outlook = outlookOfWeeks(knowledge, prior);
  const grown = outlook === null ? null : ofWeeks(subject, outlook);
  // A baseline knows the plateaus of weeks and votes on refills itself.
  return grown ?? (knowledge.baseline === undefined ? ofRefill(subject) : null) ?? ofSteadyRise(subject);
}

/** What is known of growth over weeks; null where nothing is. `prior` is the policy's. */
export function outlookOfWeeks({ weeks, deepRead }: Pick<Knowledge, 'weeks' | 'deepRead'>, prior: number) {
  return (deepRead === undefined ? weeks : weeksOutlookOf(deepRead, prior)) ?? null;
}

function ofWeeks(subject: Subject, outlook: WeeksOutlook): Opinion | null {
  const asOf = (subject.series.window.end - outlook.window.end) / HOUR_MS;
  const { confidence, growthPerHour, hours, from, level, restarts } = outlook;
  const ratio = logit(bounded(confidence)) - logit(bounded(outlook.prior));
  if (!(asOf >= -1 && asOf <= COUNTS_HOURS)) return null;
  if (outlook.reason === 'refill') return refilling(levelNow(subject, outlook), level);
  if (ratio < LEAST_RATIO) return null;
  if (levelNow(subject, outlook) < from + HELD_SHARE * (level - from)) return null;
  return {
    evaluator: 'weeks',
    logOdds: Math.min(RATIO.most, RATIO.slope * ratio + RATIO.offset),
    reason: 'grows_for_weeks',
    facts: { rise: level - from, hours, perHour: growthPerHour.estimate, restarts, asOf: Math.max(0, asOf) },
  };
}

/** So many percentage points more than in the last deep read are still of the refill. */
const REFILLED_SINCE = 4;

function refilling(now: number, level: number): Opinion | null {
  if (now > level + REFILLED_SINCE) return null;
  return { evaluator: 'weeks', logOdds: REFILL_LOG_ODDS, reason: 'refill', facts: {} };
}

/** In percent, as the outlook's levels: bytes without a limit are percentages of the highest sample that each read has. */
function levelNow({ grid, samples }: Subject, { capacity }: WeeksOutlook): number {
  const level = median(hourlyLeast(grid).subarray(-LEVEL_HOURS));
  return samples.limitKnown ? level : levelOf((level / 100) * samples.capacity, capacity);
}

/** Of a confidence that is 0 or 1 to all digits. */
function bounded(confidence: number): number {
  return Math.min(1 - 1e-9, Math.max(1e-9, confidence));
}

/** Leaking hosts that look so are rare; what is lost is the beginning of a leak that comes with a restart. */
const REFILL_LOG_ODDS = -3;

function ofRefill({ grid, segment }: Subject): Opinion | null {
  // After a long gap it may be another machine under the old name.
  if (segment.start > 0 && segment.start !== segment.restarts.at(-1)) return null;
  const refill = refillOf(hourlyLeast(grid));
  if (refill === null) return null;
  const { plateau, missing } = refill;
  return { evaluator: 'weeks', logOdds: REFILL_LOG_ODDS, reason: 'refill', facts: { plateau, missing } };
}

/** Of the recorded hosts with and without injected leaks 106 windows rise so: all of them leak, and the curve alone expects it of two in three. */
const STEADY_LOG_ODDS = 3.5;

function ofSteadyRise({ curve, segment }: Subject): Opinion | null {
  // After a restart a host may come back to where it was, as steadily.
  if (segment.start > 0) return null;
  const rise = clearRiseOf(curve.evaluation.hourly);
  if (rise === null) return null;
  return {
    evaluator: 'weeks',
    logOdds: STEADY_LOG_ODDS,
    reason: 'steady_rise',
    facts: { rise: rise.rise, hours: rise.hours, times: rise.toNoise },
  };
}
