/** The request for an inspection: one message on a provider's queue. */
import * as z from 'zod';
import { CLOUD_PROVIDERS } from './series.ts';
import { tenantIdSchema } from './tenant.ts';

/** Milliseconds by which the clock of a message's sender may be ahead of ours. What is dated later is a mistake. */
export const CLOCK_SKEW_MS = 15 * 60_000;

/** Characters of a message's body. A message that names all regions of a cloud is far below it. */
export const MAX_MESSAGE_LENGTH = 64 * 1024;

export const inspectMessageSchema = z.strictObject({
  version: z.literal(1),
  tenant: tenantIdSchema,
  provider: z.enum(CLOUD_PROVIDERS),
  account: z.string().min(1).max(200),
  /** When the schedule was due. The window ends by this and not by the clock: a retry evaluates the same samples. */
  scheduledTime: z.iso.datetime(),
  /** What is left of an inspection that ran out of time; absent means all regions of the config. */
  regions: z.array(z.string().min(1).max(200)).min(1).max(200).optional(),
});

export type InspectMessage = z.output<typeof inspectMessageSchema>;
