import { describe, expect, it } from 'vitest';
import { StoreError } from '../../core/ports/errors.ts';
import { aTenantConfig } from '../fixtures/builders.ts';
import { createMemoryConfigStore } from '../memory/stores.ts';
import { anApi, bodyOf } from './an-api.ts';

const CONFIGS = [aTenantConfig({ name: 'Acme' }), aTenantConfig({ tenant: 'globex' })];

describe('a caller', () => {
  it('sees which tenants it has, with its role', async () => {
    const { read } = await anApi(CONFIGS);

    const me = await read('/me', { token: 'operator' });

    expect(me).toEqual({
      kind: 'jwt',
      name: 'https://id.example/operator',
      tenants: [{ tenant: 'acme', name: 'Acme', role: 'operator' }],
    });
  });

  it('of all tenants sees each of them', async () => {
    const { read } = await anApi(CONFIGS);

    const me = await read('/me', { token: 'root' });

    expect(me).toMatchObject({ kind: 'iam', tenants: [{ tenant: 'acme' }, { tenant: 'globex', role: 'admin' }] });
  });

  it('of many tenants waits for some of them at a time, and sees them in order', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `tenant-${String(index).padStart(2, '0')}`);
    let reading = 0;
    let most = 0;
    const { read } = await anApi([], {
      authenticate: async () => ({ kind: 'jwt', name: 'ada', roles: new Map(names.map((name) => [name, 'viewer'])) }),
      ports: {
        configs: {
          ...createMemoryConfigStore(),
          async get(tenant: string) {
            most = Math.max(most, ++reading);
            await Promise.resolve();
            reading--;
            return { config: aTenantConfig({ tenant }), version: 1, externalId: 'external', putAt: 0 };
          },
        },
      },
    });

    const me = await read('/me');

    expect(me).toMatchObject({ tenants: names.map((tenant) => ({ tenant })) });
    expect([most > 1, most <= 25]).toEqual([true, true]);
  });

  it('sees no tenant that was deleted', async () => {
    const { read, stores } = await anApi(CONFIGS);
    await stores.configs.remove('acme');

    expect(await read('/me')).toMatchObject({ tenants: [] });
  });
});

describe('grants', () => {
  const grant = { issuer: 'https://id.example', kind: 'group', name: 'on-call', role: 'operator' } as const;

  it('are in the audit log before they are given, with the role and to whom', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const logged: string[] = [];
    stores.access.put = async () => {
      logged.push(...[...stores.entries.values()].map(({ subject, outcome }) => `${outcome} ${subject}`));
      throw new StoreError('the second put failed');
    };

    const response = await send('POST', '/tenants/acme/grants', { token: 'admin', body: grant });

    expect(response.status).toBe(503);
    expect(logged).toEqual(['begun /grants (operator to group on-call of https://id.example)']);
  });

  it('are given, listed and taken back by admins', async () => {
    const { send, read, stores } = await anApi(CONFIGS);

    const given = await send('POST', '/tenants/acme/grants', { token: 'admin', body: grant });
    const { id } = await bodyOf(given);
    const listed = await read('/tenants/acme/grants', { token: 'admin' });
    const taken = await send('DELETE', `/tenants/acme/grants/${id}`, { token: 'admin' });
    const again = await send('DELETE', `/tenants/acme/grants/${id}`, { token: 'admin' });

    expect(given.status).toBe(201);
    expect(listed).toMatchObject({ items: [{ ...grant, grantedBy: 'https://id.example/admin' }] });
    expect([taken.status, again.status]).toEqual([204, 404]);
    expect([...stores.entries.values()][0]).toMatchObject({
      action: 'putGrant',
      subject: expect.stringContaining('operator to group on-call of https://id.example'),
    });
  });

  it('are refused of an issuer that is no address, and of a role that there is not', async () => {
    const { send } = await anApi(CONFIGS);

    const wrong = await send('POST', '/tenants/acme/grants', { token: 'admin', body: { ...grant, issuer: 'me' } });
    const unknown = await send('POST', '/tenants/acme/grants', { token: 'admin', body: { ...grant, role: 'owner' } });

    expect([wrong.status, unknown.status]).toEqual([400, 400]);
  });
});

describe('a tenant whose deletion has begun', () => {
  it.each([
    ['/grants', { issuer: 'https://id.example', kind: 'group', name: 'on-call', role: 'viewer' }],
    ['/inspections', {}],
  ])('takes no write at %s, which would outlast it', async (path, body) => {
    const { send, stores } = await anApi(CONFIGS);
    const [config] = CONFIGS;
    if (config === undefined) throw new Error('there is a config');
    await stores.configs.put({ ...config, enabled: false }, 1, 'external', 0, 'ops', { disabledAt: 0 });

    const response = await send('POST', `/tenants/acme${path}`, { token: 'admin', body });

    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('The deletion of tenant acme') });
    expect(await stores.access.ofTenant('acme')).toEqual([]);
    expect(stores.entries.size).toBe(0);
  });
});

describe('the OpenAPI document', () => {
  it('is there for everybody', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('GET', '/openapi.json', { token: null });

    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ openapi: '3.1.0', paths: { '/tenants/{tenant}/incidents': {} } });
  });
});
