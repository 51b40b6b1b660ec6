/** The issuers whose tokens the API takes, as the operator of a deployment lists them. */
import * as z from 'zod';
import { tenantIdSchema } from './tenant.ts';

/** `https://host/path` without query, fragment or user: discovery is below it, and tokens name it as it stands. */
const issuerUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine(isPlain, 'must have no user, query or fragment');

const origin = z
  .url({ protocol: /^https$/ })
  .max(300)
  .refine((text) => URL.parse(text)?.origin === text, 'must be an origin: https://host, without a path');

const text = z.string().min(1).max(300);

export const trustedIssuerSchema = z
  .strictObject({
    /** As its tokens name it in `iss`; its discovery document is below it. */
    issuer: issuerUrl,
    /** As people know it. */
    name: text.optional(),
    /** The application that people sign in with. */
    clientId: text,
    /** What its tokens are for, in `aud`. Default: the client id, as tokens of identity have it. */
    audience: text.optional(),
    /** What the browser requests. */
    scopes: text.default('openid'),
    /** The claim that has a caller's groups. */
    groupsClaim: text.default('groups'),
    /** The tenants that its callers may have roles for. */
    tenants: z.union([z.literal('*'), z.array(tenantIdSchema).min(1).max(200)]),
    /** Further origins that the browser calls to sign in: where the token endpoint is not at the issuer's own. */
    origins: z.array(origin).max(5).default([]),
  })
  .transform((entry) => ({ ...entry, name: entry.name ?? entry.issuer, audience: entry.audience ?? entry.clientId }))
  .readonly();

export type TrustedIssuer = z.output<typeof trustedIssuerSchema>;

/** JSON in one parameter. Each issuer stands in it once: grants name it. */
export const trustedIssuersSchema = z
  .array(trustedIssuerSchema)
  .max(20)
  .refine((list) => new Set(list.map(({ issuer }) => issuer)).size === list.length, 'has an issuer twice')
  .readonly();

function isPlain(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}
