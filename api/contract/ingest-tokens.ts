/** Tokens with which hosts of an account send their samples. */
import * as z from 'zod';
import { time } from './places.ts';
import type { Route } from './route.ts';

export const ingestTokenView = z.strictObject({
  id: z.string(),
  /** Of provider `otlp`: it sends for this one and no other. */
  account: z.string(),
  name: z.string(),
  createdBy: z.string(),
  createdAt: time,
  /** Null where it is valid. */
  revokedAt: time.nullable(),
});
export type IngestTokenView = z.output<typeof ingestTokenView>;

export const ingestTokenBody = z.strictObject({
  account: z.string().min(1).max(63),
  name: z.string().trim().min(1).max(200),
});

export const INGEST_TOKEN_ROUTES = [
  {
    id: 'listIngestTokens',
    method: 'get',
    path: '/tenants/{tenant}/ingest-tokens',
    tag: 'access',
    summary: 'Tokens with which hosts send samples, in the order in which they were created',
    role: 'operator',
    answer: z.strictObject({ items: z.array(ingestTokenView) }),
  },
  {
    id: 'createIngestToken',
    method: 'post',
    path: '/tenants/{tenant}/ingest-tokens',
    tag: 'access',
    summary: 'Create a token with which hosts of an account send samples',
    role: 'operator',
    body: ingestTokenBody,
    /** The token is in this answer and in no other: what is kept of it is a hash. */
    answer: ingestTokenView.extend({ token: z.string() }),
    status: 201,
  },
  {
    id: 'revokeIngestToken',
    method: 'delete',
    path: '/tenants/{tenant}/ingest-tokens/{ingestToken}',
    tag: 'access',
    summary: 'Revoke a token: within a minute nothing that it sends is taken',
    role: 'operator',
    status: 204,
  },
] as const satisfies readonly Route[];
