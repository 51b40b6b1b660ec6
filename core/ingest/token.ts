/** Ingest tokens: `plt_TENANT_ID_SECRET`. The text is shown once and kept as a hash; it names its tenant and itself, so that one read finds it. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IngestToken } from '../model/ingest-token.ts';
import { tenantIdSchema } from '../model/tenant.ts';

const SECRET_BYTES = 32;
const ID_LENGTH = 10;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A tenant's id has no `_`, and a secret may. */
const TOKEN = /^plt_([a-z0-9-]{1,40})_([a-z2-7]{10})_([\w-]{43})$/;

export interface ParsedToken {
  readonly tenant: string;
  readonly id: string;
  readonly secret: string;
}

/** Undefined where it is no ingest token. */
export function parseIngestToken(text: string): ParsedToken | undefined {
  const [, tenant, id, secret] = TOKEN.exec(text) ?? [];
  if (tenant === undefined || id === undefined || secret === undefined) return undefined;
  return tenantIdSchema.safeParse(tenant).success ? { tenant, id, secret } : undefined;
}

/** In the same time whatever part of the secret is right. */
export function isSecretOf({ sha256 }: Pick<IngestToken, 'sha256'>, secret: string): boolean {
  return timingSafeEqual(Buffer.from(sha256, 'hex'), createHash('sha256').update(secret).digest());
}

export interface NewToken {
  /** What the sender sends: it is shown now and never again. */
  readonly text: string;
  readonly token: IngestToken;
}

export type TokenFacts = Pick<IngestToken, 'tenant' | 'account' | 'name' | 'createdBy' | 'createdAt'>;

/** @param random As `randomBytes` of node:crypto: so many random bytes. */
export function newIngestToken(facts: TokenFacts, random: (bytes: number) => Buffer = randomBytes): NewToken {
  const id = [...random(ID_LENGTH)].map((byte) => BASE32.charAt(byte % BASE32.length)).join('');
  const secret = random(SECRET_BYTES).toString('base64url');
  const sha256 = createHash('sha256').update(secret).digest('hex');
  return { text: `plt_${facts.tenant}_${id}_${secret}`, token: { ...facts, id, sha256 } };
}
