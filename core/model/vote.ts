/** How evaluators vote on one host: each with its confidence, its weight and a reason, as facts and codes. */
import * as z from 'zod';
import type { FigureNotation } from './notation.ts';

/**
 * What may speak for or against a leak. `statistical`: the host's own curve. `baseline`: what is normal for this host, or its group, as
 * learned from weeks. `weeks`: slow growth over 30 to 60 days. `siblings`: other hosts of the group, and hosts with alike curves.
 * `consumers`: processes, pods or containers. `swap`: memory that has moved to swap.
 */
export const EVALUATORS = ['statistical', 'baseline', 'weeks', 'siblings', 'consumers', 'swap'] as const;
export type Evaluator = (typeof EVALUATORS)[number];

/** Those that see the memory of the host by another curve, which replaces its own: of several at once only one counts. */
export const REPLACING_EVALUATORS: readonly string[] = ['consumers', 'swap'] satisfies Evaluator[];

/** Why an evaluator votes as it does. What the facts of a vote mean is stated beside each. */
const VOTE_REASONS = [
  /** The shape of the host's own curve, as the checks have it. No facts. */
  'curve',
  /**
   * Siblings of the group do not rise as the host does. `hours` since the host began to rise, over which it `rise`s by so many percentage
   * points and the median of the siblings by `siblingRise`; `compared` siblings, of which `alike` rose by at least half as much.
   */
  'siblings_do_not_rise',
  /** It leaves its siblings by no more than it usually does, or for no longer. The same facts. */
  'moves_beside_siblings',
  /** Most siblings rise as the host does: load, or a leak of all of them. The same facts. */
  'siblings_rise',
  /** The same, and a deployment was made about when the rise began. Also `deployedHoursAgo`. */
  'siblings_rise_since_release',
  /** Hosts of the account and region outside the group that began to rise with this one, `hours` ago: `together`, and `expected` by chance. */
  'fleet_rises',
  /**
   * A consumer grows like a leak. Of it `risePoints` (percent of the host's capacity) over `hours`, since its change point, and `share` of the
   * host's rise in these hours, where the host rose. `ownConfidence`: by its own curve alone. `consumers`: how many were collected; `collectedHours`: for how long; `heldShare`: the
   * share of the host's memory that they hold, more than 1 where shared memory is counted for each.
   */
  'consumer_grows',
  /** Consumers explain the host's rise, and none of them still grows. `risePoints` of the host, `share` of all consumers; the others as above. */
  'growers_level_off',
  /** No consumer grows. `risePoints` of the host, and `share` of all consumers together where the host rose; the others as above. */
  'nobody_grows',
  /**
   * It grew beyond everything that is normal for it. Facts: `rise` in percentage points within `hours`; `times`, how many times the
   * greatest normal rise of that length that is; `above`, the percentage points above the highest normal level.
   */
  'beyond_normal',
  /** It has grown as far before, and that ended by itself. Facts: as of `beyond_normal`. */
  'normal_growth',
  /** It comes back to a plateau after a restart. Facts: `plateau` in percent, `missing` percentage points below it. */
  'refill',
  /**
   * It has grown for weeks. Facts: `rise` in percentage points within `hours`; `perHour`, percentage points an hour; `restarts` in that
   * time; `asOf`, how many hours ago the deep read ended.
   */
  'grows_for_weeks',
  /**
   * A quiet host rises steadily by its own curve; it adds nothing where another curve that replaces it does not. Facts: `rise` in percentage
   * points within `hours`, and `times` its noise.
   */
  'steady_rise',
  /**
   * Memory and used swap together grow like a leak. `risePoints` of swap above its lowest level and `usedPoints` of it now: percent of the host's
   * memory where `ofMemory` is 1, else of swap itself. `memoryPoints`: the host's memory in percent. `ownConfidence`: by this curve alone.
   */
  'moved_to_swap',
  /** Memory and used swap together do not grow: what memory gained came from swap, or swap took it. The same facts. */
  'growth_from_swap',
] as const;
export type VoteReason = (typeof VOTE_REASONS)[number];

/** Most figures of one vote. */
const MOST_FACTS = 12;

export function voteSchema<Figure extends z.ZodType>({ figure }: FigureNotation<Figure>) {
  return z
    .strictObject({
      evaluator: z.enum(EVALUATORS),
      /** By this evaluator alone, at the policy's prior, in [0, 1]. */
      confidence: figure,
      /**
       * What it adds to the log-odds of the verdict, its weight included. Of `statistical` the log-odds that the others are added to; of one
       * that replaces the curve the difference from it, and 0 where another one counts instead of it.
       */
      logOdds: figure,
      /** In [0, 1]: 1, unless the tenant's labels took some of it. */
      weight: figure,
      reason: z.enum(VOTE_REASONS),
      /** Figures of the reason by name. */
      facts: z
        .record(z.string().max(40), figure)
        .refine((facts) => Object.keys(facts).length <= MOST_FACTS)
        .readonly(),
    })
    .readonly();
}

export type Vote = z.output<ReturnType<typeof voteSchema<z.ZodNumber>>>;
