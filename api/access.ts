/** Whether a caller may do what a route does. */
import { ROLES, type Role } from '../core/model/audit.ts';
import { tenantIdSchema } from '../core/model/tenant.ts';
import type { Route } from './contract/route.ts';
import type { Principal, TenantUse } from './ports.ts';
import { notFound, ProblemError } from './problem.ts';

/** What people read of a tenant that does not exist, and of one that they may not see. */
export const TENANT = 'such tenant';

/** Undefined where the caller may not see the tenant. */
export function roleIn({ roles }: Principal, tenant: string): Role | undefined {
  return '*' in roles ? roles['*'] : roles.get(tenant);
}

/** The caller's role. Throws a 404 of a tenant that it may not see, and a 403 where its role is too low. */
export function requireRole(principal: Principal, tenant: string, { role }: Route): Role {
  const own = tenantIdSchema.safeParse(tenant).success ? roleIn(principal, tenant) : undefined;
  if (own === undefined) throw notFound(TENANT);
  const held: readonly string[] = ROLES.slice(0, ROLES.indexOf(own) + 1);
  if (held.includes(role)) return own;
  throw new ProblemError(403, `This needs the role ${role}, and yours is ${own}. Ask an admin of the tenant for it.`, {
    kind: 'role',
  });
}

export function isWrite({ method, audit }: Route): boolean {
  return method !== 'get' && audit !== false;
}

export function useOf(route: Route): TenantUse {
  if (route.storesConfig === true) return 'config';
  return isWrite(route) ? 'write' : 'read';
}
