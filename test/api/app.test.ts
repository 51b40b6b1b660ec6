import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../api/contract/routes.ts';
import { incidentRef } from '../../api/refs.ts';
import { shortId } from '../../core/messages/short-id.ts';
import type { AuditEntry } from '../../core/model/audit.ts';
import { incidentId } from '../../core/model/incident.ts';
import { ItemError, SourceError, StoreError } from '../../core/ports/errors.ts';
import { anIncidentKey, aTenantConfig, NOON } from '../fixtures/builders.ts';
import { anApi } from './an-api.ts';

const CONFIGS = [aTenantConfig(), aTenantConfig({ tenant: 'globex' })];
const KEY = anIncidentKey();
const ID = incidentId(KEY, 1);
const NO_ENTRIES = { entries: [], cursor: null };

describe('the API', () => {
  it('answers a route that it does not have with a problem', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('GET', '/tenants/acme/nothing');

    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'There is no such route, or you may not see it. Check the address.',
    });
  });

  it('states that answers are not to be stored, and of which type they are', async () => {
    const { send } = await anApi(CONFIGS);

    const { headers } = await send('GET', '/me');

    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('lets nobody in without a token, but to the routes that are public', async () => {
    const { send } = await anApi(CONFIGS);
    const needed = ROUTES.filter(({ role }) => role !== 'public');

    const responses = await Promise.all(
      needed.map(({ method, path }) =>
        send(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'acme'), { token: null }),
      ),
    );
    const open = await send('GET', '/sign-in', { token: null });

    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([401]));
    expect(responses[0]?.headers.get('www-authenticate')).toBe('Bearer');
    expect(open.status).toBe(200);
  });

  it('answers the same of a tenant that the caller may not see, of one that does not exist, and of one that was deleted', async () => {
    const { send, stores } = await anApi(CONFIGS);
    await stores.configs.remove('acme');

    const responses = [
      await send('GET', '/tenants/globex/incidents'),
      await send('GET', '/tenants/initech/incidents'),
      await send('GET', '/tenants/acme/incidents'),
      await send('GET', '/tenants/initech/incidents', { token: 'root' }),
      await send('GET', '/tenants/__proto__/incidents', { token: 'root' }),
    ];

    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(responses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(responses.map(({ headers }) => [...headers.keys()].join())).size).toBe(1);
  });

  it('refuses on every route of a tenant whoever has a role in another one', async () => {
    const { send } = await anApi(CONFIGS);
    const own = ROUTES.filter(({ path }) => path.startsWith('/tenants/{tenant}'));

    const statuses = await Promise.all(
      own.map(async ({ method, path }) => {
        const address = path.replace('{tenant}', 'acme').replaceAll(/\{\w+\}/g, 'any');
        return (
          await send(method.toUpperCase(), address, { token: 'stranger', body: method === 'get' ? undefined : {} })
        ).status;
      }),
    );

    expect(new Set(statuses)).toEqual(new Set([404]));
  });

  it('refuses every write by a role that is too low', async () => {
    const { send } = await anApi(CONFIGS);
    const above = ROUTES.filter(({ role }) => role === 'operator' || role === 'admin');

    const statuses = await Promise.all(
      above.map(async ({ method, path }) => {
        const address = path.replace('{tenant}', 'acme').replaceAll(/\{\w+\}/g, 'any');
        return (await send(method.toUpperCase(), address, { body: method === 'get' ? undefined : {} })).status;
      }),
    );

    expect(above.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([403]));
  });

  it('refuses what the query does not know, what it has twice, and what is no such value', async () => {
    const { send } = await anApi(CONFIGS);

    const unknown = await send('GET', '/tenants/acme/incidents?limits=3');
    const twice = await send('GET', '/tenants/acme/incidents?limit=3&limit=4');
    const wrong = await send('GET', '/tenants/acme/incidents?limit=0&severity=dreadful');
    const none = await send('GET', '/me?limit=3');

    expect([unknown, twice, wrong, none].map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(await wrong.json()).toMatchObject({
      type: 'urn:plimsoll:problem:invalid',
      issues: [{ path: 'limit' }, { path: 'severity.0' }],
    });
  });

  it.each([
    ['no JSON', '{"note":', 400],
    ['an unknown field', { note: 'on it', notes: 1 }, 400],
    ['a wrong type', { note: 3 }, 400],
    ['more than a megabyte', JSON.stringify({ note: 'x'.repeat(1024 * 1024) }), 413],
  ])('refuses a body of %s', async (_, body, status) => {
    const { send } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/incidents/any/notes', { token: 'operator', body });

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('stops to read a body that is longer than it states', async () => {
    const { send } = await anApi(CONFIGS);
    const body = JSON.stringify({ note: 'x'.repeat(1024 * 1024) });

    const response = await send('POST', '/tenants/acme/incidents/any/notes', {
      token: 'operator',
      body,
      headers: { 'Content-Length': '20' },
    });

    expect(response.status).toBe(413);
  });

  it('takes JSON alone', async () => {
    const { send } = await anApi(CONFIGS);
    const headers = { 'Content-Type': 'text/plain' };

    const response = await send('POST', '/tenants/acme/incidents/any/notes', {
      token: 'operator',
      body: '{}',
      headers,
    });

    expect(response.status).toBe(415);
  });

  it('takes no write from a page of another origin, and reads without one', async () => {
    const { send } = await anApi(CONFIGS);
    const foreign = { Origin: 'https://evil.example' };
    const own = { Origin: 'http://plimsoll.example' };
    const mute = { subject: { host: 'i-1' }, reason: 'known', until: '2026-11-21T12:00:00Z' };

    const refused = await send('POST', '/tenants/acme/mutes', { token: 'operator', body: mute, headers: foreign });
    const taken = await send('POST', '/tenants/acme/mutes', { token: 'operator', body: mute, headers: own });

    expect(refused.status).toBe(403);
    expect(taken.status).toBe(201);
  });

  it('bounds how many requests a caller makes, and no other caller', async () => {
    const { send, advance } = await anApi(CONFIGS, { rateLimit: { burst: 2, perSecond: 0.5 } });
    const statuses = async (count: number) => {
      const found: number[] = [];
      for (let index = 0; index < count; index++) found.push((await send('GET', '/me')).status);
      return found;
    };

    const first = await statuses(3);
    const limited = await send('GET', '/me');
    const other = await send('GET', '/me', { token: 'root' });
    advance(2_000);
    const later = await statuses(2);

    expect(first).toEqual([200, 200, 429]);
    expect(limited.headers.get('retry-after')).toBe('2');
    expect(other.status).toBe(200);
    expect(later).toEqual([200, 429]);
  });

  it('states a store that does not answer as such, without what it was', async () => {
    const store = new StoreError('dynamodb.eu-west-1.amazonaws.com refused the secret of table plimsoll-prod');
    const list = { list: () => Promise.reject(store) };
    const { send, faults } = await anApi(CONFIGS, { ports: { list } });

    const response = await send('GET', '/tenants/acme/incidents');

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.text()).not.toContain('amazonaws');
    expect(faults).toHaveLength(1);
  });

  it('states what is damaged as such, which no further try mends', async () => {
    const list = { list: () => Promise.reject(new ItemError('the item of i-1 has no status')) };
    const { send, faults } = await anApi(CONFIGS, { ports: { list } });

    const response = await send('GET', '/tenants/acme/incidents');

    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null]);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:damaged' });
    expect(faults).toHaveLength(1);
  });

  it('takes no other failure for one that ends by itself', async () => {
    const list = { list: () => Promise.reject(new SourceError('denied', { reason: 'denied', retryable: false })) };
    const { send } = await anApi(CONFIGS, { ports: { list } });

    const response = await send('GET', '/tenants/acme/incidents');

    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null]);
  });

  it('names the request of what nobody expected, and nothing else of it', async () => {
    const list = { list: () => Promise.reject(new TypeError('secret is not a function')) };
    const { send, faults } = await anApi(CONFIGS, { ports: { list } });

    const response = await send('GET', '/tenants/acme/incidents');

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'Something failed that nobody expected. Report the request 00000001.',
    });
    expect(faults).toEqual([new TypeError('secret is not a function')]);
  });
});

