/** What a run that one invocation cannot hold works with, as it is stored: how far its listing is, and the hosts of its shards. */
import * as z from 'zod';
import type { Json } from './json.ts';
import { resourceSchema, scopeSchema, UNREADABLE_REASONS } from './series.ts';

/** What is known of each list beside its entries. */
export const listStatesSchema = z.array(
  z.strictObject({
    list: z.string(),
    nextToken: z.string().nullable(),
    isComplete: z.boolean(),
    failure: z.strictObject({ reason: z.enum(UNREADABLE_REASONS), detail: z.string() }).nullable(),
    parts: z.int().min(0),
  }),
);

const entrySchema = z.custom<Json>((value) => value !== undefined);

/** The hosts of a shard with what their source needs to read them, and what is known of others. */
export const plannedShardSchema = z.array(
  z.union([
    z.strictObject({ host: z.strictObject({ resource: resourceSchema, entry: entrySchema }) }),
    z.strictObject({
      reading: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('not_monitored'),
          resource: resourceSchema,
          reason: z.enum(['not_reported', 'stopped_reporting', 'unsupported', 'incommensurable']),
          hint: z.string(),
        }),
        z.strictObject({
          kind: z.literal('unreadable'),
          scope: z.union([resourceSchema, scopeSchema]),
          reason: z.enum(UNREADABLE_REASONS),
          detail: z.string(),
        }),
      ]),
    }),
  ]),
);

export type PlannedShard = z.output<typeof plannedShardSchema>;
