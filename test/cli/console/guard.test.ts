import { describe, expect, it } from 'vitest';
import { createGuard } from '../../../cli/console/guard.ts';

const PORT = 4127;
const HOST = `127.0.0.1:${PORT}`;

function request(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://${HOST}${path}`, { headers: { host: HOST, ...headers } });
}

/** The status with which a request is refused; undefined where it is let in. */
function statusOf(given: Request): number | undefined {
  return createGuard(PORT)(given)?.status;
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
