/** Which bearer tokens are taken, against a real issuer on loopback. */
import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createCallerTokens } from '../../../adapters/oidc/caller-tokens.ts';
import { trustedIssuerSchema } from '../../../core/model/trusted-issuer.ts';
import { startOidcIssuer } from '../../../sandbox/wire/oidc-issuer.ts';
import { NOON } from '../../fixtures/builders.ts';

const [acme, globex, unlisted] = await Promise.all(
  ['acme-api', 'globex-api', 'acme-api'].map((audience) => startOidcIssuer(audience, () => NOON)),
);
if (!acme || !globex || !unlisted) throw new Error('there are three issuers');
afterAll(() => Promise.all([acme, globex, unlisted].map((issuer) => issuer.close())));

afterEach(() => {
  acme.up = true;
  acme.overrides.clear();
});

const entry = (fields: object) => trustedIssuerSchema.parse({ clientId: 'console', tenants: '*', ...fields });
const entries = [
  entry({ issuer: acme.issuer, audience: 'acme-api' }),
  entry({ issuer: globex.issuer, audience: 'globex-api', groupsClaim: 'cognito:groups' }),
];

/** A verifier that has read nothing yet. */
const fresh = (issuers = entries) => createCallerTokens({ issuers, allowsLoopback: true });
const tokens = fresh();

const seconds = NOON / 1000;

describe('a bearer token of a listed issuer', () => {
  it('proves its subject and its groups', async () => {
    const token = await acme.sign({ sub: 'ada', groups: ['sre', 'on call'] });

    const verdict = await tokens.verify(token, NOON);

    const caller = { issuer: acme.issuer, subject: 'ada', groups: ['sre', 'on call'] };
    expect(verdict).toEqual({ kind: 'accepted', caller });
  });

  it('names its groups in the claim that the issuer’s entry names', async () => {
    const token = await globex.sign({ sub: 'bob', groups: ['admins'], 'cognito:groups': 'readers' });

    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'accepted', caller: { groups: ['readers'] } });
  });

  it('has the audience among others, or names the client that it was issued to where it has none', async () => {
    const among = await acme.sign({ sub: 'ada', aud: ['other', 'acme-api'] });
    const ofClient = await acme.sign({ sub: 'ada', aud: undefined, client_id: 'acme-api' });

    const kinds = await Promise.all([among, ofClient].map(async (token) => (await tokens.verify(token, NOON)).kind));
    expect(kinds).toEqual(['accepted', 'accepted']);
  });

  it.each([
    ['names the client alone', { aud: 'console' }, 'accepted'],
    ['was issued to the client', { aud: ['other', 'console'], azp: 'console' }, 'accepted'],
    ['was issued to another client', { aud: ['other', 'console'], azp: 'other' }, 'refused'],
    ['does not name the client that it was issued to', { aud: ['other', 'console'] }, 'refused'],
  ] as const)('of identity %s (%j): %s', async (_, claims, kind) => {
    const byClient = fresh([entry({ issuer: acme.issuer })]);
    const token = await acme.sign({ sub: 'ada', ...claims });

    expect((await byClient.verify(token, NOON)).kind).toBe(kind);
  });

  it.each([
    ['expired 61 seconds ago', { exp: seconds - 61 }],
    ['holds in 61 seconds', { nbf: seconds + 61 }],
    ['has no end', { exp: undefined }],
    ['has no subject', { sub: undefined }],
    ['has an empty subject', { sub: '' }],
    ['is for another audience', { aud: 'other' }],
    ['is for the audience of another issuer’s entry', { aud: 'globex-api' }],
    ['has no audience and is of another client', { aud: undefined, client_id: 'other' }],
    ['has an audience, and names the client beside it', { aud: 'other', client_id: 'acme-api' }],
    ['has groups that are no names', { groups: [{ name: 'sre' }] }],
    ['has more groups than any issuer names', { groups: Array.from({ length: 201 }, (_, index) => `g${index}`) }],
  ])('is refused that %s', async (_, claims) => {
    const token = await acme.sign({ sub: 'ada', ...claims });

    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'refused' });
  });

  it.each(['logout+jwt', 'application/LOGOUT+JWT', 'secevent+jwt'])('is refused of the type %s', async (typ) => {
    const token = await acme.sign({ sub: 'ada' }, { typ });

    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'refused' });
  });

  it('is refused that announces an event, and taken of the type of access tokens', async () => {
    const notice = await acme.sign({
      sub: 'ada',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const access = await acme.sign({ sub: 'ada' }, { typ: 'at+jwt' });

    expect(await tokens.verify(notice, NOON)).toMatchObject({ kind: 'refused' });
    expect(await tokens.verify(access, NOON)).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['expired 59 seconds ago', { exp: seconds - 59 }],
    ['holds in 59 seconds', { nbf: seconds + 59 }],
  ])('is taken that %s, because clocks differ', async (_, claims) => {
    const token = await acme.sign({ sub: 'ada', ...claims });

    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'accepted' });
  });

  it('is refused with another key than the issuer’s, and with a key that the issuer does not have', async () => {
    const forged = await acme.sign({ sub: 'ada' }, { own: false });
    const unknown = await acme.sign({ sub: 'ada' }, { key: 'key-2' });

    expect(await tokens.verify(forged, NOON)).toMatchObject({ kind: 'refused' });
    expect(await tokens.verify(unknown, NOON)).toMatchObject({ kind: 'refused' });
  });

  it('is refused without a signature, and with one by the public key as a secret', async () => {
    const claims = { iss: acme.issuer, aud: 'acme-api', sub: 'ada', exp: seconds + 3600 };
    const unsigned = new UnsecuredJWT(claims).encode();
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(new TextEncoder().encode(acme.publicKey));

    expect(
      createHmac('sha256', acme.publicKey).update(confused.split('.').slice(0, 2).join('.')).digest('base64url'),
    ).toBe(confused.split('.')[2]);
    for (const token of [unsigned, confused])
      expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'refused' });
  });

  it.each(['', 'token', 'a.b.c', `${'e30.'.repeat(3)}`])('is refused as %j', async (token) => {
    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'refused' });
  });

  it('does not make keys be read again for each unknown key that it names', async () => {
    const before = acme.requests.filter((path) => path === '/keys').length;
    for (const key of ['a', 'b', 'c']) await tokens.verify(await acme.sign({ sub: 'ada' }, { key }), NOON);

    expect(acme.requests.filter((path) => path === '/keys').length).toBe(before);
  });
});