describe('the audit log', () => {
  const mute = { subject: { host: 'i-1' }, reason: 'known', until: '2026-11-21T12:00:00Z' };

  it('has each write with who did it, to what, and how it ended', async () => {
    const { send, stores, read } = await anApi(CONFIGS);

    await send('POST', '/tenants/acme/mutes', { token: 'operator', body: mute });
    await send('DELETE', '/tenants/acme/mutes/none', { token: 'operator' });

    const by = { by: 'https://id.example/operator', role: 'operator', version: null, tenant: 'acme' };
    expect([...stores.entries.values()]).toMatchObject([
      {
        ...by,
        action: 'addMute',
        subject: '/mutes/m-00000002 (host i-1 until 2026-11-21T12:00:00Z: known)',
        outcome: 'done',
      },
      { ...by, action: 'removeMute', subject: '/mutes/none (taken back)', outcome: '404 Not found' },
    ]);
    expect(await read('/tenants/acme/audit', { token: 'operator' })).toMatchObject({
      items: [{ action: 'removeMute' }, { action: 'addMute' }],
      cursor: null,
    });
  });

  it.each([
    ['mute', 'POST', '/mutes', mute, '/mutes (host i-1 until 2026-11-21T12:00:00Z: known)'],
    [
      'label',
      'POST',
      '/labels',
      { kind: 'known-leak', subject: { group: 'web*' }, reason: 'ticket 42' },
      '/labels (known-leak: group web*: ticket 42)',
    ],
    ['label that is taken back', 'DELETE', '/labels/l-1?reason=it+is+over', undefined, '/labels/l-1 (it is over)'],
    [
      'role',
      'POST',
      '/grants',
      { issuer: 'https://id.example', kind: 'group', name: 'sre', role: 'operator' },
      '/grants (operator to group sre of https://id.example)',
    ],
    [
      'inspection',
      'POST',
      '/inspections',
      { account: '111122223333', hosts: ['web-*', 'i-1'] },
      '/inspections (account 111122223333, hosts web-* i-1)',
    ],
    ['inspection of all', 'POST', '/inspections', {}, '/inspections (all accounts)'],
    [
      'note',
      'POST',
      `/incidents/${incidentRef(ID)}/notes`,
      { note: 'seen before' },
      `/notes of incident ${shortId(ID)} (${KEY.host}): seen before`,
    ],
    [
      'owner',
      'PUT',
      `/incidents/${incidentRef(ID)}/owner`,
      { owner: 'team web' },
      `/owner of incident ${shortId(ID)} (${KEY.host}): team web`,
    ],
  ])('states what is done before it is done: a %s', async (_, method, path, body, subject) => {
    const begun: AuditEntry[] = [];
    const audit = { put: async (entry: AuditEntry) => void begun.push(entry), list: async () => NO_ENTRIES };
    const { send } = await anApi(CONFIGS, { ports: { audit } });

    await send(method, `/tenants/acme${path}`, { token: 'admin', body });

    expect(begun[0]).toMatchObject({ subject, outcome: 'begun' });
  });

  it('states which role is taken from whom before it is', async () => {
    const begun: AuditEntry[] = [];
    const audit = { put: async (entry: AuditEntry) => void begun.push(entry), list: async () => NO_ENTRIES };
    const { send, stores } = await anApi(CONFIGS, { ports: { audit } });
    const grantee = { issuer: 'https://id.example', kind: 'group', name: 'sre' } as const;
    const { id } = await stores.access.put({
      ...grantee,
      tenant: 'acme',
      role: 'admin',
      grantedBy: 'ops',
      grantedAt: NOON,
    });

    await send('DELETE', `/tenants/acme/grants/${id}`, { token: 'admin' });

    expect(begun[0]?.subject).toBe(`/grants/${id} (admin to group sre of https://id.example)`);
  });

  it('has no read', async () => {
    const { send, stores } = await anApi(CONFIGS);

    await send('GET', '/tenants/acme/mutes');
    await send('POST', '/tenants/acme/config/preview', { body: { text: 'tenant: acme' } });

    expect(stores.entries.size).toBe(0);
  });

  it('lets nothing be done that it cannot take', async () => {
    const audit = { put: () => Promise.reject(new StoreError('full')), list: () => Promise.reject(new Error('no')) };
    const { send, stores } = await anApi(CONFIGS, { ports: { audit } });

    const response = await send('POST', '/tenants/acme/mutes', { token: 'operator', body: mute });

    expect(response.status).toBe(503);
    expect(await stores.mutes.list('acme')).toEqual([]);
  });
});
