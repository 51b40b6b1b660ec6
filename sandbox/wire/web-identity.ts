/** Identity tokens of AWS for other clouds: issued by the sandbox's STS and verified by its Microsoft Entra. */
import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';

const claimsSchema = z.object({ iss: z.string(), sub: z.string(), aud: z.array(z.string()), exp: z.number() });
export type Claims = z.output<typeof claimsSchema>;

const headerSchema = z.object({ alg: z.literal('RS256') });

export interface WebIdentity {
  /** A JSON Web Token. The real one is signed with a key that everybody can check; here both ends are one process. */
  issue(claims: Claims, algorithm: string): string;
  /** The claims of a token that was issued here and signed as Entra takes it; undefined for any other. */
  verify(token: string): Claims | undefined;
}

export function createWebIdentity(): WebIdentity {
  const key = randomBytes(32);
  const sign = (signed: string) => createHmac('sha256', key).update(signed).digest('base64url');
  return {
    issue(claims, algorithm) {
      const signed = [{ alg: algorithm, typ: 'JWT' }, claims].map(encode).join('.');
      return `${signed}.${sign(signed)}`;
    },
    verify(token) {
      const [header = '', payload = '', signature = ''] = token.split('.');
      if (sign(`${header}.${payload}`) !== signature) return undefined;
      if (headerSchema.safeParse(decode(header)).success) return claimsSchema.parse(decode(payload));
      return undefined;
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