describe('a token of an issuer that is not listed', () => {
  it('is refused, and nothing is requested of that issuer', async () => {
    const token = await unlisted.sign({ sub: 'ada' });

    expect(await tokens.verify(token, NOON)).toEqual({ kind: 'refused', reason: 'its issuer is not listed' });
    expect(unlisted.requests).toEqual([]);
  });

  it('is refused where it names a listed one and is signed by another', async () => {
    const token = await unlisted.sign({ iss: acme.issuer, sub: 'ada' });

    expect(await tokens.verify(token, NOON)).toMatchObject({ kind: 'refused' });
  });
});

describe('an issuer whose keys cannot be read', () => {
  const token = () => acme.sign({ sub: 'ada' });

  it('is unavailable, which refuses nobody, and is not called again at once', async () => {
    const verifier = fresh();
    acme.up = false;
    const before = acme.requests.length;

    const verdicts = [await verifier.verify(await token(), NOON), await verifier.verify(await token(), NOON)];

    expect(verdicts.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
    expect(acme.requests.length).toBe(before + 1);
  });

  it.each([
    ['redirects', '/.well-known/openid-configuration', 302, ''],
    [
      'is another one by its own document',
      '/.well-known/openid-configuration',
      200,
      { issuer: 'https://other.example.com', jwks_uri: `${acme.issuer}/keys` },
    ],
    [
      'has its keys without TLS elsewhere',
      '/.well-known/openid-configuration',
      200,
      { issuer: acme.issuer, jwks_uri: 'http://192.0.2.1/keys' },
    ],
    ['answers with no document', '/.well-known/openid-configuration', 200, 'none'],
    [
      'answers without an end',
      '/.well-known/openid-configuration',
      200,
      { issuer: acme.issuer, jwks_uri: `${acme.issuer}/keys`, more: 'x'.repeat(300_000) },
    ],
    ['redirects to its keys', '/keys', 302, ''],
    ['has keys that are none', '/keys', 200, { keys: 'none' }],
    ['has more keys than any issuer', '/keys', 200, { keys: [], more: 'x'.repeat(300_000) }],
  ])('is unavailable where it %s', async (_, path, status, body) => {
    acme.overrides.set(path, (response) => {
      response.writeHead(status, { location: `${acme.issuer}/elsewhere` }).end(JSON.stringify(body));
    });

    expect(await fresh().verify(await token(), NOON)).toMatchObject({ kind: 'unavailable' });
    expect(acme.requests).not.toContain('/elsewhere');
  });

  it('is unavailable where it is on loopback and the deployment does not allow that', async () => {
    const verifier = createCallerTokens({ issuers: entries });

    expect(await verifier.verify(await token(), NOON)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('is not an https address'),
    });
  });
});
