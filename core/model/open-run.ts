/**
 * A run that one invocation could not hold, from its listing until it is closed. It is kept for some days after that, so that a late
 * copy of one of its messages is recognised. Its size does not grow with the fleet.
 */
import * as z from 'zod';
import { runRefSchema } from './run-ref.ts';
import { windowSchema } from './series.ts';
import { spentSchema } from './shard-result.ts';

const count = z.int().min(0);

/** Epoch milliseconds. */
const moment = z.int();

/** Shards that are inspected one after the other, by one function at a time. */
const laneSchema = z
  .strictObject({
    /** The first shard, and the one behind the last. */
    from: count,
    to: count,
    /** Until when a function works on it at the latest: then its time is up. 0 where none does. */
    busyUntil: moment,
  })
  .readonly();

export const openRunSchema = z
  .strictObject({
    run: runRefSchema,
    /** `listing`: there is no plan yet. `planned`: the hosts of each shard are stored. */
    state: z.enum(['listing', 'planned', 'closed']),
    /** The window that is evaluated. */
    window: windowSchema({ time: moment }),
    /** What its cost is computed with when it closes. */
    runsPerMonth: z.number().min(0),
    price: z.strictObject({ usdPerMetric: z.number(), stated: z.string() }).readonly().nullable(),
    begunAt: moment,
    /** When a page of the listing, or the plan, was last stored. Shards have times of their own. */
    progressAt: moment,
    /** Objects of results; 0 before there is a plan. */
    shards: count,
    /** Hosts whose turn it was not: see the cadence. */
    notDue: count,
    /** While it is listed there is one, without shards. */
    lanes: z.array(laneSchema).max(16).readonly(),
    /** What was spent on the listing, and on shards that the deadline interrupted. */
    spent: spentSchema,
    /** As a lane's: until when a function closes it. */
    closingUntil: moment,
  })
  .readonly();

export type OpenRun = z.output<typeof openRunSchema>;
