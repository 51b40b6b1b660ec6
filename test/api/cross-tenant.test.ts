/**
 * Who reaches what, tried on every route of the contract with real tokens: a route that is added is tried too. Nothing of a tenant
 * is opened for whoever may not see it.
 */
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCallerTokens } from '../../adapters/oidc/caller-tokens.ts';
import { createAuthenticate } from '../../api/auth/authenticate.ts';
import { iamPrincipal } from '../../api/auth/iam.ts';
import { createRoles } from '../../api/auth/roles.ts';
import type { Route } from '../../api/contract/route.ts';
import { ROUTES } from '../../api/contract/routes.ts';
import { ROLES, type Role } from '../../core/model/audit.ts';
import { trustedIssuersSchema } from '../../core/model/trusted-issuer.ts';
import { type OidcIssuer, type SignOptions, startOidcIssuer } from '../../sandbox/wire/oidc-issuer.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';
import { createMemoryAccessStore } from '../memory/stores.ts';
import { anApi } from './an-api.ts';

const TENANTS = ['acme', 'globex', 'initech'];
const OWN = 'acme';

const routes: readonly Route[] = ROUTES;
const ofTenant = routes.filter(({ path }) => path.startsWith('/tenants/{tenant}'));
const withToken = routes.filter(({ role }) => role !== 'public');
const named = (list: readonly Route[]) => list.map((route) => [route.id, route] as const);

/** Issuers: of all tenants, of globex alone, one that is not listed, and one whose keys cannot be read. */
let main: OidcIssuer;
let ofGlobex: OidcIssuer;
let unlisted: OidcIssuer;
let down: OidcIssuer;
let api: Awaited<ReturnType<typeof anApi>>['api'];
const opened: string[] = [];

beforeAll(async () => {
  const start = (audience: string) => startOidcIssuer(audience, () => NOON);
  [main, ofGlobex, unlisted, down] = await Promise.all([start('api'), start('other'), start('api'), start('api')]);
  down.up = false;
  const issuers = trustedIssuersSchema.parse([
    { issuer: main.issuer, clientId: 'console', audience: 'api', tenants: '*' },
    { issuer: ofGlobex.issuer, clientId: 'console', audience: 'other', tenants: ['globex'] },
    { issuer: down.issuer, clientId: 'console', audience: 'api', tenants: '*' },
  ]);
  const grants = createMemoryAccessStore();
  const facts = { kind: 'subject', grantedBy: 'ops', grantedAt: NOON } as const;
  for (const tenant of TENANTS) {
    for (const role of ROLES)
      await grants.put({ ...facts, issuer: main.issuer, name: `${role} of ${tenant}`, tenant, role });
    // A grant counts for the tenants that the issuer is bound to.
    await grants.put({ ...facts, issuer: ofGlobex.issuer, name: 'ada', tenant, role: 'admin' });
  }
  const now = () => NOON;
  const authenticate = createAuthenticate({
    tokens: createCallerTokens({ issuers, allowsLoopback: true }),
    roles: createRoles({ grants, issuers, now }),
    provenBy: iamPrincipal,
    now,
  });
  const configs = TENANTS.map((tenant) => aTenantConfig({ tenant }));
  const rateLimit = { burst: 10_000, perSecond: 10_000 };
  ({ api } = await anApi(configs, { authenticate, rateLimit, onOpened: (tenant) => opened.push(tenant) }));
});

beforeEach(() => {
  opened.length = 0;
});

afterAll(() => Promise.all([main, ofGlobex, unlisted, down].map((issuer) => issuer.close())));

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly environment?: object;
}

