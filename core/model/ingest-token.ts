/** What lets hosts of one account send their samples: a token that is shown once, and kept as its hash. */
import * as z from 'zod';

/** `plt_TENANT_ID_SECRET`: it names its tenant and itself, so that one read finds it. */
export const ingestTokenSchema = z
  .strictObject({
    tenant: z.string(),
    /** Ten characters of base32. */
    id: z.string().regex(/^[a-z2-7]{10}$/),
    /** Of provider `otlp`: it sends for this one and no other. */
    account: z.string().min(1).max(63),
    name: z.string().min(1).max(200),
    /** Of the secret, hexadecimal. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    createdBy: z.string().max(2048),
    /** Epoch milliseconds. */
    createdAt: z.int(),
    /** Epoch milliseconds. */
    revokedAt: z.int().exactOptional(),
  })
  .readonly();
export type IngestToken = z.output<typeof ingestTokenSchema>;
