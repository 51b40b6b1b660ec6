/** Tokens with which hosts of an account send their samples. */
import { createIngestToken, MOST_TOKENS, revokeIngestToken } from '../../core/ingest/manage-tokens.ts';
import { sendingAccountOf } from '../../core/ingest/sending-account.ts';
import type { IngestToken } from '../../core/model/ingest-token.ts';
import { isoText } from '../../core/model/notation.ts';
import { ingestTokenSubject } from '../audit-subjects.ts';
import type { HandlersOf } from '../call.ts';
import type { IngestTokenView } from '../contract/ingest-tokens.ts';
import { notFound, ProblemError } from '../problem.ts';

export const ingestTokenHandlers: HandlersOf<'listIngestTokens' | 'createIngestToken' | 'revokeIngestToken'> = {
  async listIngestTokens({ tenant }) {
    const tokens = await tenant.ports.ingestTokens.list(tenant.id);
    return { items: tokens.map(viewOf) };
  },

  async createIngestToken({ tenant, body, principal, now, audit, headers }) {
    if (sendingAccountOf(tenant.stored.config.accounts, body.account) === undefined)
      throw new ProblemError(400, 'The body is not valid. Correct the fields that `issues` names.', {
        kind: 'invalid',
        issues: [{ path: 'account', message: 'must be an account of provider otlp in the config of the tenant' }],
      });
    const facts = { ...body, tenant: tenant.id, createdBy: principal.name, createdAt: now };
    const made = await createIngestToken(facts, tenant.ports.ingestTokens);
    if (made === undefined)
      throw new ProblemError(422, `The tenant has ${MOST_TOKENS} valid ingest tokens. Revoke those that nobody uses.`);
    audit.subject = ingestTokenSubject(made.token);
    headers.set('cache-control', 'no-store');
    return { ...viewOf(made.token), token: made.text };
  },

  async revokeIngestToken({ tenant, params, now, audit }) {
    const id = params.ingestToken;
    const revoked = await revokeIngestToken({ tenant: tenant.id, id }, tenant.ports.ingestTokens, now);
    if (revoked === undefined) throw notFound('such ingest token');
    audit.subject = ingestTokenSubject(revoked);
    return undefined;
  },
};

function viewOf({ id, account, name, createdBy, createdAt, revokedAt }: IngestToken): IngestTokenView {
  const revoked = revokedAt === undefined ? null : isoText(revokedAt);
  return { id, account, name, createdBy, createdAt: isoText(createdAt), revokedAt: revoked };
}
