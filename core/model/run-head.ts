/** The head of a run: what people look at first, small enough to be read at once. It is written when the run closes. */
import * as z from 'zod';
import { resultLineSchema } from './result-line.ts';
import { runSummarySchema } from './run.ts';

export const runHeadSchema = z
  .strictObject({
    version: z.literal(1),
    /** Name of the run: see `runName`. */
    run: z.string(),
    summary: runSummarySchema,
    /** How many objects hold its lines, numbered from 0. */
    shards: z.int().min(0),
    /** Every host that is not steady: leaking first. */
    lines: z.array(resultLineSchema).readonly(),
    /** Ids of steady hosts that an adaptive cadence inspects every hour all the same: near their limit, or nearly suspected. */
    watched: z.array(z.string()).readonly(),
  })
  .readonly();

export type RunHead = z.output<typeof runHeadSchema>;
