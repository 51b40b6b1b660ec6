/** Cursors: where a page ended, opaque to callers. */
import type * as z from 'zod';
import { ProblemError } from './problem.ts';

export interface CursorCodec<Position> {
  encode(position: Position): string;
  /** Throws a 400 where the text is no cursor of such a page. */
  decode(cursor: string): Position;
}

/** @param what It is a page of, in the plural. */
export function createCursor<Position>(schema: z.ZodType<Position>, what: string): CursorCodec<Position> {
  return {
    encode: (position) => Buffer.from(JSON.stringify(position)).toString('base64url'),
    decode(cursor) {
      try {
        const parsed = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
        if (parsed.success) return parsed.data;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
      throw new ProblemError(400, `The cursor is none of a page of ${what}. Begin without one.`, { kind: 'invalid' });
    },
  };
}
