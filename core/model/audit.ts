/** What callers of the API changed: who, in which role, what, and how it ended. Append-only. */
import * as z from 'zod';

/** What a caller may do for a tenant; each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const auditEntrySchema = z
  .strictObject({
    /** Of the request: the entry of its beginning and that of its end have the same one, and the end replaces the beginning. */
    id: z.string().min(1).max(100),
    tenant: z.string(),
    /** Epoch milliseconds: when the request came. */
    at: z.int(),
    /** ARN, or issuer and subject. */
    by: z.string().max(2048),
    role: z.enum(ROLES),
    /** Id of the route. */
    action: z.string().max(100),
    /** What is done, and to what: a path below the tenant, and in words whom, which incident, and why. */
    subject: z.string().max(4000),
    /** Of a change of the config: the version that it made. */
    version: z.int().nullable(),
    /** `begun` until it has ended; then `done`, or the status and title of the problem. */
    outcome: z.string().max(500),
  })
  .readonly();

export type AuditEntry = z.output<typeof auditEntrySchema>;
