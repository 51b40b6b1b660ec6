/** Which of an issuer's tokens the API is sent. */

interface Tokens {
  readonly access_token: string;
  readonly id_token?: string | undefined;
}

export type BearerKind = keyof Tokens;

/** The API takes access tokens that are JWTs; where an issuer's are opaque, the ID token, whose audience is this client. */
export function bearerKind({ access_token, id_token }: Tokens): BearerKind {
  return access_token.split('.').length === 3 || id_token === undefined ? 'access_token' : 'id_token';
}

/** Of what an issuer has sent to renew tokens; null where it has not renewed this one: it need not renew an ID token. */
export function renewedBearer(tokens: Tokens, kind: BearerKind): string | null {
  return tokens[kind] ?? null;
}
