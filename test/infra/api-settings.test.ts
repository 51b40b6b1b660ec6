/** The parameters of the API: what is refused before anything is deployed, and what `off` leaves. */
import { describe, expect, it } from 'vitest';
import { describeApi } from '../../infra/api.js';
import { readSettings } from '../../infra/api-settings.js';

const ENTRY = { issuer: 'https://login.example.com/acme', clientId: 'console', tenants: ['acme'] };

/** Resolves `param:name, 'fallback'` as osls does. */
function settingsOf(given: Readonly<Record<string, string>>) {
  return readSettings(async (variable) => {
    const [, name = '', fallback] = /^param:(\w+), '(.*)'$/.exec(variable) ?? [];
    return given[name] ?? fallback;
  });
}

const ofIssuers = (value: unknown) => settingsOf({ apiIssuers: JSON.stringify(value) });

describe('the parameters of the API', () => {
  it('let it answer whom IAM allows, and nobody else, where none is given', async () => {
    expect(await settingsOf({})).toEqual({
      isOn: true,
      issuers: '[]',
      throttling: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });

  it('list issuers as they are given', async () => {
    const { issuers } = await ofIssuers([ENTRY]);

    expect(JSON.parse(issuers)).toEqual([ENTRY]);
  });

  it.each([
    ['no list', ENTRY, 'must be a list'],
    ['an issuer without TLS', [{ ...ENTRY, issuer: 'http://127.0.0.1:8080' }], 'is called without TLS'],
    ['an issuer that is no address', [{ ...ENTRY, issuer: 'entra' }], '[0].issuer: must'],
    ['an issuer with a query', [{ ...ENTRY, issuer: `${ENTRY.issuer}?a=b` }], 'must have no user, query or fragment'],
    ['an issuer twice', [ENTRY, ENTRY], 'has an issuer twice'],
    ['an issuer that is bound to no tenant', [{ ...ENTRY, tenants: [] }], 'tenants'],
    ['an issuer that is not bound', [{ issuer: ENTRY.issuer, clientId: 'console' }], 'tenants'],
    ['an unknown field', [{ ...ENTRY, secret: 'x' }], 'secret: unknown field'],
    ['an origin with a path', [{ ...ENTRY, origins: ['https://signin.example.com/path'] }], 'must be an origin'],
    ['more than the environment of a function holds', [{ ...ENTRY, name: 'x'.repeat(2500) }], 'of 2500 characters'],
  ])('refuse %s', async (_, issuers, message) => {
    await expect(ofIssuers(issuers)).rejects.toThrow(message);
  });

  it.each([
    [{ apiIssuers: '[' }, 'it is no JSON'],
    [{ api: 'no' }, 'has to be on or off'],
    [{ apiThrottleRate: '0' }, 'apiThrottleRate is "0"'],
    [{ apiThrottleBurst: '1e9' }, 'apiThrottleBurst is "1e9"'],
  ])('refuse %j', async (given, message) => {
    await expect(settingsOf(given)).rejects.toThrow(message);
  });
});

describe('an API that is off', () => {
  it('has no route and no address of its own, and keeps what alarms and outputs name', async () => {
    const on = describeApi(await settingsOf({})).resources.Resources;
    const off = describeApi(await settingsOf({ api: 'off' })).resources.Resources;

    expect(Object.keys(on).filter((id) => !Object.hasOwn(off, id))).toEqual(['ApiRoute', 'ApiIamRoute']);
    expect(off.Api.Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(on.Api.Properties.DisableExecuteApiEndpoint).toBe(false);
  });
});
