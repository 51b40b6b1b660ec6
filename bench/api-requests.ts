/** What bench/api.ts asks its child for, and what that answers. */
import * as z from 'zod';

export const orderSchema = z.discriminatedUnion('kind', [
  /** Opens the function anew: nothing is cached any more. */
  z.strictObject({ kind: z.literal('open') }),
  /** A request to the API. `path` is below the tenant. */
  z.strictObject({ kind: z.literal('request'), path: z.string(), body: z.string().optional() }),
  /** Gets an object with the bare SDK. */
  z.strictObject({ kind: z.literal('get'), key: z.string() }),
]);
export type Order = z.output<typeof orderSchema>;

export const answerSchema = z.strictObject({
  status: z.number(),
  milliseconds: z.number(),
  cpuMilliseconds: z.number(),
  /** Of the JSON, and as it was sent. */
  bytes: z.number(),
  sentBytes: z.number(),
  /** Peak of the process until now. */
  peakMiB: z.number(),
});
export type Answer = z.output<typeof answerSchema>;
