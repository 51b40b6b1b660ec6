/** Who may do what for a tenant, and who changed what. */
import type { Grant } from '../../core/model/grant.ts';
import { isoText } from '../../core/model/notation.ts';
import { grantSubject } from '../audit-subjects.ts';
import type { HandlersOf } from '../call.ts';
import type { GrantView } from '../contract/access.ts';
import { notFound } from '../problem.ts';

export const accessHandlers: HandlersOf<'listAudit' | 'listGrants' | 'putGrant' | 'deleteGrant'> = {
  async listAudit({ tenant, query: { limit, cursor } }) {
    const page = await tenant.ports.audit.list(tenant.id, { limit, ...(cursor !== undefined && { cursor }) });
    const items = page.entries.map(({ at, by, role, action, subject, version, outcome }) => ({
      at: isoText(at),
      by,
      role,
      action,
      subject,
      version,
      outcome,
    }));
    return { items, cursor: page.cursor };
  },

  async listGrants({ tenant, api }) {
    const grants = await api.access.ofTenant(tenant.id);
    return { items: grants.map(grantView) };
  },

  async putGrant({ tenant, api, body, principal, now, audit }) {
    const grant = await api.access.put({ ...body, tenant: tenant.id, grantedBy: principal.name, grantedAt: now });
    audit.subject = grantSubject(body, grant.id);
    return grantView(grant);
  },

  async deleteGrant({ tenant, api, params }) {
    if (!(await api.access.remove(tenant.id, params.grant))) throw notFound('such grant');
    return undefined;
  },
};

function grantView({ id, issuer, kind, name, role, grantedBy, grantedAt }: Grant): GrantView {
  return { id, issuer, kind, name, role, grantedBy, grantedAt: isoText(grantedAt) };
}