function send(
  { method, path, body: takesBody }: Route,
  token: string | null,
  { headers = {}, body, environment = {} }: Sent = {},
) {
  const address = path.replace('{tenant}', OWN).replaceAll(/\{\w+\}/g, 'any');
  const request = new Request(`https://plimsoll.example.com/api/v1${address}`, {
    method: method.toUpperCase(),
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(takesBody !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(takesBody !== undefined && { body: body ?? '{}' }),
  });
  return api.fetch(request, environment);
}

/** Signing takes a hundred times as long as all else here: each token is signed once. */
const signed = new Map<string, Promise<string>>();

function token(
  issuer: OidcIssuer,
  claims: Readonly<Record<string, unknown>>,
  options: SignOptions = {},
): Promise<string> {
  const key = JSON.stringify([issuer.issuer, claims, options]);
  const known = signed.get(key) ?? issuer.sign(claims, options);
  signed.set(key, known);
  return known;
}

const tokenOf = (role: Role, tenant = OWN) => token(main, { sub: `${role} of ${tenant}` });

describe('every route of a tenant', () => {
  it('is one of the contract', () => {
    expect(ofTenant.length).toBeGreaterThan(25);
    expect(
      routes
        .filter((route) => !ofTenant.includes(route))
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['getConfigSchema', 'getMe', 'getOpenApi', 'getSignIn']);
  });

  it.each(named(ofTenant))('does not exist for an admin of another tenant: %s', async (_, route) => {
    const foreign = [
      ...(await Promise.all(TENANTS.filter((tenant) => tenant !== OWN).map((tenant) => tokenOf('admin', tenant)))),
      // Of an issuer that is bound to another tenant, whatever is granted.
      await token(ofGlobex, { sub: 'ada' }),
      // Of nobody who has a role, and of a group that is called as a subject is.
      await token(main, { sub: 'nobody' }),
      await token(main, { sub: 'nobody', groups: [`admin of ${OWN}`] }),
    ];

    const responses = await Promise.all(foreign.map((one) => send(route, one)));

    expect(responses.map(({ status }) => status)).toEqual(foreign.map(() => 404));
    expect(new Set(await Promise.all(responses.map((response) => response.text()))).size).toBe(1);
    expect(opened).toEqual([]);
  });

  it.each(named(ofTenant.filter(({ role }) => role !== 'viewer')))(
    'is refused to a role that is too low: %s',
    async (_, route) => {
      const names: readonly string[] = ROLES;
      const lower = ROLES.slice(0, names.indexOf(route.role));

      const statuses = await Promise.all(lower.map(async (role) => (await send(route, await tokenOf(role))).status));

      expect(statuses).toEqual(lower.map(() => 403));
      expect(opened).toEqual([]);
    },
  );

  it.each(named(ofTenant))('is open to its least role, and to whom IAM has let in: %s', async (_, route) => {
    const least = ROLES.find((role) => role === route.role) ?? 'admin';
    const iam = { userArn: 'arn:aws:iam::111122223333:user/ada' };
    const event = { routeKey: 'ANY /iam/{proxy+}', requestContext: { authorizer: { iam } } };

    const responses = [await send(route, await tokenOf(least)), await send(route, null, { environment: { event } })];

    expect(responses.map(({ status }) => [401, 403].includes(status))).toEqual([false, false]);
  });
});

describe('every route but public ones', () => {
  it.each(named(withToken))('is closed to whoever cannot prove who he is: %s', async (_, route) => {
    const sub = `admin of ${OWN}`;
    const claims = { iss: main.issuer, aud: 'api', sub, exp: NOON / 1000 + 3600 };
    const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-1' });
    const tokens = {
      none: null,
      empty: '',
      malformed: 'a.b.c',
      oversized: `${await token(main, { sub })}${'x'.repeat(20_000)}`,
      'of an unlisted issuer': await token(unlisted, { sub }),
      'of an unlisted issuer in the name of a listed one': await token(unlisted, { iss: main.issuer, sub }),
      expired: await token(main, { sub, exp: NOON / 1000 - 61 }),
      'not yet valid': await token(main, { sub, nbf: NOON / 1000 + 61 }),
      'for the audience of another issuer’s entry': await token(main, { sub, aud: 'other' }),
      'of an unknown key': await token(main, { sub }, { key: 'key-2' }),
      'of another key': await token(main, { sub }, { own: false }),
      'without a signature': new UnsecuredJWT(claims).encode(),
      'signed with the public key': await confused.sign(new TextEncoder().encode(main.publicKey)),
    };

    const statuses = await Promise.all(
      Object.entries(tokens).map(async ([name, one]) => [name, (await send(route, one)).status] as const),
    );

    expect(statuses).toEqual(Object.keys(tokens).map((name) => [name, 401]));
    expect(opened).toEqual([]);
  });

  it.each(named(withToken))('is not available, and refuses nobody, while keys cannot be read: %s', async (_, route) => {
    const response = await send(route, await token(down, { sub: 'ada' }));

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(opened).toEqual([]);
  });
});

describe('every write', () => {
  const writes = ofTenant.filter(({ method }) => method !== 'get');

  it.each(named(writes))('is refused to a page of another origin: %s', async (_, route) => {
    const headers = { origin: 'https://evil.example.com' };
    const admin = await tokenOf('admin');

    const statuses = [(await send(route, admin, { headers })).status, (await send(route, null, { headers })).status];

    expect(statuses).toEqual([403, 403]);
    expect(opened).toEqual([]);
  });

  it.each(named(writes.filter(({ body }) => body !== undefined)))(
    'takes JSON alone, and not more than a megabyte: %s',
    async (_, route) => {
      const admin = await tokenOf('admin');
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];

      const ofType = await Promise.all(types.map((type) => send(route, admin, { headers: { 'content-type': type } })));
      const large = await send(route, admin, { body: `"${'x'.repeat(1024 * 1024)}"` });

      expect(ofType.map(({ status }) => status)).toEqual([415, 415, 415]);
      expect(large.status).toBe(413);
      expect(opened).toEqual([]);
    },
  );
});
