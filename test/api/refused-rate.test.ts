import { describe, expect, it } from 'vitest';
import { createApi } from '../../api/app.ts';
import { sourceNetwork } from '../../functions/source-network.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';
import { anApi } from './an-api.ts';

/** An API that refuses the token `forged` alone, and how many tokens it has checked. */
async function aGuardedApi() {
  let now = NOON;
  const checked: string[] = [];
  const { ports } = await anApi([aTenantConfig()]);
  const api = createApi(ports, {
    async authenticate({ headers }) {
      const token = headers.get('authorization') ?? '';
      checked.push(token);
      if (token === 'forged') return { kind: 'refused', detail: 'The token is not accepted.' };
      return { kind: 'jwt', name: token, roles: { '*': 'viewer' } };
    },
    addressOf: sourceNetwork,
    clock: () => now,
  });
  const send = async (token: string, sourceIp: string) => {
    const environment = { event: { requestContext: { http: { sourceIp } } } };
    const headers = { Authorization: token };
    return (await api.request('http://plimsoll.example/api/v1/me', { headers }, environment)).status;
  };
  const advance = (ms: number) => {
    now += ms;
  };
  return { send, checked, advance };
}

describe('tokens that are refused', () => {
  it('are no longer checked once an address has sent too many, until some time has passed', async () => {
    const { send, checked, advance } = await aGuardedApi();
    for (let sent = 0; sent < 50; sent++) expect(await send('forged', '203.0.113.7')).toBe(401);

    const more = await send('forged', '203.0.113.7');
    const checkedBefore = checked.length;
    const elsewhere = await send('ada', '203.0.113.8');
    advance(1000);

    expect([more, checkedBefore, elsewhere]).toEqual([429, 50, 200]);
    expect(await send('ada', '203.0.113.7')).toBe(200);
  });

  it.each([
    ['2001:db8:0:1::7', '2001:DB8::1:ffff:0:0:8', 429],
    ['2001:db8:0:1::7', '2001:db8:0:2::7', 401],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.8', 401],
    ['2001:db8::1', '2001:db8::2', 429],
  ])(
    'count by the network of an IPv6 address: after those of %s one of %s is answered %d',
    async (many, one, status) => {
      const { send } = await aGuardedApi();
      for (let sent = 0; sent < 50; sent++) await send('forged', many);

      expect(await send('forged', one)).toBe(status);
    },
  );

  it('are what counts: good ones of one address are limited by their callers alone', async () => {
    const { send } = await aGuardedApi();

    for (let sent = 0; sent < 60; sent++) expect(await send(`caller-${sent}`, '203.0.113.7')).toBe(200);
  });
});
