import { describe, expect, it } from 'vitest';
import { createGuard } from '../../../cli/console/guard.ts';

const PORT = 4127;
const HOST = `127.0.0.1:${PORT}`;

function request(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://${HOST}${path}`, { headers: { host: HOST, ...headers } });
}

/** The status with which a request is refused or sent on; undefined where it is let in. */
function statusOf(given: Request, key?: string): number | undefined {
  return createGuard({ port: PORT, ...(key !== undefined && { key }) })(given)?.status;
}

describe('a page on this machine', () => {
  it.each([HOST, `localhost:${PORT}`])('answers to %s', (host) => {
    expect(statusOf(request('/', { host }))).toBeUndefined();
  });

  it.each(['attacker.example', `attacker.example:${PORT}`, '127.0.0.1', `127.0.0.1:${PORT + 1}`, `[::1]:${PORT}`])(
    'refuses the name %s, which may point here',
    (host) => {
      expect(statusOf(request('/api/v1/me', { host }))).toBe(403);
    },
  );

  it.each(['https://attacker.example', 'null', `http://127.0.0.1:${PORT + 1}`, `https://${HOST}`])(
    'refuses what a page of %s sends',
    (origin) => {
      expect(statusOf(request('/api/v1/me', { origin }))).toBe(403);
    },
  );

  it('takes what its own page sends', () => {
    const origin = `http://${HOST}`;

    expect(statusOf(request('/api/v1/me', { origin, 'sec-fetch-site': 'same-origin' }))).toBeUndefined();
  });

  it('refuses what another page loads or frames, and follows its links', () => {
    const load = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    const frame = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

    expect(statusOf(request('/api/v1/me', load))).toBe(403);
    expect(statusOf(request('/', frame))).toBe(403);
    expect(statusOf(request('/', link))).toBeUndefined();
  });
});

describe('a page with a key', () => {
  const KEY = 'k'.repeat(32);

  it('lets nobody in without it, or with another one', () => {
    expect(statusOf(request('/'), KEY)).toBe(403);
    expect(statusOf(request(`/?key=${'x'.repeat(32)}`), KEY)).toBe(403);
    expect(statusOf(request('/?key='), KEY)).toBe(403);
    expect(statusOf(request('/', { cookie: `plimsoll-${PORT}=other` }), KEY)).toBe(403);
  });

  it('takes it out of the address into a cookie that no script reads and no other page sends', () => {
    const response = createGuard({ port: PORT, key: KEY })(request(`/t/acme/hosts?group=web&key=${KEY}`));

    expect(response?.status).toBe(303);
    expect(response?.headers.get('location')).toBe('/t/acme/hosts?group=web');
    expect(response?.headers.get('set-cookie')).toBe(`plimsoll-${PORT}=${KEY}; HttpOnly; SameSite=Strict; Path=/`);
  });

  it('lets in who has the cookie', () => {
    expect(statusOf(request('/api/v1/me', { cookie: `a=b; plimsoll-${PORT}=${KEY}` }), KEY)).toBeUndefined();
  });
});
