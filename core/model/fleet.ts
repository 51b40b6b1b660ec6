/** A storm: many hosts of one group or account that rise alike, which are one incident of a fleet instead of one each. */
import * as z from 'zod';
import { isoTime } from './notation.ts';

/** The facts that a message about a fleet states. Figures of growth are percent an hour. */
export const fleetFactsSchema = z
  .strictObject({
    by: z.enum(['group', 'account']),
    /** The name of the group, or the account. */
    name: z.string().max(300),
    hosts: z.int(),
    confirmed: z.int(),
    ended: z.int(),
    regions: z.array(z.string()).max(40).readonly(),
    growth: z.strictObject({ low: z.number(), median: z.number(), high: z.number() }).readonly(),
    /** When the first of them began to grow, and the last one. */
    onset: z.strictObject({ earliest: isoTime, latest: isoTime }).readonly(),
    /** The first of them, in the order in which they were reported. */
    first: z
      .array(
        z.strictObject({ host: z.string(), region: z.string().nullable(), name: z.string().optional() }).readonly(),
      )
      .max(10)
      .readonly(),
  })
  .readonly();
