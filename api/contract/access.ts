/** Who may do what, and who did it. */
import * as z from 'zod';
import { ROLES } from '../../core/model/audit.ts';
import { time } from './places.ts';
import { pageOf, pageQuery, type Route } from './route.ts';

const auditView = z.strictObject({
  at: time,
  by: z.string(),
  role: z.enum(ROLES),
  /** Id of the route. */
  action: z.string(),
  /** What it was done to. */
  subject: z.string(),
  /** Of a change of the config: the version that it made. */
  version: z.int().nullable(),
  outcome: z.string(),
});
export type AuditView = z.output<typeof auditView>;

/** Who may do what for a tenant. `subject` and `group` are claims of the issuer's tokens. */
export const grantView = z.strictObject({
  id: z.string(),
  issuer: z.url(),
  kind: z.enum(['subject', 'group']),
  name: z.string().min(1).max(300),
  role: z.enum(ROLES),
  grantedBy: z.string(),
  grantedAt: time,
});
export type GrantView = z.output<typeof grantView>;
export const grantBody = grantView.pick({ issuer: true, kind: true, name: true, role: true });

export const ACCESS_ROUTES = [
  {
    id: 'listAudit',
    method: 'get',
    path: '/tenants/{tenant}/audit',
    tag: 'access',
    summary: 'Who changed what, the newest first',
    role: 'operator',
    query: z.object(pageQuery),
    answer: pageOf(auditView),
  },
  {
    id: 'listGrants',
    method: 'get',
    path: '/tenants/{tenant}/grants',
    tag: 'access',
    summary: 'Who may do what',
    role: 'admin',
    answer: z.strictObject({ items: z.array(grantView) }),
  },
  {
    id: 'putGrant',
    method: 'post',
    path: '/tenants/{tenant}/grants',
    tag: 'access',
    summary: 'Give somebody a role',
    role: 'admin',
    body: grantBody,
    answer: grantView,
    status: 201,
  },
  {
    id: 'deleteGrant',
    method: 'delete',
    path: '/tenants/{tenant}/grants/{grant}',
    tag: 'access',
    summary: 'Take a role away',
    role: 'admin',
    status: 204,
  },
] as const satisfies readonly Route[];
