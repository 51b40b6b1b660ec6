/** An issuer of tokens on loopback: it publishes its keys, as Google and Microsoft Entra do, and signs any claims. */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { close, listen } from './listen.ts';

export interface TokenIssuer {
  /** `http://127.0.0.1:40123`; every path has the keys. */
  readonly origin: string;
  /** How often the keys were read. */
  readonly reads: () => number;
  /** Whether it answers with its keys, or with an error. */
  up: boolean;
  /** A token with the claims. `key` is the id that it names, and `own` whether the issuer's own key signs it. */
  sign(claims: JWTPayload, options?: { readonly key?: string; readonly own?: boolean }): Promise<string>;
  close(): Promise<void>;
}

const KEY = 'key-1';

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KEY, alg: 'RS256', use: 'sig' };
  let reads = 0;
  const server = createServer((_, response) => {
    reads++;
    response.writeHead(issuer.up ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(issuer.up ? { keys: [jwk] } : {}));
  });
  const port = await listen(server);
  const issuer: TokenIssuer = {
    origin: `http://127.0.0.1:${port}`,
    reads: () => reads,
    up: true,
    sign: (claims, { key = KEY, own: isOwn = true } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: key })
        .sign(isOwn ? own.privateKey : foreign.privateKey),
    close: () => close(server),
  };
  return issuer;
}
