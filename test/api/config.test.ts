import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { patchOf } from '../../api/handlers/config.ts';
import { incidentId } from '../../core/model/incident.ts';
import {
  aChange,
  aDecision,
  aMute,
  anAccount,
  anIncidentKey,
  aScopeHealth,
  aTenantConfig,
  HOUR,
  NOON,
} from '../fixtures/builders.ts';
import { anApi, bodyOf } from './an-api.ts';

const CONFIG = aTenantConfig();
const CONFIGS = [CONFIG, aTenantConfig({ tenant: 'globex' })];
const RENAMED = aTenantConfig({ name: 'Acme Shop' });
const SEEN = { 'If-Match': '"1"' };

describe('the config', () => {
  const secret = { name: 'chat', type: 'webhook', url: 'https://chat.example/hooks/T0/s3cret', secret: 'key' } as const;
  const receivers = { alerts: { receivers: [secret] } };
  const withReceivers = aTenantConfig({ ...receivers, accounts: [anAccount(receivers)] });

  it.each(['viewer', 'operator'] as const)('shows a %s no path of the address of a receiver', async (token) => {
    const { send, read } = await anApi([withReceivers]);
    const shown = await bodyOf(await send('GET', '/tenants/acme/config', { token }));

    const version = await read('/tenants/acme/config/versions/1', { token });
    const preview = await send('POST', '/tenants/acme/config/preview', { token, body: { config: RENAMED } });
    const same = await send('POST', '/tenants/acme/config/preview', { token, body: { config: shown['config'] } });

    const { url } = secret;
    for (const text of [shown, version, await preview.json()].map((answer) => JSON.stringify(answer))) {
      expect(text).toContain('https://chat.example/…');
      expect(text).not.toContain('s3cret');
    }
    expect(await same.json()).toMatchObject({ issues: [], diff: '', changes: [] });
    expect(JSON.stringify(await read('/tenants/acme/config', { token: 'admin' }))).toContain(url);
  });

  it('has the ETag of its version, by which a caller that knows it gets nothing again', async () => {
    const { send } = await anApi(CONFIGS);

    const first = await send('GET', '/tenants/acme/config');
    const again = await send('GET', '/tenants/acme/config', { headers: { 'If-None-Match': 'W/"1"' } });
    const other = await send('GET', '/tenants/acme/config', { headers: { 'If-None-Match': '"2"' } });

    expect(first.headers.get('etag')).toBe('"1"');
    expect(await first.json()).toMatchObject({
      version: 1,
      putBy: 'ops',
      config: { tenant: 'acme' },
      yaml: stringify(CONFIG),
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(other.status).toBe(200);
  });

  it('is stored as the next version under the name of the caller, with an entry in the audit log', async () => {
    const { send, stores } = await anApi(CONFIGS);

    const response = await send('PUT', '/tenants/acme/config', {
      token: 'admin',
      body: { config: RENAMED },
      headers: SEEN,
    });

    expect(response.headers.get('etag')).toBe('"2"');
    expect(await response.json()).toMatchObject({ version: 2, putBy: 'https://id.example/admin' });
    expect((await stores.configs.get('acme'))?.config.name).toBe('Acme Shop');
    expect([...stores.entries.values()]).toMatchObject([{ action: 'putConfig', version: 2, outcome: 'done' }]);
  });

  it('is stored from a text of YAML as well', async () => {
    const { send } = await anApi(CONFIGS);
    const body = { text: stringify(RENAMED) };

    const response = await send('PUT', '/tenants/acme/config', { token: 'admin', body, headers: SEEN });

    expect(await response.json()).toMatchObject({ version: 2, config: { name: 'Acme Shop' } });
  });

  it('is not stored without the version that the caller has seen, nor over another one', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const put = (headers: Record<string, string>) =>
      send('PUT', '/tenants/acme/config', { token: 'admin', body: { config: RENAMED }, headers });

    const without = await put({});
    const any = await put({ 'If-Match': '*' });
    const stale = await put({ 'If-Match': '"7"' });

    expect([without.status, any.status, stale.status]).toEqual([428, 428, 412]);
    expect(stale.headers.get('etag')).toBe('"1"');
    expect(await stale.json()).toMatchObject({ type: 'urn:plimsoll:problem:conflict' });
    expect((await stores.configs.get('acme'))?.version).toBe(1);
  });

  it('is not stored where another write comes between', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const { put } = stores.configs;
    stores.configs.put = async (config, version, ...rest) => {
      await put(aTenantConfig({ name: 'faster' }), version, ...rest);
      return put(config, version, ...rest);
    };

    const response = await send('PUT', '/tenants/acme/config', {
      token: 'admin',
      body: { config: RENAMED },
      headers: SEEN,
    });

    expect(response.status).toBe(412);
    expect((await stores.configs.get('acme'))?.config.name).toBe('faster');
  });

  it.each([
    ['of another tenant', { config: aTenantConfig({ tenant: 'globex' }) }, 'tenant'],
    ['with an unknown field', { config: { ...CONFIG, colour: 'red' } }, 'colour'],
    ['with a wrong account', { config: { ...CONFIG, accounts: [anAccount({ account: '1' })] } }, 'accounts.0.account'],
    ['that is no YAML', { text: 'tenant: [acme' }, ''],
  ])('is refused %s, with the field', async (_, body, path) => {
    const { send, stores } = await anApi(CONFIGS);

    const response = await send('PUT', '/tenants/acme/config', { token: 'admin', body, headers: SEEN });

    expect(response.status).toBe(400);
    expect((await bodyOf(response)).issues?.[0]).toMatchObject({ path });
    expect((await stores.configs.get('acme'))?.version).toBe(1);
    expect((await stores.configs.get('globex'))?.version).toBe(1);
  });

  it('is refused with an expression that no Prometheus takes, and so is its preview', async () => {
    const { send } = await anApi(CONFIGS);
    const server = {
      provider: 'prometheus',
      account: 'main',
      url: 'https://prometheus.example.com',
      queries: [{ kind: 'machine', used: 'app_memory_bytes[5m]', labels: { id: ['instance'] } }],
    };
    const body = { config: { ...CONFIG, accounts: [...CONFIG.accounts, server] } };
    const path = `accounts.${CONFIG.accounts.length}.queries.0.used`;

    const put = await send('PUT', '/tenants/acme/config', { token: 'admin', headers: SEEN, body });
    const preview = await send('POST', '/tenants/acme/config/preview', { body });

    const issues = [{ path, message: expect.stringContaining('must be an instant vector') }];
    expect(put.status).toBe(400);
    expect(await put.json()).toMatchObject({ issues });
    expect(await preview.json()).toMatchObject({ issues });
  });

  it('is refused as both a document and a text', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('PUT', '/tenants/acme/config', {
      token: 'admin',
      body: { text: '', config: {} },
      headers: SEEN,
    });

    expect(response.status).toBe(400);
  });

  it('has versions, the newest first, page after page', async () => {
    const { send, read, stores } = await anApi(CONFIGS);
    await stores.configs.put(RENAMED, 1, 'external', NOON, 'jane');

    const first = await bodyOf(await send('GET', '/tenants/acme/config/versions?limit=1'));
    const second = await read(`/tenants/acme/config/versions?limit=1&cursor=${first.cursor}`);
    const wrong = await send('GET', '/tenants/acme/config/versions?cursor=x');

    expect(first.items).toEqual([{ version: 2, putAt: '2026-11-20T12:00:00.000Z', putBy: 'jane' }]);
    expect(second).toMatchObject({ items: [{ version: 1 }], cursor: null });
    expect(wrong.status).toBe(400);
  });

  it('is shown as it was in a version, and not of one that there is not', async () => {
    const { read, send, stores } = await anApi(CONFIGS);
    await stores.configs.put(RENAMED, 1, 'external', NOON, 'jane');

    const shown = await read('/tenants/acme/config/versions/1');
    const missing = await Promise.all(
      ['3', 'x', '-1'].map((version) => send('GET', `/tenants/acme/config/versions/${version}`)),
    );

    expect(shown).toMatchObject({ version: 1, config: { tenant: 'acme' } });
    expect(missing.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('has a schema that everybody may read', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('GET', '/schemas/config', { token: null });

    expect(response.headers.get('content-type')).toBe('application/schema+json');
    expect(await response.json()).toMatchObject({ type: 'object', properties: { tenant: {} } });
  });
});

describe('the preview of a config', () => {
  it('shows what would change, what looks like a mistake, and what it would cost', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const spent = { month: '2026-11', usd: 1, usdPerHost: 0.0001, hosts: 100, watched: 0 };
    await stores.health.put(aScopeHealth({ spent }), 0);
    const proposed = aTenantConfig({ name: 'Acme Shop', accounts: [anAccount({ regions: ['eu-west-9'] })] });

    const response = await send('POST', '/tenants/acme/config/preview', { body: { config: proposed } });

    expect(await response.json()).toMatchObject({
      issues: [],
      warnings: [expect.stringContaining('eu-west-9 was no region')],
      diff: expect.stringContaining('+name: Acme Shop'),
      changes: expect.arrayContaining([expect.stringContaining('name none → Acme Shop')]),
      costBefore: expect.any(Number),
      costAfter: null,
    });
    expect((await stores.configs.get('acme'))?.version).toBe(1);
  });

  it('shows no line where the documents differ in too much, which takes no longer', async () => {
    const accountsFrom = (first: number) =>
      Array.from({ length: 1000 }, (_, index) => {
        const account = String(first + index);
        return anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-read-${first}` });
      });
    const stored = { version: 1, config: aTenantConfig({ accounts: accountsFrom(100_000_000_000) }) };
    const proposed = aTenantConfig({ accounts: accountsFrom(200_000_000_000) });
    const begun = performance.now();

    expect(patchOf(stored, proposed)).toBe(null);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('is empty where nothing changes', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/config/preview', { body: { text: stringify(CONFIG) } });

    expect(await response.json()).toMatchObject({ issues: [], diff: '', changes: [] });
  });

  it('names every field for which it would be refused', async () => {
    const { send } = await anApi(CONFIGS);
    const body = { config: { ...CONFIG, colour: 'red', accounts: [] } };

    const response = await send('POST', '/tenants/acme/config/preview', { body });

    expect(response.status).toBe(200);
    expect((await bodyOf(response)).issues).toMatchObject([{ path: 'accounts' }, { path: 'colour' }]);
  });
});

describe('a tenant or an account', () => {
  it('is disabled and enabled, each as a version', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const path = '/tenants/acme/enabled';

    const off = await send('PUT', path, { token: 'admin', body: { enabled: false }, headers: SEEN });
    const again = await send('PUT', path, { token: 'admin', body: { enabled: false }, headers: { 'If-Match': '"2"' } });
    const account = { enabled: false, account: '111122223333' };
    const one = await send('PUT', path, { token: 'admin', body: account, headers: { 'If-Match': '"2"' } });

    expect([off, again, one].map(({ headers }) => headers.get('etag'))).toEqual(['"2"', '"2"', '"3"']);
    expect((await stores.configs.get('acme'))?.config).toMatchObject({
      enabled: false,
      accounts: [{ enabled: false }],
    });
  });

  it('is not disabled over a version that came between', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const { get } = stores.configs;
    stores.configs.get = async (...named) => {
      const seen = await get(...named);
      if (seen?.version === 1) await stores.configs.put(RENAMED, 1, 'external', NOON, 'jane');
      return seen;
    };

    const response = await send('PUT', '/tenants/acme/enabled', {
      token: 'admin',
      body: { enabled: false },
      headers: SEEN,
    });

    expect(response.status).toBe(412);
    expect(await get('acme')).toMatchObject({ version: 2, config: { enabled: true } });
  });

  it('that does not exist is not disabled', async () => {
    const { send } = await anApi(CONFIGS);
    const body = { enabled: false, account: '999999999999' };

    const response = await send('PUT', '/tenants/acme/enabled', { token: 'admin', body, headers: SEEN });

    expect(response.status).toBe(422);
  });
});

describe('alerts', () => {
  const alerts = {
    shadow: { until: '2026-12-01T00:00:00Z' },
    maintenance: [{ name: 'nightly', cron: '0 2 * * *', durationMinutes: 60, timezone: 'UTC' }],
    quietHours: [{ from: '22:00', to: '06:00', timezone: 'UTC' }],
    rules: [{ name: 'low', severities: ['low'], action: 'hold' }],
    receivers: [{ name: 'chat', type: 'webhook', url: 'https://hooks.example/very/secret', secret: 'chat' }],
    routes: [{ receivers: ['chat'] }],
  };

  it('show who is notified of what, when nobody is, and no secret', async () => {
    const { send } = await anApi([aTenantConfig({ alerts })]);

    const text = await (await send('GET', '/tenants/acme/alerts')).text();

    expect(JSON.parse(text)).toMatchObject({
      shadowUntil: '2026-12-01T00:00:00Z',
      preset: 'default',
      windows: expect.arrayContaining([
        {
          name: 'nightly',
          start: '2026-11-21T02:00:00.000Z',
          end: '2026-11-21T03:00:00.000Z',
          account: null,
          match: null,
        },
      ]),
      quietHours: expect.arrayContaining([expect.objectContaining({ start: '2026-11-20T22:00:00.000Z' })]),
      rules: [{ name: 'low', action: 'hold' }],
      receivers: [{ name: 'chat', type: 'webhook', detail: 'hooks.example' }],
      topic: '1 email',
    });
    expect(text).not.toContain('very/secret');
  });

  it('are tried on the changes of the last days', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const key = anIncidentKey();
    const { provider, account, region, host: id } = key;
    const incident = incidentId(key, 1);
    const change = aChange({ key, changedAt: NOON - HOUR });
    const host = { provider, account, region, id };
    const event = { id: `${incident}/1`, tenant: 'acme', incident, at: NOON - HOUR, host, change };
    await stores.log.put({ kind: 'change', ...event, decision: aDecision({ page: true }) });
    const proposed = { rules: [{ name: 'none', action: 'hold' }] };

    const stored = await send('POST', '/tenants/acme/alerts/test', { body: { days: 1 } });
    const held = await send('POST', '/tenants/acme/alerts/test', { body: { days: 1, alerts: proposed } });

    expect(await stored.json()).toMatchObject({ changes: 1, sent: 1, pages: 1, held: [] });
    expect(await held.json()).toMatchObject({
      changes: 1,
      sent: 0,
      held: [{ stage: 'rule', changes: 1 }],
      decisions: [{ before: 'paged', stored: 'paged', now: 'rule' }],
    });
  });

  it('differ by themselves alone: what a mute holds back by now is the same by the stored ones', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const key = anIncidentKey();
    const { provider, account, region, host: id } = key;
    const incident = incidentId(key, 1);
    const change = aChange({ key, changedAt: NOON - HOUR });
    const host = { provider, account, region, id };
    const event = { id: `${incident}/1`, tenant: 'acme', incident, at: NOON - HOUR, host, change };
    await stores.log.put({ kind: 'change', ...event, decision: aDecision({ page: true }) });
    await stores.mutes.put({ ...aMute('acme', 'mute-1', -2), subject: { incident } });

    const tried = await send('POST', '/tenants/acme/alerts/test', { body: { days: 1, alerts: { preset: 'default' } } });

    expect(await tried.json()).toMatchObject({ decisions: [{ before: 'paged', stored: 'mute', now: 'mute' }] });
  });

  it('are refused where they are none', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/alerts/test', { body: { alerts: { rules: 'none' } } });

    expect(response.status).toBe(400);
    expect((await bodyOf(response)).issues).toMatchObject([{ path: 'alerts.rules' }]);
  });
});
