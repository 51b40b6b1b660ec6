/** The head of a run: what people look at first, small enough to be read at once. It is written when the run closes. */
import * as z from 'zod';
import { resultLineSchema } from './result-line.ts';
import { runSummarySchema } from './run.ts';

/** A head is read at once: what 10,000 lines take, 8 MB, is unpacked in a moment. */
export const MOST_HEAD_LINES = 10_000;

/** Ids of hosts, of some 150 characters at most: 8 MB. */
export const MOST_WATCHED = 50_000;

export const runHeadSchema = z
  .strictObject({
    version: z.literal(1),
    /** Name of the run: see `runName`. */
    run: z.string(),
    summary: runSummarySchema,
    /** How many objects hold its lines, numbered from 0. */
    shards: z.int().min(0),
    /** Every host that is not steady, leaking first: at most `MOST_HEAD_LINES`. */
    lines: z.array(resultLineSchema).max(MOST_HEAD_LINES).readonly(),
    /** Hosts that are not steady and for which there was no room: their lines are in the shards alone. */
    omitted: z.int().min(0),
    /**
     * Ids of steady hosts that an adaptive cadence inspects at every slot all the same: near their limit, or nearly suspected. At most
     * `MOST_WATCHED`; where there are as many, others may be missing.
     */
    watched: z.array(z.string()).max(MOST_WATCHED).readonly(),
  })
  .readonly();

export type RunHead = z.output<typeof runHeadSchema>;
