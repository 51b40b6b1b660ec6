/** Where a page of scored points ended: in which object of results, and how many wanted points of it were given. */
import * as z from 'zod';

export const pointPositionSchema = z.strictObject({
  key: z.string().max(1100),
  start: z.int().min(0).max(8_640_000_000_000_000),
  given: z.int().min(0),
});
export type PointPosition = z.output<typeof pointPositionSchema>;
