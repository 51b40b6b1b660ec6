import { describe, expect, it } from 'vitest';
import { runName } from '../../core/model/run-ref.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import { anAccount, aRunSummary, aScopeHealth, aTenantConfig, HOUR, NOON } from '../fixtures/builders.ts';
import { aResultLine, aRunHead, aRunRef, STEADY } from '../fixtures/result-lines.ts';
import { aListedFinding, aRegionResult } from '../fixtures/results.ts';
import { anApi, bodyOf } from './an-api.ts';

const CONFIG = aTenantConfig({ accounts: [anAccount({ regions: ['eu-west-1', 'eu-central-1'] })] });
const CONFIGS = [CONFIG, aTenantConfig({ tenant: 'globex' })];
const DISPATCHED = {
  outcome: 'dispatched',
  reason: null,
  accounts: [{ provider: 'aws', account: '111122223333', regions: ['eu-west-1', 'eu-central-1'] }],
  setAside: null,
  digest: 'd',
  sentAt: NOON,
} as const;

describe('an inspection', () => {
  it('is requested by the queue that all requests go through, and is waited for', async () => {
    const { send, read, stores } = await anApi(CONFIGS);
    const body = { account: '111122223333', regions: ['eu-west-1'], hosts: ['web-*'], lookBackHours: 48 };

    const response = await send('POST', '/tenants/acme/inspections', { token: 'operator', body });
    const { id } = await bodyOf(response);

    expect(response.status).toBe(202);
    expect(stores.requested).toEqual([{ version: 1, id, tenant: 'acme', trigger: 'on_demand', ...body }]);
    expect(await read(`/tenants/acme/inspections/${id}`)).toMatchObject({
      state: 'waiting',
      requestedAt: '2026-11-20T12:00:00.000Z',
    });
  });

  it.each([
    ['of an account that the config does not have', { account: '999999999999' }, 422],
    ['of a region that it does not have', { regions: ['mars-1'] }, 422],
    ['of half an hour', { lookBackHours: 7.5 }, 400],
    ['of too long a name', { group: 'g'.repeat(250) }, 400],
    ['with an unknown field', { from: '2026-11-01T00:00:00Z' }, 400],
  ])('is refused %s', async (_, body, status) => {
    const { send, stores } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/inspections', { token: 'operator', body });

    expect(response.status).toBe(status);
    expect(stores.requested).toEqual([]);
  });

  it('is not known where the queue has not taken it', async () => {
    const queue = { send: () => Promise.reject(new DeliveryError('queue https://sqs.example is gone')) };
    const { send } = await anApi(CONFIGS, { ports: { queue } });

    const response = await send('POST', '/tenants/acme/inspections', { token: 'operator', body: {} });

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).not.toHaveProperty('id');
  });

  it('is refused where the cost cap of the month is used up', async () => {
    const { send, stores } = await anApi([aTenantConfig({ costCap: { usdPerMonth: 5 } })]);
    const spent = { month: '2026-11', usd: 5.5, usdPerHost: 0.0001, hosts: 100, watched: 0 };
    await stores.health.put(aScopeHealth({ spent }), 0);

    const response = await send('POST', '/tenants/acme/inspections', { token: 'operator', body: {} });

    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({
      type: 'urn:plimsoll:problem:cost-cap',
      detail: expect.stringContaining('2026-11'),
    });
    expect(stores.requested).toEqual([]);
  });

  it('shows what is done of it, and then what it found', async () => {
    const { read, stores } = await anApi(CONFIGS);
    const key = { tenant: 'acme', id: 'r-1' };
    await stores.requests.putDispatched(key, DISPATCHED);
    const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
    await stores.requests.putResult(key, aRegionResult({ scope, findings: [aListedFinding()], found: 1 }));

    const running = await read('/tenants/acme/inspections/r-1');
    await stores.requests.putResult(key, aRegionResult({ scope: { ...scope, region: 'eu-central-1' } }));
    const complete = await read('/tenants/acme/inspections/r-1');

    expect(running).toMatchObject({
      state: 'running',
      regions: [
        { region: 'eu-west-1', outcome: 'complete', found: 1, findings: [{ severity: expect.any(String) }] },
        { region: 'eu-central-1', outcome: null, hosts: null },
      ],
    });
    expect(complete).toMatchObject({ state: 'complete' });
  });

  it('states why it was refused', async () => {
    const { read, stores } = await anApi(CONFIGS);
    const refused = { ...DISPATCHED, outcome: 'refused', reason: 'tenant acme is disabled', accounts: [] } as const;
    await stores.requests.putDispatched({ tenant: 'acme', id: 'r-1' }, refused);

    expect(await read('/tenants/acme/inspections/r-1')).toMatchObject({
      state: 'refused',
      reason: 'tenant acme is disabled',
    });
  });

  it('is not known under an id that nobody was given, of the past or the future', async () => {
    const { send } = await anApi(CONFIGS);
    const ids = ['api-zzzzzzzzzz-x', ...[NOON - 1000, NOON + HOUR].map((time) => `api-${time.toString(36)}-x`)];

    const statuses = await Promise.all(
      ids.map(async (id) => (await send('GET', `/tenants/acme/inspections/${id}`)).status),
    );

    expect(statuses).toEqual([404, 404, 404]);
  });

  it('is not known of another tenant, under another id, and some hours after nobody dispatched it', async () => {
    const { send, stores, advance } = await anApi(CONFIGS);
    await stores.requests.putDispatched({ tenant: 'globex', id: 'r-1' }, DISPATCHED);
    const { id } = await bodyOf(await send('POST', '/tenants/acme/inspections', { token: 'operator', body: {} }));
    advance(7 * HOUR);

    const statuses = await Promise.all(
      ['r-1', 'r-2', 'api-x', id].map(async (one) => (await send('GET', `/tenants/acme/inspections/${one}`)).status),
    );

    expect(statuses).toEqual([404, 404, 404, 404]);
  });
});

describe('results', () => {
  const path = '/tenants/acme/results?provider=aws&account=111122223333&region=eu-west-1';

  it('are exported line by line, steady hosts too', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const run = aRunRef();
    await stores.runs.put(aRunSummary({ results: { run: runName(run), shards: 2 } }));
    await stores.results.putShard(run, 0, [aResultLine()]);
    await stores.results.putShard(run, 1, [aResultLine({ host: 'i-calm', ...STEADY })]);
    await stores.results.putHead(run, aRunHead({}, run));

    const response = await send('GET', path);

    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toContain(
      'results-111122223333-eu-west-1-20261120T120000Z.ndjson',
    );
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { verdict: 'leaking', time: '2026-11-20T12:00:00.000Z' },
      { host: 'i-calm', verdict: 'steady' },
    ]);
  });

  it('break off where a part of them is gone', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const run = aRunRef();
    await stores.runs.put(aRunSummary({ results: { run: runName(run), shards: 2 } }));
    await stores.results.putShard(run, 0, [aResultLine()]);

    const response = await send('GET', path);

    await expect(response.text()).rejects.toThrow('shard 1 is missing');
  });

  it('are not there of a region that was not inspected, or that the config does not have', async () => {
    const { send } = await anApi(CONFIGS);

    const waiting = await send('GET', path);
    const unknown = await send('GET', path.replace('eu-west-1', 'eu-west-2'));
    const unnamed = await send('GET', '/tenants/acme/results?provider=aws');

    expect([waiting, unknown, unnamed].map(({ status }) => status)).toEqual([404, 404, 400]);
    expect(await waiting.json()).toMatchObject({ detail: 'There are no results of it: it was not inspected yet.' });
  });
});
