/** What came of one shard of a run, without its hosts: a run that closes adds up these, wherever its shards were inspected. */
import * as z from 'zod';
import { baselinePartSchema } from './host-baseline.ts';
import { listedFindingSchema, MOST_STORED_FINDINGS } from './inspection-result.ts';
import { deepSummarySchema, runSummarySchema } from './run.ts';

const count = z.int().min(0);

/** Provider calls by name, and the metrics that were billed for them. */
export const spentSchema = z
  .strictObject({ calls: z.record(z.string(), count).readonly(), metricsBilled: count })
  .readonly();
/** What reading weeks came to in a shard. */
const deepShardSchema = deepSummarySchema
  .unwrap()
  .extend({
    /** The object with what was learned; null where there is none. */
    part: baselinePartSchema.nullable(),
  })
  .readonly();

export type DeepShard = z.output<typeof deepShardSchema>;

export const shardResultSchema = z
  .strictObject({
    ...runSummarySchema.unwrap().pick({
      hosts: true,
      verdicts: true,
      unreadable: true,
      failures: true,
      stoppedReporting: true,
      stopped: true,
      watched: true,
      exhausted: true,
      calls: true,
      metricsBilled: true,
    }).shape,
    /** The most urgent ones; `found` is how many there were. */
    findings: z.array(listedFindingSchema).max(MOST_STORED_FINDINGS).readonly(),
    found: count,
    /** Absent where no weeks were due and nothing failed about them. */
    deep: deepShardSchema.exactOptional(),
    /** A newer window was recorded before: what was found changed no incident. */
    superseded: z.boolean(),
  })
  .readonly();

export type ShardResult = z.output<typeof shardResultSchema>;
