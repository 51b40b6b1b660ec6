import { describe, expect, it } from 'vitest';
import { bearerKind, renewedBearer } from '../../console/data/bearer.ts';

const JWT = 'eyJ.eyJ.signature';

describe('what is sent to the API', () => {
  it.each([
    ['the access token where it is a JWT', { access_token: JWT, id_token: 'a.b.c' }, 'access_token'],
    ['the ID token where the access token is opaque', { access_token: 'opaque', id_token: JWT }, 'id_token'],
    ['the access token where there is no other', { access_token: 'opaque' }, 'access_token'],
  ] as const)('is %s', (_, tokens, kind) => {
    expect(bearerKind(tokens)).toBe(kind);
  });

  it('stays of its kind when tokens are renewed, and is none where it was not renewed', () => {
    expect(renewedBearer({ access_token: 'opaque', id_token: JWT }, 'id_token')).toBe(JWT);
    expect(renewedBearer({ access_token: 'opaque' }, 'id_token')).toBeNull();
    expect(renewedBearer({ access_token: JWT, id_token: 'a.b.c' }, 'access_token')).toBe(JWT);
  });
});
