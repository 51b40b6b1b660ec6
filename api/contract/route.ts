/**
 * Routes of the HTTP API as data: the server is mounted from them, the OpenAPI document is written from them, and a test tries each of them
 * with every other tenant's token. A route that is not listed does not exist.
 */
import * as z from 'zod';
import type { Role } from '../../core/model/audit.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

export interface Route {
  /** Names the operation, unique: `listIncidents`. */
  readonly id: string;
  readonly method: Method;
  /** Below `/api/v1`. A route of one tenant begins with `/tenants/{tenant}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** The least role; `public` needs no token, `caller` any caller who is known. */
  readonly role: Role | 'public' | 'caller';
  readonly query?: z.ZodObject;
  /** Of the request, JSON. */
  readonly body?: z.ZodType;
  /** Absent where the answer is not JSON or has no body. */
  readonly answer?: z.ZodType;
  /** Default: 200. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Media type of an answer that is not JSON. */
  readonly mediaType?: string;
  /** Whether its answer has an ETag, or a write has to name one by If-Match (428 without, 412 where it is another). */
  readonly etag?: true;
  /** Of a write that stores a config: it reaches the lists of accounts and tenants too. */
  readonly storesConfig?: true;
  /** Of a write: what its entry in the audit log names, and whether it stays out of it (a read by POST). */
  readonly audit?: false;
}

/** Opaque: base64url of the id that it stands for. In a path it needs no encoding, which gateways do not agree on. */
export const refSchema = z.string().regex(/^[\w-]{1,2800}$/, 'must be a reference as an answer has it');

export const cursorSchema = z.string().max(2000);

/** Entries of a page. A page may have fewer although there are more: its cursor shows whether there are. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: cursorSchema.optional(),
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    /** Null after the last page. */
    cursor: cursorSchema.nullable(),
  });
}

/** RFC 9457, as `application/problem+json`. */
export const problemSchema = z.strictObject({
  /** `about:blank`, or names the kind of problem: `urn:plimsoll:problem:conflict`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What happened, and what to do. */
  detail: z.string(),
  /** The field each issue is about, and what is wrong with it. */
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.output<typeof problemSchema>;

/** A list in one query parameter: `status=open,suspected`. */
export const csv = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .max(500)
    .transform((text) => text.split(','))
    .pipe(z.array(item).max(20));
