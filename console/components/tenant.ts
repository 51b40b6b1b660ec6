/** The tenant whose pages are shown, and what the person may do for it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MeView } from '../../api/contract/tenants.ts';

export type TenantAccess = MeView['tenants'][number];

export const TenantContext = createContext<TenantAccess | null>(null);

/** @throws Error outside of a tenant's pages. */
export function useTenant(): TenantAccess {
  const tenant = useContext(TenantContext);
  if (tenant === null) throw new Error('No tenant is shown.');
  return tenant;
}

const ORDER = ['viewer', 'operator', 'admin'] as const;

/** Whether the person has at least this role for the tenant: an action that the API would refuse is not offered. */
export function useMay(role: (typeof ORDER)[number]): boolean {
  return ORDER.indexOf(useTenant().role) >= ORDER.indexOf(role);
}
