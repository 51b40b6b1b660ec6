/** Who may do what for a tenant: a role for a subject or a group that an issuer's tokens name. */
import * as z from 'zod';
import { ROLES } from './audit.ts';

const GRANTEE_KINDS = ['subject', 'group'] as const;

export const grantSchema = z
  .strictObject({
    tenant: z.string(),
    /** Deterministic, of what it is granted to: granted again, it replaces the former one. Of `A-Z a-z 0-9 _ -`. */
    id: z.string().min(1).max(100),
    issuer: z.url().max(500),
    kind: z.enum(GRANTEE_KINDS),
    name: z.string().min(1).max(300),
    role: z.enum(ROLES),
    grantedBy: z.string().max(2048),
    /** Epoch milliseconds. */
    grantedAt: z.int(),
  })
  .readonly();

export type Grant = z.output<typeof grantSchema>;
