/** Who is signed in, and how to sign in. */
import pLimit from 'p-limit';
import { roleIn } from '../access.ts';
import type { HandlersOf } from '../call.ts';
import type { MeView } from '../contract/tenants.ts';
import type { ApiPorts, Principal } from '../ports.ts';

/** Tenants that a caller of all of them is shown. */
const MOST_TENANTS = 1000;

/** Tenants that are read at a time: the first read of each takes a session of its own. */
const READ_AT_ONCE = 25;

export const sessionHandlers: HandlersOf<'getOpenApi' | 'getSignIn' | 'getMe'> = {
  async getOpenApi({ headers }) {
    headers.set('Cache-Control', 'public, max-age=3600');
    const { default: document } = await import('../../docs/schemas/openapi.json', { with: { type: 'json' } });
    return { body: JSON.stringify(document) };
  },

  getSignIn: async ({ api }) => api.signIn(),

  async getMe({ principal, api }) {
    const tenants = '*' in principal.roles ? await allTenants(principal, api) : await ownTenants(principal.roles, api);
    const { kind, name } = principal;
    return { kind, name, tenants };
  },
};

async function allTenants(principal: Principal, api: ApiPorts): Promise<MeView['tenants']> {
  const tenants: MeView['tenants'] = [];
  for await (const { tenant, name } of api.tenants()) {
    const role = roleIn(principal, tenant);
    if (role !== undefined) tenants.push({ tenant, name, role });
    if (tenants.length >= MOST_TENANTS) break;
  }
  return tenants;
}

/** Each by its own narrowed credentials. One that is deleted is left out. */
async function ownTenants(roles: ReadonlyMap<string, MeView['tenants'][number]['role']>, api: ApiPorts) {
  const limit = pLimit(READ_AT_ONCE);
  const read = await limit.map([...roles].slice(0, MOST_TENANTS), async ([tenant, role]) => {
    const { configs } = await api.forTenant(tenant, 'read');
    const stored = await configs.get(tenant);
    return stored && { tenant, name: stored.config.name ?? null, role };
  });
  return read.filter((one) => one !== undefined);
}
