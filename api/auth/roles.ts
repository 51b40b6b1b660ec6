/** Which roles the bearer of a token has: by the grants that are kept, within the tenants that its issuer is bound to. */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ROLES, type Role } from '../../core/model/audit.ts';
import type { TrustedIssuer } from '../../core/model/trusted-issuer.ts';
import type { AccessStore } from '../../core/ports/access-store.ts';
import type { TokenCaller } from '../../core/ports/caller-tokens.ts';

/** How long a grant that was taken back may still hold, in a function that has just read it. */
const KEPT_MS = 60_000;

/** Callers whose roles are kept, at some hundred bytes each. */
const MAX_CALLERS = 2_000;

export interface Roles {
  /** The caller's role for each tenant in which it has one. Rejects with `StoreError`. */
  of(caller: TokenCaller): Promise<ReadonlyMap<string, Role>>;
}

export interface RolesOptions {
  readonly grants: Pick<AccessStore, 'ofCaller'>;
  readonly issuers: readonly Pick<TrustedIssuer, 'issuer' | 'tenants'>[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type RolesByTenant = Promise<ReadonlyMap<string, Role>>;

export function createRoles({ grants, issuers, now }: RolesOptions): Roles {
  const kept = new LRUCache<string, { readonly roles: RolesByTenant; readonly until: number }>({ max: MAX_CALLERS });

  async function read(caller: TokenCaller): RolesByTenant {
    const bound = issuers.find(({ issuer }) => issuer === caller.issuer)?.tenants ?? [];
    const roles = new Map<string, Role>();
    for (const { tenant, role } of await grants.ofCaller(caller)) {
      const isBound = bound === '*' || bound.includes(tenant);
      if (isBound && rankOf(role) > rankOf(roles.get(tenant))) roles.set(tenant, role);
    }
    return roles;
  }

  return {
    /** Whoever comes meanwhile waits for the same read. One that failed is not kept. */
    of(caller) {
      // Names of groups are long and many.
      const key = hash('sha256', JSON.stringify([caller.issuer, caller.subject, caller.groups]));
      const known = kept.get(key);
      if (known && now() < known.until) return known.roles;
      const roles = read(caller);
      const entry = { roles, until: now() + KEPT_MS };
      kept.set(key, entry);
      roles.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return roles;
    },
  };
}

function rankOf(role: Role | undefined): number {
  return role === undefined ? -1 : ROLES.indexOf(role);
}
